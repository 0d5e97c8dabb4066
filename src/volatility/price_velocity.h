#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Log moves of the last 1, 5 and 60 minutes, each in units of what current volatility leads one to expect:
/// ln(p / p_k minutes ago) / sqrt(k v), v the variance per minute. NaN before there are k minutes, or with v = 0.
struct Velocity {
  double one{std::numeric_limits<double>::quiet_NaN()}, five{one}, sixty{one};
};

/// A stream of one price per minute, O(1). Same bits on every machine.
class PriceVelocity {
 public:
  /// `minute` counts up by one, from any number; `variance` is per minute, >= 0, as known before this price (an
  /// EwmaVariance of the minutes before), so that a move does not judge itself.
  /// Errors: a minute that does not follow the last one; a price not finite and above 0. The state is then unchanged.
  Result<Velocity> update(std::int64_t minute, double price, double variance);

 private:
  std::array<double, 64> logs_{};
  std::int64_t last_{0}, count_{0};
};

/// prices[n], variances[n] -> n velocities of minutes in a row; the bits are PriceVelocity's.
Result<std::vector<Velocity>> price_velocities(std::span<const double> prices, std::span<const double> variances);

}  // namespace margrave
