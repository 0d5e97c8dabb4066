#pragma once

#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// Repairs of a symmetric matrix that should be a correlation but has eigenvalues below zero: pairwise estimates,
/// stressed entries, estimates on different days. Both give 1 on the diagonal, entries within [-1, 1] and no eigenvalue
/// below `floor` up to 1e-12. Deterministic: Jacobi rotations in a fixed order.
/// Errors: an entry that is not finite; floor outside [0, 1).

/// The nearest such matrix in the Frobenius norm: alternating projections with Dykstra's correction; at most 2,000 of
/// them, then what is left below the floor is clipped. Source: Higham (2002), algorithm 3.3.
Result<SymmetricMatrix> nearest_correlation(const SymmetricMatrix& matrix, double floor = 0);

/// Eigenvalues below the floor are raised and the diagonal scaled back to 1: one decomposition, a little further away.
/// Source: Rousseeuw and Molenberghs (1993), the eigenvalue method.
Result<SymmetricMatrix> clip_eigenvalues(const SymmetricMatrix& matrix, double floor = 0);

}  // namespace margrave
