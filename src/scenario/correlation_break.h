#pragma once

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// What a change of dependence does at the volatility of now, in few scenarios. docs/methods/scenarios.md
///
/// With z a coin's log return over its volatility of the day, rms its root mean square over the window, sigma its
/// volatility now, and q the confidence-quantile of one side, each correlation c gives
///
///     together, up and down:      every coin   +- sqrt((1 + c) / 2) q(+-z) sigma
///     one coin against the rest:  that coin    +- sqrt((1 - c) / 2) k rms sigma, all others the same the other way,
///                                 k = q(+-x) / rms(x),  x = z / rms - m / rms(m),  m the mean of the others' z / rms
///
/// so the spread of a coin and another of equal rms and sigma moves by k times its deviation under c. Two coins have
/// the second pair once. With least_over a third group takes for c each coin's least trailing correlation with m.
/// Scenarios of no move are left out.
///
/// Coins: all that contracts are listed on, and other assets with bars that are no dollars; those with returns on less
/// than least_share of the dates, or on fewer than 100, are uncovered. Deterministic; nothing after as_of is seen.
/// Errors: those of joint_returns(); no coin that contracts are listed on has enough returns.
Result<ScenarioSet> correlation_break_scenarios(const ScenarioSpec& spec, const CorrelationBreakSpec& parting,
                                                const Market& market, const std::vector<Bars>& bars);

}  // namespace margrave
