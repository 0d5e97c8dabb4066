#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace margrave {

/// A small symmetric matrix, both triangles kept. Plain loops in index order, so its results depend on nothing else.
struct SymmetricMatrix {
  explicit SymmetricMatrix(std::size_t n = 0) : size(n), cells(n * n, 0.0) {}

  std::size_t size;
  std::vector<double> cells;  ///< size * size, row by row

  double operator()(std::size_t row, std::size_t column) const { return cells[row * size + column]; }
  void set(std::size_t row, std::size_t column, double value) {
    cells[row * size + column] = value;
    cells[column * size + row] = value;
  }
  static SymmetricMatrix identity(std::size_t n);
};

/// The lower factor L with L L' = matrix, row by row, zeros above; nothing when the matrix is not positive definite.
std::optional<std::vector<double>> cholesky(const SymmetricMatrix& matrix);

/// x with matrix x = right; nothing when the matrix is not positive definite.
std::optional<std::vector<double>> solve(const SymmetricMatrix& matrix, std::span<const double> right);

/// Nothing when the matrix is not positive definite.
std::optional<SymmetricMatrix> inverse(const SymmetricMatrix& matrix);

}  // namespace margrave
