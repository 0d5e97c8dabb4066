#pragma once

#include <cstdint>
#include <vector>

#include "market/bars.h"

namespace margrave {

/// An asset's past in windows of one length that do not overlap, by window: when it ends (milliseconds since 1970, a
/// multiple of the length), the log return over it and the variance of its ranges. `absent` where no file has what it
/// takes.
struct PriceWindows {
  std::vector<std::int64_t> end_ms;
  std::vector<double> log_return, variance;
};

/// The close that stands exactly at an instant, or `absent`.
double close_at(const Bars& bars, std::int64_t at_ms);

/// The relative return over (at - step, at] from the first file that has closes at both ends, or `absent`.
double return_at(const std::vector<const Bars*>& files, std::int64_t at_ms, std::int64_t step_ms);

/// The windows that end in (from, to]. A window's return and variance come from one file: the first that has closes at
/// both its ends (its variance only if that file has every bar of it). Wicks are capped as in step_variances().
PriceWindows price_windows(const std::vector<const Bars*>& files, std::int64_t length_ms, std::int64_t from_ms,
                           std::int64_t to_ms, double wick_cap);

}  // namespace margrave
