#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Whether each loss is above the value at risk of the losses before it: 1 where losses[t] exceeds the rank-th largest
/// of losses[t - window .. t - 1], which is so when fewer than `rank` of them are at or above it. No window is sorted:
/// those above a cut are kept, and the window is looked at again when fewer than `rank` of them are left.
///
/// Shapes:  losses[n] -> n - window flags, the first of losses[window]; none when n <= window.
/// Errors:  rank 0 or above the window; a loss that is not a finite number.
/// Source:  the order statistic's definition; docs/methods/coverage_tests.md
Result<std::vector<std::uint8_t>> rolling_breaches(std::span<const double> losses, std::size_t window,
                                                   std::size_t rank);

}  // namespace margrave
