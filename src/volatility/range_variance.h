#pragma once

#include <span>

#include "base/result.h"

namespace margrave {

/// One bar's prices, > 0, low <= open, close <= high.
struct PriceRange {
  double open{0}, high{0}, low{0}, close{0};
};

/// Errors: a price that is not finite and above 0; open or close outside low and high.
Result<void> check_range_prices(const PriceRange& range);

/// (ln H/L)^2 / (4 ln 2): variance of the bar's log return if the price has no drift and no jumps. Five times as
/// efficient as the squared return. Source: Parkinson (1980).
Result<double> parkinson_variance(const PriceRange& range);

/// (ln H/L)^2 / 2 - (2 ln 2 - 1) (ln C/O)^2. Source: Garman and Klass (1980), the practical form of their eq. 19.
/// May be below zero only through rounding, then 0.
Result<double> garman_klass_variance(const PriceRange& range);

/// Takes each wick beyond the bar's body back to `cap` in logarithm (0.15, say): one bad
/// print then moves a range estimate by a bounded amount. Errors: check_range_prices; cap below 0.
Result<PriceRange> cap_wicks(const PriceRange& range, double cap);

/// Shapes: ranges[n] -> out[n]. The bits are the scalar forms'. Errors: the first bad bar, by its index.
Result<void> parkinson_variances(std::span<const PriceRange> ranges, std::span<double> out);
Result<void> garman_klass_variances(std::span<const PriceRange> ranges, std::span<double> out);

}  // namespace margrave
