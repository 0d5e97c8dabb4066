#include "volatility/least_squares.h"

#include <cmath>

#include "base/check.h"
#include "volatility/series.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

/// A column with mean 0 and mean square 1; deviation 0 when it does not vary.
struct Standard {
  double center{0}, deviation{0};
  Vector values;
};

Standard standardise(std::span<const double> cells, std::size_t column, std::size_t columns) {
  Standard result;
  for (std::size_t k = column; k < cells.size(); k += columns) result.values.push_back(cells[k]);
  result.center = mean(result.values);
  result.deviation = std::sqrt(mean_square(result.values, result.center));
  for (double& value : result.values) value = (value - result.center) / result.deviation;
  return result;
}

double mean_product(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size());
}

Error dependent() {
  return {.message = "the columns of the regression depend on each other", .remedy = "leave one out or use a ridge"};
}

/// Residuals and what follows from them, for the constant and slopes at hand.
void finish(LinearFit& fit, std::span<const double> cells, std::span<const double> targets) {
  const std::size_t columns = fit.slopes.size();
  double squares = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    double residual = targets[i] - fit.constant;
    for (std::size_t j = 0; j < columns; ++j) residual -= fit.slopes[j] * cells[i * columns + j];
    fit.residuals.push_back(residual);
    squares += residual * residual;
  }
  const auto n = static_cast<double>(targets.size());
  fit.residual_deviation = std::sqrt(squares / (n - static_cast<double>(columns) - 1));
  const double total = n * mean_square(targets, mean(targets));
  fit.r_squared = total > 0 ? 1 - squares / total : 0;
}

}  // namespace

Result<LinearFit> least_squares(std::span<const double> cells, std::span<const double> targets, std::size_t columns,
                                double ridge) {
  CHECK(columns > 0 && cells.size() == targets.size() * columns);
  TRY_VOID(check_series(targets, "targets", columns + 2));
  TRY_VOID(check_series(cells, "cells", 0));
  TRY_VOID(check_range(ridge, "ridge", 0, 1e9));
  std::vector<Standard> standard;
  for (std::size_t j = 0; j < columns; ++j) {
    standard.push_back(standardise(cells, j, columns));
    if (!(standard[j].deviation > 0)) return fail(dependent());
  }
  SymmetricMatrix matrix(columns);
  Vector right;
  const double center = mean(targets);
  Vector moved(targets.begin(), targets.end());
  for (double& value : moved) value -= center;
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j <= i; ++j) matrix.set(i, j, mean_product(standard[i].values, standard[j].values));
    matrix.set(i, i, matrix(i, i) + ridge);
    right.push_back(mean_product(standard[i].values, moved));
  }
  const auto slopes = solve(matrix, right);
  if (!slopes) return fail(dependent());
  LinearFit fit{.constant = center, .slopes = *slopes, .residuals = {}};
  for (std::size_t j = 0; j < columns; ++j) {
    fit.slopes[j] /= standard[j].deviation;
    fit.constant -= fit.slopes[j] * standard[j].center;
  }
  finish(fit, cells, targets);
  return fit;
}

}  // namespace margrave
