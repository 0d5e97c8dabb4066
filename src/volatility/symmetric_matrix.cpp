#include "volatility/symmetric_matrix.h"

#include <cmath>

#include "base/check.h"

namespace margrave {
namespace {

std::vector<double> substitute(const std::vector<double>& lower, std::span<const double> right) {
  const std::size_t n = right.size();
  std::vector<double> x(right.begin(), right.end());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) x[i] -= lower[i * n + j] * x[j];
    x[i] /= lower[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = i + 1; j < n; ++j) x[i] -= lower[j * n + i] * x[j];
    x[i] /= lower[i * n + i];
  }
  return x;
}

}  // namespace

SymmetricMatrix SymmetricMatrix::identity(std::size_t n) {
  SymmetricMatrix matrix(n);
  for (std::size_t i = 0; i < n; ++i) matrix.set(i, i, 1);
  return matrix;
}

std::optional<std::vector<double>> cholesky(const SymmetricMatrix& matrix) {
  const std::size_t n = matrix.size;
  std::vector<double> lower(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= lower[i * n + k] * lower[j * n + k];
      if (i != j) {
        lower[i * n + j] = sum / lower[j * n + j];
      } else if (sum > 0 && std::isfinite(sum)) {
        lower[i * n + i] = std::sqrt(sum);
      } else {
        return std::nullopt;
      }
    }
  }
  return lower;
}

std::optional<std::vector<double>> solve(const SymmetricMatrix& matrix, std::span<const double> right) {
  CHECK(right.size() == matrix.size);
  const auto lower = cholesky(matrix);
  if (!lower) return std::nullopt;
  return substitute(*lower, right);
}

std::optional<SymmetricMatrix> inverse(const SymmetricMatrix& matrix) {
  const auto lower = cholesky(matrix);
  if (!lower) return std::nullopt;
  SymmetricMatrix result(matrix.size);
  for (std::size_t column = 0; column < matrix.size; ++column) {
    std::vector<double> unit(matrix.size, 0.0);
    unit[column] = 1;
    const std::vector<double> x = substitute(*lower, unit);
    for (std::size_t row = column; row < matrix.size; ++row) result.set(row, column, x[row]);
  }
  return result;
}

}  // namespace margrave
