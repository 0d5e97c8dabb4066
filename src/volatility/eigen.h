#pragma once

#include <vector>

#include "volatility/symmetric_matrix.h"

namespace margrave {

/// matrix = sum of values[k] v_k v_k', the values falling, v_k = vectors[k * size .. (k + 1) * size) of length 1.
struct EigenSystem {
  std::vector<double> values, vectors;
};

/// Cyclic Jacobi rotations in a fixed order until the off-diagonal part is below 1e-15 of the whole: same bits on every
/// machine, O(size^3) a sweep, 6 to 10 sweeps. Entries must be finite (CHECK). Source: Golub and Van Loan, 8.5.
EigenSystem eigen_system(const SymmetricMatrix& matrix);

/// The matrix of an eigensystem with these values in place of its own; values[size].
SymmetricMatrix compose(const EigenSystem& system, const std::vector<double>& values);

}  // namespace margrave
