#pragma once

#include <optional>
#include <span>
#include <string>

#include "haircut/haircut_walk.h"

namespace margrave {

/// Which of the rates of a moment is meant.
using HaircutRate = double HaircutRates::*;

/// How an asset's haircuts did at one amount, each day at 00:00 UTC.
struct HaircutJudgement {
  std::size_t days{0};
  std::size_t exceeded{0};           ///< days on which fall to the low and exit cost were more: this is what counts
  std::size_t exceeded_at_close{0};  ///< the same to the close at the day's end
  double mean{0};                    ///< haircut
  double uncovered{0};               ///< mean of what losses exceeded it by
  double worst_excess{0};            ///< 0 where none exceeded
  std::int64_t worst_ms{0};          ///< when the haircut of the worst was known
};

/// Errors: none; no days give zeros.
HaircutJudgement judge_haircuts(std::span<const HaircutOutcome> outcomes, HaircutRate rate, std::size_t amount);

/// When a haircut had moved to a multiple of what it was thirty days before an instant: hours before it, if it then
/// stayed there; below zero, hours after it.
struct HaircutLead {
  double before{0}, at{0};        ///< the haircut thirty days before, and the last known at the instant
  std::optional<double> quarter;  ///< since when it was at least 1.25 times that
  std::optional<double> doubled;  ///< and twice
};
/// None where no haircut was known in those thirty days, or never within ten days after.
/// Where none was known thirty days before, the first of those days.
std::optional<HaircutLead> haircut_lead(std::span<const HaircutOutcome> outcomes, HaircutRate rate, std::size_t amount,
                                        std::int64_t at_ms);

}  // namespace margrave
