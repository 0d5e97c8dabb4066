#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "volatility/symmetric_matrix.h"

namespace margrave {

/// A symmetric matrix A = V diag(values) V', kept so that f(A) x costs O(size^2): V is never written out, only the
/// reflections and rotations that make it.
///
/// Same bits on every machine; the order of the values is that in which they were found, not falling.
/// Entries must be finite (CHECK). Source: Golub and Van Loan, 8.3.1 (Householder) and 8.3.3 (implicit shifts).
class Spectrum {
 public:
  explicit Spectrum(const SymmetricMatrix& matrix);

  const std::vector<double>& values() const { return diagonal_; }
  /// V diag(factors) V' x. Shapes: factors[size] in the order of values(), x[size] -> [size].
  std::vector<double> times(std::span<const double> factors, std::span<const double> x) const;

 private:
  struct Rotation {
    std::size_t at{0};  ///< rows at and at + 1
    double cosine{1}, sine{0};
  };
  void reflect(SymmetricMatrix& matrix);
  void rotate_to_diagonal();
  std::size_t end_of_block(std::size_t begin) const;
  void rotate_block(std::size_t begin, std::size_t end);

  std::size_t size_;
  double norm_{0};                         ///< largest absolute entry
  std::vector<double> reflections_;        ///< the k-th of length size - 1 - k, scaled so that H = I - v v'
  std::vector<double> diagonal_, beside_;  ///< of the tridiagonal matrix; beside_[i] is (i, i + 1)
  std::vector<Rotation> rotations_;
};

}  // namespace margrave
