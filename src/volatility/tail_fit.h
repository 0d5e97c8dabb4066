#pragma once

#include <span>

#include "base/result.h"
#include "volatility/student_t.h"

namespace margrave {

/// Losses beyond a threshold: P(X - threshold > x | X > threshold) = (1 + shape x / scale)^(-1/shape), the generalised
/// Pareto distribution (exponential for shape 0). shape > 0: tail index 1/shape.
struct ParetoTail {
  double threshold{0}, scale{1}, shape{0};
  double exceedance{0};  ///< share of all observations beyond the threshold
};

struct ParetoFit {
  ParetoTail tail;
  double scale_error{0}, shape_error{0};  ///< from the inverse Hessian; NaN on a bound
  double log_likelihood{0};
  std::size_t count{0};  ///< exceedances
  bool converged{false};
};

/// Probability-weighted moments of the exceedances: no iteration, good in small samples, shape below 1 (its standard
/// errors below 1/2). losses[n] in any order; those above the threshold count, at least 10.
/// Errors: gaps, too few exceedances. Source: Hosking and Wallis (1987), plotting positions (i - 0.35)/n.
Result<ParetoTail> pareto_tail_by_moments(std::span<const double> losses, double threshold);

/// Maximum likelihood from the moments' start, shape in [-0.5, 5]. Errors: as above. Source: Smith (1987).
Result<ParetoFit> fit_pareto_tail(std::span<const double> losses, double threshold);

/// The threshold that leaves `share` of the losses above it: the k-th largest, k = floor(share n) + 1.
/// Errors: gaps; share outside (0, 0.5]; fewer than 10 losses above.
Result<double> tail_threshold(std::span<const double> losses, double share);

/// Value at risk and expected shortfall of a tail probability at or below the exceedance; es is infinite for shape
/// >= 1. Source: McNeil, Frey and Embrechts (2015), eqs. 5.18 and 5.20. CHECK: 0 < probability <= exceedance.
TailLoss pareto_tail_loss(const ParetoTail& tail, double probability);

/// Hill's estimate of the tail index alpha from the k largest of the losses: k / sum ln(x_i / x_(k+1)), standard error
/// alpha / sqrt(k). Errors: gaps; k < 1 or k >= n; x_(k+1) <= 0. Source: Hill (1975).
struct HillEstimate {
  double alpha{0}, error{0};
};
Result<HillEstimate> hill_tail_index(std::span<const double> losses, std::size_t k);

}  // namespace margrave
