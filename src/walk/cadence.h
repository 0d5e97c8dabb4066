#pragma once

#include <optional>
#include <vector>

#include "walk/walk_judgement.h"

namespace margrave {

/// How often margins are updated, and how old what they know is.
struct Cadence {
  std::int64_t every_ms{0}, delay_ms{0};
};

/// What a cadence costs and what it leaves uncovered.
struct CadenceRow {
  Cadence cadence;
  std::size_t windows{
      0};  ///< one from every step of the bars, of every book: they overlap, and no test is made of them
  double breach_rate{0};
  double uncovered{0};                ///< mean over windows, in parts of gross
  std::size_t shocks{0}, doubled{0};  ///< breached windows, none within another; those after which it doubled
  std::optional<double> minutes{};    ///< median from a shock's beginning until the margin in force has doubled
  double cpu_ms_per_update{0};        ///< all books together
  double cpu_seconds_per_day{0};
};

/// The walk from which every cadence can be read: an update and a window at every step of the finest bars.
/// Errors: no bars with a step.
Result<BookWalkSpec> cadence_walk(const std::vector<Bars>& bars, BookWalkSpec spec);

/// Reads cadences off that walk: a margin in force at S is the one made at the last multiple of `every`, from the bars
/// that had ended `delay` before. Lengths below the bars' step count as the step: bars tell nothing sooner. The margin
/// is in parts of what the book then was worth. A shock is a window whose loss is above the margin that the walk itself
/// had at its beginning; all cadences are compared over the windows at whose beginning each has a margin; after it the
/// margin has `patience` of five days to double. Errors: an interval that is no multiple of the bars' step.
Result<std::vector<CadenceRow>> judge_cadences(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level,
                                               const std::vector<Cadence>& cadences);

}  // namespace margrave
