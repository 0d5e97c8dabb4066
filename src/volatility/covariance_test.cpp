#include "volatility/covariance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/eigen.h"
#include "volatility/nearest_correlation.h"
#include "volatility/shrinkage.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

/// rows x columns with one common factor, so that correlations are 1/2.
std::vector<double> factor_returns(std::size_t rows, std::size_t columns) {
  const auto z = some_normals(rows * (columns + 1));
  std::vector<double> returns;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 1; i <= columns; ++i) {
      const double unit = 0.01 * (1 + 0.1 * static_cast<double>(i));
      returns.push_back(unit * (z[row * (columns + 1)] + z[row * (columns + 1) + i]));
    }
  }
  return returns;
}

SymmetricMatrix matrix_of(std::size_t n, std::initializer_list<double> cells) {
  SymmetricMatrix matrix(n);
  matrix.cells = cells;
  return matrix;
}

TEST(EwmaCovariance, StreamAndBatchHaveTheSameBits) {
  const auto returns = factor_returns(300, 5);
  const SymmetricMatrix start = *sample_covariance(returns, 5);
  auto stream = EwmaCovariance::start(0.97, start);
  ASSERT_TRUE(stream);
  for (std::size_t row = 0; row < 300; ++row) ASSERT_TRUE(stream->update(std::span(returns).subspan(row * 5, 5)));
  const auto batch = ewma_covariance(0.97, start, returns);
  EXPECT_EQ(stream->covariance().cells, batch->cells);
}

TEST(EwmaCovariance, OneStepByHandAndScaling) {
  const SymmetricMatrix start = matrix_of(2, {4, 1, 1, 9});
  const double returns[] = {2, -3}, twice[] = {4, -6};
  const auto one = ewma_covariance(0.5, start, returns);
  EXPECT_EQ(one->cells, (std::vector<double>{4, -2.5, -2.5, 9}));
  const auto scaled = ewma_covariance(0.5, matrix_of(2, {16, 4, 4, 36}), twice);
  EXPECT_EQ(scaled->cells, (std::vector<double>{16, -10, -10, 36}));
}

TEST(EwmaCovariance, RefusesGapsAndWrongShapes) {
  auto stream = EwmaCovariance::start(0.9, SymmetricMatrix::identity(2));
  const double gap[] = {1, NAN}, three[] = {1, 2, 3};
  EXPECT_EQ(stream->update(gap).error().message, "returns[1] is not a finite number");
  EXPECT_EQ(stream->update(three).error().message, "3 returns for 2 series");
  EXPECT_EQ(stream->covariance().cells, SymmetricMatrix::identity(2).cells);
  EXPECT_FALSE(EwmaCovariance::start(1.5, SymmetricMatrix::identity(2)));
  EXPECT_FALSE(ewma_covariance(0.9, SymmetricMatrix::identity(2), three));
  EXPECT_FALSE(sample_covariance(std::span(three).first(2), 2));
}

TEST(Covariance, CorrelationOfConstantSeriesIsZero) {
  const SymmetricMatrix correlation = correlation_of(matrix_of(2, {4, 0, 0, 0}));
  EXPECT_EQ(correlation.cells, (std::vector<double>{1, 0, 0, 1}));
}

// The second difference matrix: eigenvalues 2 - 2 cos(k pi / 5).
TEST(Eigen, SecondDifferences) {
  const SymmetricMatrix matrix = matrix_of(4, {2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2});
  const EigenSystem system = eigen_system(matrix);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(system.values[k], 2 - 2 * std::cos(M_PI * static_cast<double>(4 - k) / 5), 1e-14);
  }
  const SymmetricMatrix again = compose(system, system.values);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_NEAR(again.cells[i], matrix.cells[i], 1e-14);
}

TEST(Eigen, RandomMatrixIsRebuiltAndVectorsAreOrthonormal) {
  const auto z = some_normals(900);
  SymmetricMatrix matrix(30);
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t j = 0; j <= i; ++j) matrix.set(i, j, z[i * 30 + j]);
  }
  const EigenSystem system = eigen_system(matrix);
  const SymmetricMatrix again = compose(system, system.values);
  for (std::size_t i = 0; i < 900; ++i) ASSERT_NEAR(again.cells[i], matrix.cells[i], 1e-13);
  for (std::size_t a = 0; a < 30; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      double product = 0;
      for (std::size_t i = 0; i < 30; ++i) product += system.vectors[a * 30 + i] * system.vectors[b * 30 + i];
      ASSERT_NEAR(product, a == b, 1e-14);
    }
  }
}

// Higham (2002), section 4: the 3 x 3 example 0.7607, 0.1573, and the 4 x 4 second difference matrix, distance 2.13.
TEST(NearestCorrelation, HighamsExamples) {
  const auto three = nearest_correlation(matrix_of(3, {1, 1, 0, 1, 1, 1, 0, 1, 1}));
  ASSERT_TRUE(three);
  EXPECT_NEAR((*three)(0, 1), 0.7607, 5e-5);
  EXPECT_NEAR((*three)(0, 2), 0.1573, 5e-5);
  const auto four = nearest_correlation(matrix_of(4, {2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2}));
  ASSERT_TRUE(four);
  EXPECT_NEAR((*four)(0, 1), -0.8084, 5e-5);
  EXPECT_NEAR((*four)(0, 2), 0.1916, 5e-5);
  EXPECT_NEAR((*four)(0, 3), 0.1068, 5e-5);
  EXPECT_NEAR((*four)(1, 2), -0.6562, 5e-5);
}

TEST(NearestCorrelation, RepairsKeepTheFloorAndHighamIsNearer) {
  const auto z = some_normals(100);
  SymmetricMatrix matrix = SymmetricMatrix::identity(10);
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t j = 0; j < i; ++j) matrix.set(i, j, std::tanh(z[i * 10 + j]));
  }
  ASSERT_LT(eigen_system(matrix).values.back(), 0);
  const auto distance = [&](const SymmetricMatrix& other) {
    double sum = 0;
    for (std::size_t k = 0; k < 100; ++k) sum += std::pow(other.cells[k] - matrix.cells[k], 2);
    return sum;
  };
  for (const double floor : {0.0, 1e-6, 0.01}) {
    const auto near = nearest_correlation(matrix, floor), clipped = clip_eigenvalues(matrix, floor);
    ASSERT_TRUE(near && clipped);
    EXPECT_GE(eigen_system(*near).values.back(), floor - 1e-12);
    EXPECT_GE(eigen_system(*clipped).values.back(), floor - 1e-12);
    EXPECT_LT(distance(*near), distance(*clipped));
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ((*near)(i, i), 1);
  }
}

TEST(NearestCorrelation, LeavesACorrelationAlone) {
  const SymmetricMatrix good = matrix_of(2, {1, 0.5, 0.5, 1});
  EXPECT_EQ(nearest_correlation(good)->cells, good.cells);
  EXPECT_EQ(clip_eigenvalues(good)->cells, good.cells);
  EXPECT_FALSE(nearest_correlation(matrix_of(2, {1, NAN, NAN, 1})));
  EXPECT_FALSE(nearest_correlation(good, 1.5));
}

// The intensity again, straight from the definition in Ledoit and Wolf (2004): b^2 / d^2 with
// b^2 = sum_t |x_t x_t' - S|^2 / n^2 and d^2 = |S - m I|^2.
TEST(Shrinkage, IdentityIntensityFromItsDefinition) {
  const std::size_t rows = 40, columns = 6;
  auto returns = factor_returns(rows, columns);
  const auto shrunk = shrink_covariance(ShrinkageTarget::identity, returns, columns);
  ASSERT_TRUE(shrunk);
  for (std::size_t i = 0; i < columns; ++i) {
    double center = 0;
    for (std::size_t t = 0; t < rows; ++t) center += returns[t * columns + i] / rows;
    for (std::size_t t = 0; t < rows; ++t) returns[t * columns + i] -= center;
  }
  const SymmetricMatrix s = *sample_covariance(returns, columns);
  double m = 0, b = 0, d = 0;
  for (std::size_t i = 0; i < columns; ++i) m += s(i, i) / columns;
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      d += std::pow(s(i, j) - (i == j ? m : 0), 2);
      for (std::size_t t = 0; t < rows; ++t) {
        b += std::pow(returns[t * columns + i] * returns[t * columns + j] - s(i, j), 2) / (rows * rows);
      }
    }
  }
  EXPECT_NEAR(shrunk->intensity, b / d, 1e-12);
  EXPECT_NEAR(shrunk->covariance(1, 0), (1 - b / d) * s(1, 0), 1e-18);
}

// One correlation is the truth here, so the more data the closer both ends; fewer rows than columns stay regular.
TEST(Shrinkage, ConstantCorrelationRepairsASingularSample) {
  const auto returns = factor_returns(15, 30);
  const auto sample = sample_covariance(returns, 30);
  const auto shrunk = shrink_covariance(ShrinkageTarget::constant_correlation, returns, 30);
  ASSERT_TRUE(shrunk);
  EXPECT_LT(eigen_system(*sample).values.back(), 1e-15);
  EXPECT_GT(eigen_system(shrunk->covariance).values.back(), 1e-6);
  EXPECT_GT(shrunk->intensity, 0.5);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_DOUBLE_EQ(shrunk->covariance(i, i), (*sample)(i, i));
  const auto more = shrink_covariance(ShrinkageTarget::constant_correlation, factor_returns(5000, 8), 8);
  EXPECT_NEAR(correlation_of(more->covariance)(3, 1), 0.5, 0.03);
}

TEST(Shrinkage, RefusesConstantAndShortSeries) {
  const std::vector<double> constant(40, 0.1);
  EXPECT_FALSE(shrink_covariance(ShrinkageTarget::constant_correlation, constant, 2));
  EXPECT_FALSE(shrink_covariance(ShrinkageTarget::identity, std::span(constant).first(2), 2));
}

}  // namespace
}  // namespace margrave
