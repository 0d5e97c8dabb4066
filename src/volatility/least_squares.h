#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

struct LinearFit {
  double constant{0};
  std::vector<double> slopes;
  double r_squared{0};           ///< share of the targets' variance explained
  double residual_deviation{0};  ///< root of the residuals' sum of squares over n - columns - 1
  std::vector<double> residuals;
};

/// Regression of targets on the columns of a matrix and a constant, by Cholesky on standardised columns.
///
/// Shapes:  cells[n * columns], row by row; targets[n]; n > columns + 1, columns >= 1.
/// ridge:   >= 0, added to the columns' correlation matrix: (X'X + ridge n diag(var x))^-1 X'y; 0 is least squares.
/// Errors:  too few rows, a number that is not finite, columns that depend on each other (ridge 0).
Result<LinearFit> least_squares(std::span<const double> cells, std::span<const double> targets, std::size_t columns,
                                double ridge = 0);

}  // namespace margrave
