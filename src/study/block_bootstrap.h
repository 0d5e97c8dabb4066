#pragma once

#include <cstdint>

#include "study/calendar_blocks.h"
#include "study/simulation.h"

namespace margrave {

/// Is the first of two methods better than the second on the same observations? Values are costs: uncovered losses,
/// breaches (0 or 1), QLIKE.
struct BootstrapDifference {
  double difference{0};    ///< mean of first - second, unit of the values; negative: first is better
  double relative{0};      ///< sum of first / sum of second - 1; -0.08 = 8 % less
  double low{0}, high{0};  ///< of relative: 2.5 % and 97.5 % points of the draws
  double not_better_p{1};  ///< P(relative >= 0) among the draws: small when first is better
  std::size_t blocks{0};
};

/// Resamples whole calendar blocks, with replacement, of all series together. A draw in which second sums to 0 counts
/// as no improvement where first sums to 0 too, and as infinitely worse otherwise.
///
/// Shapes:  pairs of n >= 1 observations, each value >= 0.
/// Errors:  as calendar_blocks; a negative value; second sums to 0; fewer than two blocks; draws outside their limits.
/// Source:  Kuensch (1989), Annals of Statistics 17(3), with fixed blocks (Carlstein 1986); measurement rule M5, row 7.
Result<BootstrapDifference> bootstrap_difference(const DatedPairs& pairs, const Simulation& simulation,
                                                 std::int64_t days = 5);

}  // namespace margrave
