#include "volatility/spectrum.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "volatility/eigen.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

SymmetricMatrix made_matrix(std::size_t n, std::uint64_t seed) {
  const auto z = some_normals(n * n, seed);
  SymmetricMatrix matrix(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) matrix.set(i, j, z[i * n + j]);
  }
  return matrix;
}

SymmetricMatrix product_with_itself(const SymmetricMatrix& a, std::size_t rank) {
  SymmetricMatrix result(a.size);
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < rank; ++k) sum += a.cells[i * a.size + k] * a.cells[j * a.size + k];
      result.set(i, j, sum);
    }
  }
  return result;
}

std::vector<double> times(const SymmetricMatrix& a, const std::vector<double>& x) {
  std::vector<double> y(a.size, 0.0);
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t j = 0; j < a.size; ++j) y[i] += a(i, j) * x[j];
  }
  return y;
}

// Against Jacobi rotations, which share no step with it.
TEST(Spectrum, ValuesAndTheMatrixItselfAreThoseOfJacobi) {
  for (const std::size_t n : {1u, 2u, 3u, 4u, 7u, 30u, 61u}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const SymmetricMatrix matrix = made_matrix(n, seed);
      const Spectrum spectrum(matrix);
      std::vector<double> values = spectrum.values();
      std::sort(values.rbegin(), values.rend());
      const std::vector<double> expected = eigen_system(matrix).values;
      const double bound = 1e-14 * static_cast<double>(n) * std::max(std::abs(expected[0]), std::abs(expected.back()));
      for (std::size_t k = 0; k < n; ++k) EXPECT_NEAR(values[k], expected[k], bound) << n << " " << seed;
      const auto x = some_normals(n, seed + 100);
      const auto y = spectrum.times(spectrum.values(), x), direct = times(matrix, x);
      for (std::size_t k = 0; k < n; ++k) EXPECT_NEAR(y[k], direct[k], 10 * bound) << n << " " << seed;
    }
  }
}

TEST(Spectrum, ARootTwiceIsTheMatrixAndItsInverseUndoesIt) {
  const SymmetricMatrix matrix = product_with_itself(made_matrix(12, 3), 12);
  const Spectrum spectrum(matrix);
  std::vector<double> root, inverse;
  for (const double value : spectrum.values()) {
    ASSERT_GT(value, 0);
    root.push_back(std::sqrt(value));
    inverse.push_back(1 / std::sqrt(value));
  }
  const auto x = some_normals(12, 4);
  const auto twice = spectrum.times(root, spectrum.times(root, x)), direct = times(matrix, x);
  const auto back = spectrum.times(inverse, spectrum.times(root, x));
  for (std::size_t k = 0; k < 12; ++k) {
    EXPECT_NEAR(twice[k], direct[k], 1e-11);
    EXPECT_NEAR(back[k], x[k], 1e-10);
  }
}

TEST(Spectrum, SingularDiagonalZeroAndTinyMatricesAreNoSpecialCase) {
  SymmetricMatrix ones(5);
  std::fill(ones.cells.begin(), ones.cells.end(), 1.0);
  std::vector<double> values = Spectrum(ones).values();
  std::sort(values.begin(), values.end());
  EXPECT_NEAR(values.back(), 5, 1e-14);
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(values[static_cast<std::size_t>(k)], 0, 1e-14);
  EXPECT_EQ(Spectrum(SymmetricMatrix(4)).values(), std::vector<double>(4, 0.0));
  EXPECT_EQ(Spectrum(SymmetricMatrix::identity(4)).values(), std::vector<double>(4, 1.0));
  EXPECT_TRUE(Spectrum(SymmetricMatrix(0)).values().empty());
  for (const double unit : {1e-150, 1e150}) {
    SymmetricMatrix scaled = made_matrix(6, 9);
    const std::vector<double> expected = eigen_system(scaled).values;
    for (double& cell : scaled.cells) cell *= unit;
    std::vector<double> found = Spectrum(scaled).values();
    std::sort(found.rbegin(), found.rend());
    for (std::size_t k = 0; k < 6; ++k) EXPECT_NEAR(found[k] / unit, expected[k], 1e-13) << unit;
  }
}

TEST(Spectrum, RenamingTheSeriesRenamesTheResult) {
  const SymmetricMatrix matrix = product_with_itself(made_matrix(8, 5), 8);
  const std::size_t order[] = {5, 2, 7, 0, 1, 6, 4, 3};
  SymmetricMatrix renamed(8);
  const auto x = some_normals(8, 6);
  std::vector<double> x_renamed;
  for (std::size_t i = 0; i < 8; ++i) {
    x_renamed.push_back(x[order[i]]);
    for (std::size_t j = 0; j < 8; ++j) renamed.set(i, j, matrix(order[i], order[j]));
  }
  const auto root_times = [](const SymmetricMatrix& of, const std::vector<double>& vector) {
    const Spectrum spectrum(of);
    std::vector<double> root;
    for (const double value : spectrum.values()) root.push_back(std::sqrt(std::max(0.0, value)));
    return spectrum.times(root, vector);
  };
  const auto y = root_times(matrix, x), y_renamed = root_times(renamed, x_renamed);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(y_renamed[i], y[order[i]], 1e-12);
}

TEST(Spectrum, HasTheBitsItHadWhenWritten) {
  const SymmetricMatrix matrix = made_matrix(30, 11);
  const Spectrum spectrum(matrix);
  std::uint64_t hash = 14695981039346656037u;
  const std::vector<double> factors(30, 0.5);
  for (const auto& numbers : {spectrum.values(), spectrum.times(spectrum.values(), factors)}) {
    for (const double value : numbers) hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 1099511628211u;
  }
  EXPECT_EQ(hash, 22197551448843371u);
}

}  // namespace
}  // namespace margrave
