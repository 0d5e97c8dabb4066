#pragma once

#include "volatility/garch.h"

namespace margrave {

/// Tail index kappa of returns that follow a GARCH process: P(|r| > x) falls as x^-kappa, where
/// E[((alpha + leverage [z < 0]) z^2 + beta)^(kappa/2)] = 1. A small kappa means that margins proportional to
/// volatility need a larger buffer. z is normal, or Student t with variance 1 when nu is finite; then kappa < nu.
///
/// Accuracy: 1e-9 relative (quadrature by the double exponential rule).
/// Edges:    alpha + leverage = alpha = 0 and beta < 1 give infinity.
/// Errors:   check_parameters; no stationary solution (E ln(alpha z^2 + beta) >= 0).
/// Source:   Kesten (1973), Goldie (1991); Glasserman and Wu (2018).
Result<double> garch_tail_index(const GarchParameters& parameters);

}  // namespace margrave
