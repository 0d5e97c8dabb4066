#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// A value of a series and the instant from which it was known, which is later than the day that it is of.
struct KnownValue {
  std::int64_t known_ms{0};
  double value{0};
};

/// A macro series as it was known at any instant: the last value that was known is carried, over weekends too, and
/// nothing that became known later is seen.
class KnownSeries {
 public:
  /// Errors: a value that is not finite; times that do not rise.
  static Result<KnownSeries> from(std::vector<KnownValue> values);

  /// How many values were known at an instant (known_ms <= at_ms).
  std::size_t known_at(std::int64_t at_ms) const;
  /// The last of them. Not a number where none was.
  double value_at(std::int64_t at_ms) const;
  std::span<const KnownValue> values() const { return values_; }

 private:
  explicit KnownSeries(std::vector<KnownValue> values) : values_(std::move(values)) {}
  std::vector<KnownValue> values_;
};

/// How a change is measured against what changes usually are. Counted in values: business days, or weeks.
struct ChangeRule {
  std::size_t over{20};       ///< the change is from so many values back
  std::size_t trailing{250};  ///< of such changes, whose root mean square is the unit
};

/// The last known change over its usual size, at an instant: (v_n - v_(n-over)) / rms of the last `trailing` such
/// changes. Not a number before over + trailing values are known, or where nothing ever changed.
double standard_change(const KnownSeries& series, const ChangeRule& rule, std::int64_t at_ms);

/// The series that the states are made of. None is fitted to crypto: thresholds are those of rare weeks.
struct MacroSeries {
  KnownSeries vix, dollar, stress;   ///< daily, daily, weekly
  KnownSeries two_years, ten_years;  ///< yields
};
struct MacroRule {
  ChangeRule daily{20, 250}, weekly{4, 52};
  double contracts_from{1.0};  ///< mean of the standard changes of vix, dollar and stress
  double shifts_from{2.0};     ///< the larger standard change of either yield, up or down
};
struct MacroState {
  bool liquidity_contracts{false}, rates_shift{false};
};

/// What was known at an instant. A series that says nothing yet counts as no change.
MacroState macro_state(const MacroSeries& series, const MacroRule& rule, std::int64_t at_ms);

/// The weight of the worst times in a margin's base: `base`, and half of the way to `most` for each state that holds.
double stress_weight(const MacroState& state, double base, double most);

/// Correlation and slope of y on x about zero over the last `count` pairs up to each: not a number where there are
/// fewer, or where x or y does not move. Shapes: x[n], y[n] -> n of each.
struct RollingBeta {
  std::vector<double> correlation, beta;
};
RollingBeta rolling_beta(std::span<const double> x, std::span<const double> y, std::size_t count);

}  // namespace margrave
