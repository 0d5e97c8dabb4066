#pragma once

#include <vector>

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// A coin's variance over one step, by step: the sum over its bars of Parkinson's estimate, from the first file that
/// has all of them; `absent` where none has. Wicks beyond a bar's body are capped in logarithm.
/// Shapes: ends[n] (milliseconds since 1970 at which the steps end) -> n variances of the log return over a step.
std::vector<double> step_variances(const std::vector<const Bars*>& files, const std::vector<std::int64_t>& ends,
                                   std::int64_t step_ms, double wick_cap);

/// At or below it a coin has not moved, and a return over its root says nothing.
inline constexpr double least_step_variance = 1e-30;

/// The variance of each step as it was known when the step began, exponentially weighted over those before, and the one
/// that is known now. It starts at the mean of the first 30 variances above 0; a step without one leaves it where it
/// is. With fewer than two above 0 nothing is known, and all are 1.
struct KnownVariances {
  std::vector<double> before;
  double now{1};
};
/// Shapes: variances[n] -> before[n]. The decay is in [0, 1).
KnownVariances known_variances(const std::vector<double>& variances, double decay);

/// What each return is multiplied by so that it has today's volatility: clip(sigma now / sigma of its day), both
/// exponentially weighted over the variances known before. A step without a variance leaves sigma where it is. 1
/// throughout where fewer than two steps have a variance above 0.
/// Shapes: variances[n] -> n factors. Source: Barone-Adesi, Giannopoulos, Vosper, "VaR without correlations for
/// portfolios of derivative securities" (1999); Hull, White, "Incorporating volatility updating" (1998).
std::vector<double> filter_factors(const std::vector<double>& variances, const FilterSpec& filter);
/// The same where the variances are known already.
std::vector<double> volatility_ratios(const KnownVariances& known, const FilterSpec& filter);

}  // namespace margrave
