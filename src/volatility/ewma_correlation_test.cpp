#include "volatility/ewma_correlation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/covariance.h"
#include "volatility/eigen.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

const std::size_t both[] = {0, 1}, all_four[] = {0, 1, 2, 3};

/// rows x columns with one common factor of the given correlation.
std::vector<double> rows_of(std::size_t rows, std::size_t columns, double correlation, std::uint64_t seed) {
  const auto z = some_normals(rows * (columns + 1), seed);
  std::vector<double> values;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 1; i <= columns; ++i) {
      values.push_back(std::sqrt(correlation) * z[row * (columns + 1)] +
                       std::sqrt(1 - correlation) * z[row * (columns + 1) + i]);
    }
  }
  return values;
}

EwmaCorrelation after(const CorrelationRule& rule, const std::vector<double>& rows, std::size_t columns) {
  auto stream = EwmaCorrelation::start(rule, columns);
  EXPECT_TRUE(stream);
  for (std::size_t at = 0; at < rows.size(); at += columns) {
    EXPECT_TRUE(stream->update(std::span(rows).subspan(at, columns)));
  }
  return *stream;
}

TEST(EwmaCorrelation, TwoStepsByHand) {
  const EwmaCorrelation two = after({.decay = 0.5, .shrink = 0}, {1, 2, 2, -1}, 2);
  // S_11 = .25 + 2 = 2.25, S_22 = 1 + .5 = 1.5, S_12 = .5 - 1 = -.5, all masses .75; of two series the mean is their
  // own.
  EXPECT_NEAR(two.correlation(both)(0, 1), -0.5 / std::sqrt(2.25 * 1.5), 1e-15);
  EXPECT_EQ(two.correlation(both)(0, 0), 1);
}

// Without gaps, without shrinkage and long after the start it is the correlation of the covariance estimator.
TEST(EwmaCorrelation, WithoutGapsIsThatOfTheCovariance) {
  const auto rows = rows_of(3000, 4, 0.6, 3);
  const auto covariance = ewma_covariance(0.97, SymmetricMatrix(4), rows);
  const SymmetricMatrix expected = correlation_of(*covariance);
  const SymmetricMatrix found = after({.decay = 0.97, .shrink = 0}, rows, 4).correlation(all_four);
  for (std::size_t k = 0; k < 16; ++k) EXPECT_NEAR(found.cells[k], expected.cells[k], 1e-12);
  const SymmetricMatrix shrunk = after({.decay = 0.97, .shrink = 0.25}, rows, 4).correlation(all_four);
  double mean = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < i; ++j) mean += expected(i, j) / 6;
  }
  EXPECT_NEAR(shrunk(3, 1), 0.75 * expected(3, 1) + 0.25 * mean, 1e-12);
  EXPECT_NEAR(found(2, 0), 0.6, 0.2);
}

TEST(EwmaCorrelation, ASeriesThatBeginsLaterStartsAtTheMeanOfTheOthers) {
  auto rows = rows_of(600, 4, 0.5, 5);
  for (std::size_t row = 0; row < 590; ++row) rows[4 * row + 3] = NAN;
  const CorrelationRule rule{.decay = 0.99, .shrink = 0};
  auto stream = EwmaCorrelation::start(rule, 4);
  for (std::size_t row = 0; row < 590; ++row) ASSERT_TRUE(stream->update(std::span(rows).subspan(4 * row, 4)));
  const SymmetricMatrix before = stream->correlation(all_four);
  const double mean = (before(1, 0) + before(2, 0) + before(2, 1)) / 3;
  EXPECT_NEAR(before(3, 0), mean, 0.001);  // 590 steps leave a weight of 0.003
  EXPECT_EQ(before(3, 0), before(3, 2));
  for (std::size_t row = 590; row < 600; ++row) ASSERT_TRUE(stream->update(std::span(rows).subspan(4 * row, 4)));
  EXPECT_NE(stream->correlation(all_four)(3, 0), stream->correlation(all_four)(3, 2));
  EXPECT_NEAR(stream->correlation(all_four)(3, 0), mean, 0.15) << "ten steps weigh a tenth";
}

TEST(EwmaCorrelation, AStepWithGapsLeavesTheOtherPairsWhereTheyAre) {
  auto stream = after({}, rows_of(50, 4, 0.5, 6), 4);
  const SymmetricMatrix before = stream.correlation(all_four);
  const double gap[] = {NAN, NAN, NAN, 2.0};
  ASSERT_TRUE(stream.update(gap));
  const SymmetricMatrix later = stream.correlation(all_four);
  const std::size_t first_three[] = {0, 1, 2};
  EXPECT_NE(later(3, 0), before(3, 0)) << "its own mean square changed";
  const double none[] = {NAN, NAN, NAN, NAN};
  ASSERT_TRUE(stream.update(none));
  EXPECT_EQ(stream.correlation(all_four).cells, later.cells);
  EXPECT_EQ(stream.correlation(first_three).size, 3u);
}

TEST(EwmaCorrelation, IsPositiveSemidefiniteWithoutGapsAndNearlySoWithMany) {
  auto rows = rows_of(400, 20, 0.7, 7);
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < 20; ++i) all.push_back(i);
  EXPECT_GE(eigen_system(after({.decay = 0.9, .shrink = 0}, rows, 20).correlation(all)).values.back(), -1e-14);
  const auto holes = some_normals(rows.size(), 8);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (holes[k] > 1) rows[k] = NAN;
  }
  EXPECT_GE(eigen_system(after({.decay = 0.99, .shrink = 0.1}, rows, 20).correlation(all)).values.back(), -0.05);
}

TEST(EwmaCorrelation, ConstantSeriesAndNoHistoryHaveNoCorrelationAndWrongInputIsRefused) {
  EXPECT_EQ(after({}, {}, 2).correlation(both).cells, SymmetricMatrix::identity(2).cells);
  EXPECT_EQ(after({}, {0, 1, 0, -1, 0, 2}, 2).correlation(both)(0, 1), 0);
  EXPECT_FALSE(EwmaCorrelation::start({.decay = 1}, 2));
  EXPECT_FALSE(EwmaCorrelation::start({.shrink = 1.5}, 2));
  auto stream = EwmaCorrelation::start({}, 2);
  const double three[] = {1, 2, 3}, infinite[] = {1, INFINITY};
  EXPECT_EQ(stream->update(three).error().message, "3 returns for 2 series");
  EXPECT_EQ(stream->update(infinite).error().message, "returns[1] is not a finite number");
}

}  // namespace
}  // namespace margrave
