#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// How correlations are estimated from returns that have been divided by their volatility.
struct CorrelationRule {
  double decay{0.99};  ///< of products of returns, per step
  double shrink{0.1};  ///< weight of the mean correlation, of all pairs, in each
};

/// Exponentially weighted correlations of n series that need not all be there in every step:
///
///     S_ij = decay S_ij + (1 - decay) z_i z_j      in steps that have both; m_ij likewise from ones
///     r_ij = (S_ij / m_ij) / sqrt(S_ii / m_ii  S_jj / m_jj), within [-1, 1]
///     c_ij = w r_ij + (1 - w) mean,  w = (1 - shrink) m_ij
///
/// mean is that of all r_ij weighed by m_ij, at least -1/(n - 1), 0 where no pair has been seen: a series that begins
/// later starts at what is usual. Without gaps c is positive semidefinite; with gaps it may miss that by a little.
/// O(n^2) per step. Same bits on every machine.
/// Source: Engle, "Dynamic conditional correlation" (2002), eqs. 18 and 26 (integrated form); the target: Ledoit and
/// Wolf, "Honey, I shrunk the sample covariance matrix" (2004).
class EwmaCorrelation {
 public:
  /// Errors: decay outside [0, 1), shrink outside [0, 1].
  static Result<EwmaCorrelation> start(const CorrelationRule& rule, std::size_t size);

  /// z[n] of one step, NaN where a series has none. Errors: another length, an infinite value; the state is unchanged.
  Result<void> update(std::span<const double> z);
  /// The matrix c of some series, in the order they are named.
  SymmetricMatrix correlation(std::span<const std::size_t> of) const;

 private:
  EwmaCorrelation(const CorrelationRule& rule, std::size_t size);
  double raw(std::size_t i, std::size_t j, std::span<const double> scale) const;

  CorrelationRule rule_;
  SymmetricMatrix products_, masses_;
};

}  // namespace margrave
