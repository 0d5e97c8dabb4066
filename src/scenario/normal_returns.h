#pragma once

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// Joint returns that are normal about zero with the covariance of a window of returns, all dates alike or fading:
/// value at risk over them is the normal, or covariance, value at risk. docs/methods/scenarios.md#normal-returns
///
///     price multiplier of coin i in scenario s = max(0.01, 1 + x_i(s)),    x ~ N(0, S),  S = weighted_covariance()
///
/// of relative returns over the horizon, not of logarithms, so that what a linear book d (in dollars by coin) loses is
/// normal and its value at risk z sqrt(d' S d), up to what points of this count can say. A coin with returns on fewer
/// than least_share of the dates, or fewer than 100, is uncovered; dollars stay. Scenario s is a function of the seed
/// and s alone. Nothing after as_of is seen.
/// Errors: those of joint_returns(); no coin that contracts are listed on has enough returns; more coins than Sobol
/// points have coordinates.
/// Source: J.P. Morgan/Reuters, RiskMetrics Technical Document (1996), section 1.2 (delta-normal value at risk).
Result<ScenarioSet> normal_scenarios(const ScenarioSpec& spec, const NormalSpec& normal, const Market& market,
                                     const std::vector<Bars>& bars);

}  // namespace margrave
