#pragma once

#include <optional>

#include "document/cursor.h"
#include "volatility/t_copula_sampler.h"

namespace margrave {

/// Joint returns drawn from what was estimated of the past. monte_carlo.h
struct MonteCarloSpec {
  std::int64_t window_days{1000};
  std::int64_t step_seconds{8 * 3600};
  Decimal least_share{5, 1};  ///< a coin with returns on a smaller share of the dates counts as uncovered
  std::size_t count{10000};   ///< of scenarios, even
  std::uint64_t seed{1};
  Points points{Points::philox};
  double decay{0.99};        ///< of the variance, per step
  double wick_cap{0.15};     ///< of a bar beyond its body, in logarithm
  bool pareto_tails{false};  ///< beyond the worst and the best 5 % of each coin's returns
  std::optional<double> nu;  ///< degrees of freedom of the copula; estimated where not given
  double correlation_decay{0.99}, shrink{0.1}, floor{0.01};
  bool jumps{true};          ///< taken out of the returns and drawn by themselves
  double false_alarm{0.01};  ///< of the test for jumps
};

/// The keys of a set of kind monte_carlo but horizon. Errors name file, line, field and remedy.
Result<MonteCarloSpec> read_monte_carlo(const Cursor& at);

}  // namespace margrave
