#pragma once

#include "study/block_bootstrap.h"
#include "study/linear_study.h"

namespace margrave {

/// One model of some walks.
struct StudiedModel {
  const std::vector<StudiedSeries>& series;
  WalkModel model{WalkModel::reactive};
};

/// Two models at one cost.
struct EqualCost {
  double scale{1};  ///< what the first model's margins are multiplied by
  double cost{1};   ///< mean margin of the first, so scaled, over that of the second, in the span compared
  std::size_t breaches{0}, other_breaches{0};
  BootstrapDifference uncovered;  ///< of uncovered losses, first less second
};

/// Uncovered losses of the first model against those of the second, all series together, the first model scaled to the
/// second's mean margin by a constant that is fixed on `chosen_on`.
///
/// Shapes:  both of the same series and windows.
/// Errors:  series that differ; no window in either span; those of the bootstrap.
/// Source:  rule M5 and row 7 of the goals: docs/evidence/linear-books.md.
Result<EqualCost> compare_at_equal_cost(const StudiedModel& first, const StudiedModel& second,
                                        const StudySpan& chosen_on, const StudySpan& span,
                                        const Simulation& simulation);

}  // namespace margrave
