#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "study/linear_walk.h"
#include "study/margin_model.h"

namespace margrave {

/// What the fast model asks for over what the slow base does, for one unit of an asset, the larger of both sides.
struct FactorSignals {
  std::vector<std::size_t> at;  ///< how many steps were known, ascending; the last one is all of them
  std::vector<double> signal;
};

/// Signals of every step from spec.first on and of now, each from what was known then: nothing later changes one by a
/// bit.
///
/// Shapes:  log_returns[n], variances[n] -> at most n - first + 1.
/// Edges:   as linear_tails(); nothing where the history is shorter than spec.first.
/// Errors:  as linear_tails().
/// Source:  docs/methods/dynamic_margin.md.
Result<FactorSignals> factor_signals(const WalkSpec& spec, std::span<const double> log_returns,
                                     std::span<const double> variances);

/// The bounded factor after one step.
struct FactorStep {
  std::int64_t at_ms{0};
  double signal{0};
  double initial{1};      ///< for new and larger positions, at once
  double maintenance{1};  ///< for what is held: a rise counts once it has been announced for the notice, a fall at once
};

/// The factor from its first step, before which it is 1. What is in force for maintenance is the least factor announced
/// since `notice_ms` ago, and that of then; so it is never above the initial one.
/// Shapes: at_ms[n] ascending, signals[n]. A signal that is not a number leads back to 1.
std::vector<FactorStep> factor_path(const FactorBounds& bounds, std::span<const std::int64_t> at_ms,
                                    std::span<const double> signals, std::int64_t notice_ms);

}  // namespace margrave
