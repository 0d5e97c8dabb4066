#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "study/linear_tails.h"

namespace margrave {

/// The models that a walk computes side by side, and their numbers. A step is one window of eight hours, say.
struct WalkSpec {
  double fast{0.94}, slow{0.99};                       ///< decays of the exponentially weighted variance, per step
  double least{1.0 / 3.0}, most{3.0};                  ///< bounds of volatility now over volatility then
  std::size_t window{3000};                            ///< scenarios
  std::size_t first{1000};                             ///< steps of own history before the first margin
  double reactive_weight{0.25}, slow_weight{0.4};      ///< of the worst times, beside the fast and the slow scenarios
  std::size_t stress_count{750}, stress_trailing{90};  ///< the worst times: see docs/methods/revaluation.md
  double floor_share{0.7};                             ///< of the expected shortfall of all history
  double factor_low{1.0}, factor_high{1.5};            ///< bounds of the factor,
  double factor_up{0.25}, factor_down{0.02};           ///< and how far it may rise and fall in a step
  double least_margin{0};                              ///< of all but core and raw, in parts of the entry notional
  bool moves_are_log_returns{true};                    ///< of a price; else a book's profits
};

/// The numbers for windows of a day. What is counted in days of the record stays as long in days: 250 windows of the
/// worst times, a trailing mean over 30, a factor that may rise to (1 + 0.25)^3 and fall to (1 - 0.02)^3 of itself. The
/// decays stay what they are per step: a year of own history before the first margin.
/// Source: chosen on 2020-21, docs/evidence/linear-books.md.
WalkSpec day_walk_spec();

/// The tails that the models are made of. Errors: none; linear_tails() checks the numbers.
TailSpec tail_spec(const WalkSpec& spec);

/// One side of one unit of an asset, by tested step; all in parts of the entry notional.
struct WalkSide {
  std::vector<double> loss;
  std::vector<double> core;      ///< VaR 99 % of the filtered scenarios, fast decay
  std::vector<double> raw;       ///< ES 97.5 % of the same
  std::vector<double> reactive;  ///< raw mixed with that of the worst times
  std::vector<double> slow;      ///< the same with the slow decay and its own weight, not below the floor
  std::vector<double> bounded;   ///< the slow mix times the bounded factor, raw over mix; not below the floor
};
struct Walk {
  std::vector<std::size_t> at;  ///< the tested steps, ascending
  WalkSide long_side, short_side;
};

/// Margins of one unit of an asset, long and short, each step's from what was known when it began: nothing after a step
/// changes its margin by a bit.
///
/// Shapes:  log_returns[n], variances[n].
/// Edges:   a step without its return (not a number) is neither tested nor a scenario; one without a variance leaves
///          volatility where it is.
/// Errors:  different lengths, a return or variance that is infinite, a variance below zero, a spec outside its ranges.
/// Source:  docs/methods/dynamic_margin.md; measurement rules M2, M3, M7 of docs/evidence/linear-books.md.
Result<Walk> walk_linear(const WalkSpec& spec, std::span<const double> log_returns, std::span<const double> variances);

/// The same from tails that are there already. Errors: tails without the spec's decays; a weight outside 0 to 1,
/// reversed bounds.
Result<Walk> walk_from_tails(const WalkSpec& spec, LinearTails tails);

/// The bounded factor after one step: clipped to its bounds, then moved towards at most by the step's limits.
double bounded_factor(const WalkSpec& spec, double before, double signal);

}  // namespace margrave
