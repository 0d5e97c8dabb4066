#pragma once

#include <limits>
#include <optional>
#include <span>

namespace margrave {

/// What a coin that promises to be worth something else loses when it is not.
struct DepegRules {
  double tolerance{0.01};  ///< deviation below which nothing is taken
  double factor{4};        ///< of what the last 24 hours went beyond it: a venue's published factor
  std::size_t window{90};  ///< steps, of the worst deviation that counts once, and of the usual ratio
};

/// How far below its promise a coin has been.
struct Deviation {
  double last_day{0}, window{0};  ///< shares, 0 or more
};

/// least[n], last[n]: PegSteps up to now, the last entry is now. The promise is `ratio` coins of what is followed, one
/// dollar for a dollar token; without it the usual one, the median of the closes of the window (a wrapped coin whose
/// rate grows). Nothing known, no deviation. Steps without a price are passed over.
Deviation deviation_of(const DepegRules& rules, std::span<const double> least, std::span<const double> last,
                       std::optional<double> ratio);

/// The depeg part: max(factor (last_day - tolerance), window - tolerance, 0) + (1 - confidence), at most 1. Confidence,
/// in [0, 1], is how far the price itself is trusted.
double depeg_part(const DepegRules& rules, const Deviation& deviation, double confidence);

}  // namespace margrave
