#pragma once

#include <span>
#include <vector>

#include "study/simulation.h"
#include "study/tail_shape.h"

namespace margrave {

/// n losses and what was forecast of each at the tail probability `tail`.
struct ShortfallForecasts {
  std::span<const double> losses;  ///< mean zero; > 0 is a loss
  std::span<const double> var;     ///< same unit
  std::span<const double> es;      ///< same unit, > 0
  double tail{0.025};
};

/// Acerbi and Szekely's second statistic, 1 - sum of L 1{L > VaR} / (n tail ES): mean 0 if the forecasts are right,
/// negative if they are too small.
///
/// Shapes:  losses[n], var[n], es[n]; n >= 1.
/// Edges:   without a breach it is 1. Source: Acerbi and Szekely (2014), Risk 27(11), eq. 6.
/// Errors:  different lengths; no observation; a number that is not finite; es not above zero; tail outside (0, 1).
Result<double> shortfall_statistic(const ShortfallForecasts& forecasts);

/// The statistic's draws at n observations when the losses have the given shape, ascending. Any forecast scale that is
/// proportional to VaR and ES of the shape, constant or not, gives the same distribution. Only breaches are drawn: the
/// gap before each, and its size by rejection from a Pareto law of 1 + x^2/nu (normal: Marsaglia's tail).
/// Errors: n == 0; draws outside their limits.
Result<std::vector<double>> simulate_shortfall(std::size_t n, const TailShape& shape, const Simulation& simulation);

/// P(statistic <= observed) at this n under a t tail with 4 degrees of freedom: measurement rule M6.
Result<double> shortfall_p(const ShortfallForecasts& forecasts, const Simulation& simulation);

}  // namespace margrave
