#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Observations of all series together, in any order. Those of one calendar block belong together: assets fall
/// together, and volatility lasts, so an observation alone is no independent draw.
struct DatedPairs {
  std::span<const double> first, second;  ///< paired values, any unit
  std::span<const std::int64_t> day;      ///< calendar day of each, counted from anywhere
};

/// One block's share of the sums.
struct BlockSum {
  double count{0};  ///< of observations, > 0
  double first{0}, second{0};
};

/// Sums per block of `days` calendar days, counted from the earliest; blocks without an observation are left out.
///
/// Shapes:  first[n], second[n], day[n] -> at most n blocks.
/// Errors:  different lengths; a number that is not finite; days < 1; blocks over more than a million days.
Result<std::vector<BlockSum>> calendar_blocks(const DatedPairs& pairs, std::int64_t days);

/// Share of losses above their margins over all series, with a standard error that knows of blocks:
/// rate = sum x / sum n, se^2 = B/(B-1) sum (x_b - rate n_b)^2 / (sum n)^2.
struct PooledRate {
  double rate{0};
  double standard_error{0};
  std::size_t blocks{0};
};

/// Pairs: first = losses, second = margins known before them.
/// Errors:  as calendar_blocks; fewer than two blocks.
/// Source:  measurement rule M5; Cochran (1977), Sampling Techniques, eq. 6.13 (a ratio of cluster totals).
Result<PooledRate> pooled_breach_rate(const DatedPairs& pairs, std::int64_t days = 5);

}  // namespace margrave
