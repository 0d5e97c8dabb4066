#pragma once

#include <span>

#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// What a sample covariance is pulled toward.
enum class ShrinkageTarget : unsigned char {
  identity,              ///< the mean variance on the diagonal: Ledoit and Wolf (2004), J. Multivariate Analysis 88
  constant_correlation,  ///< own variances, one correlation, the sample's mean: Ledoit and Wolf (2004), "Honey"
};

struct ShrunkCovariance {
  SymmetricMatrix covariance;
  double intensity{0};  ///< in [0, 1]: the weight of the target, estimated
};

/// Ledoit-Wolf shrinkage: intensity target + (1 - intensity) sample, positive definite where the intensity and the
/// target's variances are above 0, even with more columns than rows.
///
/// Shapes:  returns[rows * columns], row by row; rows >= 2. Means are taken off.
/// Errors:  sample_covariance's; a series that does not vary.
/// Cost:    O(rows columns^2).
Result<ShrunkCovariance> shrink_covariance(ShrinkageTarget target, std::span<const double> returns,
                                           std::size_t columns);

}  // namespace margrave
