#pragma once

#include <span>

#include "volatility/garch.h"

namespace margrave {

/// What stands for the squared residual and the variance before the first return.
enum class Presample : unsigned char {
  mean_square,  ///< mean of (r - mean)^2 at the mean of the parameters: Bollerslev and Ghysels (1996), rugarch
  backcast,     ///< backcast() about the mean of the parameters: RiskMetrics weights over the first 75 returns
};

double presample_variance(Presample rule, std::span<const double> returns, double mean);

/// Log-likelihoods, with all constants, of many parameter sets in one pass over the data.
///
/// Shapes:  returns[n], sets[m] -> out[m]; n >= 1, m >= 0.
/// Edges:   a set under which a variance leaves 1e-100 to 1e150 gives NaN. Parameters are not checked
/// otherwise. Bits:    out[i] depends on sets[i] and returns alone, on every machine and instruction set. Source:
/// Bollerslev (1986), eq. 18; Bollerslev (1987), eq. 1 for the t scaled to variance 1.
void garch_log_likelihoods(std::span<const double> returns, Presample rule, std::span<const GarchParameters> sets,
                           std::span<double> out);

/// The n terms of one set's log-likelihood; their sum is garch_log_likelihoods' up to rounding.
void garch_log_likelihood_terms(std::span<const double> returns, Presample rule, const GarchParameters& set,
                                std::span<double> out);

}  // namespace margrave
