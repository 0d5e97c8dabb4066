#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// Covariance about zero of n series that need not all be there on every date:
///
///     s_ii = sum w_t r_i^2 / sum w_t over the dates that i has
///     s_ij = sqrt(s_ii s_jj) sum w_t r_i r_j / sqrt(sum w_t r_i^2 sum w_t r_j^2) over the dates that both have
///     w_t = decay^(T - t)
///
/// Without gaps it is sum w_t r r' / sum w_t: decay 1 weighs all dates alike, 0.94 is RiskMetrics' from as many dates.
/// With gaps, or with more series than dates, eigenvalues of the correlation below 1e-9 are raised to it. Series that
/// never move, or have no date in common, have covariance 0. O(n^2 T); same bits on every machine.
///
/// Shapes: returns[n][T], NaN where a series has none. Errors: decay outside (0, 1]; lengths that differ; an infinite
/// return.
/// Source: J.P. Morgan/Reuters, RiskMetrics Technical Document (1996), eqs. 5.4 to 5.6.
Result<SymmetricMatrix> weighted_covariance(std::span<const std::vector<double>> returns, double decay);

}  // namespace margrave
