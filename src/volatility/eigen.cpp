#include "volatility/eigen.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace margrave {
namespace {

struct Rotation {
  double cosine{1}, sine{0};
};

/// The rotation that makes entry (p, q) zero, the smaller of the two angles.
Rotation annihilate(double pp, double pq, double qq) {
  if (pq == 0) return {};
  const double theta = (qq - pp) / (2 * pq);
  const double tangent = std::copysign(1.0, theta) / (std::abs(theta) + std::sqrt(1 + theta * theta));
  const double cosine = 1 / std::sqrt(1 + tangent * tangent);
  return {.cosine = cosine, .sine = tangent * cosine};
}

void rotate(std::vector<double>& cells, std::size_t n, std::size_t p, std::size_t q, const Rotation& by) {
  for (std::size_t k = 0; k < n; ++k) {
    const double at_p = cells[p * n + k], at_q = cells[q * n + k];
    cells[p * n + k] = by.cosine * at_p - by.sine * at_q;
    cells[q * n + k] = by.sine * at_p + by.cosine * at_q;
  }
}

void rotate_columns(std::vector<double>& cells, std::size_t n, std::size_t p, std::size_t q, const Rotation& by) {
  for (std::size_t k = 0; k < n; ++k) {
    const double at_p = cells[k * n + p], at_q = cells[k * n + q];
    cells[k * n + p] = by.cosine * at_p - by.sine * at_q;
    cells[k * n + q] = by.sine * at_p + by.cosine * at_q;
  }
}

/// Squares off the diagonal over all squares.
bool is_diagonal(const std::vector<double>& cells, std::size_t n) {
  double off = 0, all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const double square = cells[i * n + j] * cells[i * n + j];
      all += square;
      if (i != j) off += square;
    }
  }
  return off <= 1e-30 * all;
}

}  // namespace

EigenSystem eigen_system(const SymmetricMatrix& matrix) {
  const std::size_t n = matrix.size;
  for (const double cell : matrix.cells) CHECK(std::isfinite(cell));
  std::vector<double> cells = matrix.cells, vectors = SymmetricMatrix::identity(n).cells;
  for (int sweep = 0; sweep < 60 && !is_diagonal(cells, n); ++sweep) {
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        const Rotation by = annihilate(cells[p * n + p], cells[p * n + q], cells[q * n + q]);
        if (by.sine == 0) continue;
        rotate(cells, n, p, q, by);
        rotate_columns(cells, n, p, q, by);
        rotate(vectors, n, p, q, by);
      }
    }
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return cells[a * n + a] > cells[b * n + b]; });
  EigenSystem system;
  for (const std::size_t k : order) {
    system.values.push_back(cells[k * n + k]);
    const auto row = vectors.begin() + static_cast<std::ptrdiff_t>(k * n);
    system.vectors.insert(system.vectors.end(), row, row + static_cast<std::ptrdiff_t>(n));
  }
  return system;
}

SymmetricMatrix compose(const EigenSystem& system, const std::vector<double>& values) {
  const std::size_t n = values.size();
  CHECK(system.vectors.size() == n * n);
  SymmetricMatrix matrix(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < n; ++k) {
        sum += values[k] * system.vectors[k * n + i] * system.vectors[k * n + j];
      }
      matrix.set(i, j, sum);
    }
  }
  return matrix;
}

}  // namespace margrave
