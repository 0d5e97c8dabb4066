#pragma once

#include <span>

#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// Exponentially weighted covariance of n series: C = d C + (1 - d) r r', zero mean. One decay for all entries keeps it
/// positive semidefinite. O(n^2) per step. Same bits on every machine.
/// Source: J.P. Morgan/Reuters, RiskMetrics Technical Document (1996), eq. 5.6.
class EwmaCovariance {
 public:
  /// Errors: decay outside [0, 1]; a start with an entry that is not finite or a negative variance.
  static Result<EwmaCovariance> start(double decay, const SymmetricMatrix& covariance);

  /// returns[n] of one step. Errors: a length other than n; a gap. The state is then unchanged.
  Result<void> update(std::span<const double> returns);
  SymmetricMatrix covariance() const;

 private:
  EwmaCovariance(double decay, const SymmetricMatrix& covariance) : decay_(decay), covariance_(covariance) {}
  double decay_;
  SymmetricMatrix covariance_;  ///< the lower triangle counts
};

/// The covariance after all rows: returns[steps * n], row by row. The bits are EwmaCovariance's.
Result<SymmetricMatrix> ewma_covariance(double decay, const SymmetricMatrix& start, std::span<const double> returns);

/// Sample covariance about the sample means, divided by the number of rows. returns[steps * columns], steps >= 2.
/// Errors: too few rows, a gap, a number of cells that is no multiple of columns.
Result<SymmetricMatrix> sample_covariance(std::span<const double> returns, std::size_t columns);

/// Correlations of a covariance, within [-1, 1], the diagonal exactly 1; a series without variance has correlation 0
/// with the others.
SymmetricMatrix correlation_of(const SymmetricMatrix& covariance);

}  // namespace margrave
