#include "volatility/nearest_correlation.h"

#include <algorithm>
#include <cmath>

#include "volatility/covariance.h"
#include "volatility/eigen.h"
#include "volatility/series.h"

namespace margrave {
namespace {

Result<void> check_input(const SymmetricMatrix& matrix, double floor) {
  TRY_VOID(check_series(matrix.cells, "correlations", 1));
  return check_range(floor, "floor", 0, 1 - 1e-9);
}

SymmetricMatrix raised(const SymmetricMatrix& matrix, double floor) {
  const EigenSystem system = eigen_system(matrix);
  if (system.values.back() >= floor) return matrix;
  std::vector<double> values = system.values;
  for (double& value : values) value = std::max(value, floor);
  return compose(system, values);
}

/// Scaling the diagonal back to 1 can lower the smallest eigenvalue again, and mixing with the identity raises it: with
/// weight w every eigenvalue becomes (1 - w) value + w.
SymmetricMatrix clipped(const SymmetricMatrix& matrix, double floor) {
  SymmetricMatrix result = correlation_of(raised(matrix, floor));
  const double lowest = eigen_system(result).values.back();
  if (lowest >= floor || lowest >= 1) return result;
  const double weight = (floor - lowest) / (1 - lowest);
  for (std::size_t i = 0; i < result.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) result.set(i, j, (1 - weight) * result(i, j));
  }
  return result;
}

double largest_difference(const SymmetricMatrix& a, const SymmetricMatrix& b) {
  double largest = 0;
  for (std::size_t k = 0; k < a.cells.size(); ++k) largest = std::max(largest, std::abs(a.cells[k] - b.cells[k]));
  return largest;
}

}  // namespace

Result<SymmetricMatrix> nearest_correlation(const SymmetricMatrix& matrix, double floor) {
  TRY_VOID(check_input(matrix, floor));
  SymmetricMatrix y = matrix, correction(matrix.size);
  for (int i = 0; i < 2000; ++i) {
    SymmetricMatrix lifted = y;
    for (std::size_t k = 0; k < lifted.cells.size(); ++k) lifted.cells[k] -= correction.cells[k];
    const SymmetricMatrix x = raised(lifted, floor);
    for (std::size_t k = 0; k < x.cells.size(); ++k) correction.cells[k] = x.cells[k] - lifted.cells[k];
    SymmetricMatrix next = x;
    for (std::size_t k = 0; k < next.size; ++k) next.set(k, k, 1);
    const double moved = std::max(largest_difference(next, y), largest_difference(next, x));
    y = std::move(next);
    if (moved < 1e-13) break;
  }
  return clipped(y, floor);
}

Result<SymmetricMatrix> clip_eigenvalues(const SymmetricMatrix& matrix, double floor) {
  TRY_VOID(check_input(matrix, floor));
  return clipped(matrix, floor);
}

}  // namespace margrave
