#pragma once

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// Joint returns of one step drawn from what was estimated of the past, at the volatility and the correlation of now.
/// docs/methods/scenarios.md
///
/// With z a coin's log returns over their volatility of the day (standard_returns()):
///   - jumps: dates on which Lee and Mykland's test over 90 steps finds one. A date is common when at least two coins,
///     and half of those with a return, jump on it. With the share of common dates as probability a scenario takes the
///     z of one of them for all coins that have one; otherwise each coin takes one of its own jumps with the share of
///     those. (A Poisson rate of -ln(1 - share) a step, of which one jump at most is drawn.)
///   - the rest: a t copula with the correlation of now (EwmaCorrelation of z without jumps, eigenvalues at least
///     floor) and nu by maximum likelihood on the dates that all coins have, over each coin's distribution of z without
///     jumps, as recorded or with Pareto tails beyond 5 % on each side.
/// A coin's price is multiplied by exp(z sigma), within 0.01 and 101. Scenarios 2 k and 2 k + 1 are antithetic in the
/// copula and have the same jumps; with points: sobol each has its own. Every scenario is a function of the seed and
/// its number alone; what was estimated is in the set's findings. Nothing after as_of is seen. Errors: those of
/// standard_returns(); nu not given and fewer than 100 dates that all coins have; those of the tails.
Result<ScenarioSet> monte_carlo_scenarios(const ScenarioSpec& spec, const MonteCarloSpec& drawn, const Market& market,
                                          const std::vector<Bars>& bars);

}  // namespace margrave
