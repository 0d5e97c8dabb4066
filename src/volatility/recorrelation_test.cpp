#include "volatility/recorrelation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <ctime>

#include "volatility/eigen.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

using Series = std::vector<std::vector<double>>;

/// Series with one common factor whose correlation may change from step to step.
Series made_series(std::size_t columns, const std::vector<double>& correlation, std::uint64_t seed) {
  const auto z = some_normals(correlation.size() * (columns + 1), seed);
  Series series(columns);
  for (std::size_t t = 0; t < correlation.size(); ++t) {
    for (std::size_t i = 0; i < columns; ++i) {
      series[i].push_back(std::sqrt(correlation[t]) * z[t * (columns + 1) + columns] +
                          std::sqrt(1 - correlation[t]) * z[t * (columns + 1) + i]);
    }
  }
  return series;
}

double correlation_between(const std::vector<double>& a, const std::vector<double>& b, std::size_t begin,
                           std::size_t end) {
  double aa = 0, ab = 0, bb = 0;
  for (std::size_t t = begin; t < end; ++t) {
    aa += a[t] * a[t];
    ab += a[t] * b[t];
    bb += b[t] * b[t];
  }
  return ab / std::sqrt(aa * bb);
}

SymmetricMatrix root_of(const SymmetricMatrix& matrix, double floor, double power) {
  const EigenSystem system = eigen_system(matrix);
  std::vector<double> values;
  for (const double value : system.values) values.push_back(std::pow(std::max(value, floor), power));
  return compose(system, values);
}

std::vector<double> times(const SymmetricMatrix& a, const std::vector<double>& x) {
  std::vector<double> y(a.size, 0.0);
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t j = 0; j < a.size; ++j) y[i] += a(i, j) * x[j];
  }
  return y;
}

// The definition with whole matrices from Jacobi rotations, step by step, gaps and all.
TEST(Recorrelation, IsTheDefinitionWrittenOut) {
  Series z = made_series(5, std::vector<double>(200, 0.6), 21);
  for (std::size_t t = 0; t < 200; ++t) {
    if (t < 60) z[4][t] = NAN;
    if (t % 13 == 5) z[t % 5][t] = NAN;
  }
  const CorrelationRule rule{.decay = 0.95, .shrink = 0.1};
  const double floor = 0.02;
  const auto moved = recorrelated(rule, floor, z);
  ASSERT_TRUE(moved);
  EwmaCorrelation last = *EwmaCorrelation::start(rule, 5);
  const auto row = [&](std::size_t t) { return std::vector<double>{z[0][t], z[1][t], z[2][t], z[3][t], z[4][t]}; };
  for (std::size_t t = 0; t < 200; ++t) ASSERT_TRUE(last.update(row(t)));
  EwmaCorrelation then = *EwmaCorrelation::start(rule, 5);
  for (std::size_t t = 0; t < 200; ++t) {
    std::vector<std::size_t> there;
    std::vector<double> x;
    for (std::size_t i = 0; i < 5; ++i) {
      if (std::isnan(z[i][t])) continue;
      there.push_back(i);
      x.push_back(z[i][t]);
    }
    const auto expected =
        times(root_of(last.correlation(there), floor, 0.5), times(root_of(then.correlation(there), floor, -0.5), x));
    for (std::size_t k = 0; k < there.size(); ++k) EXPECT_NEAR((*moved)[there[k]][t], expected[k], 1e-12) << t;
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(std::isnan((*moved)[i][t]), std::isnan(z[i][t]));
    ASSERT_TRUE(then.update(row(t)));
  }
}

TEST(Recorrelation, GivesAllOfThePastTheCorrelationOfNow) {
  std::vector<double> correlation(3000, 0.9);
  for (std::size_t t = 2400; t < 3000; ++t) correlation[t] = 0.2;
  const Series z = made_series(3, correlation, 22);
  const auto moved = *recorrelated({.decay = 0.98, .shrink = 0}, 0.001, z);
  EXPECT_NEAR(correlation_between(z[0], z[1], 300, 2400), 0.9, 0.02);
  EXPECT_NEAR(correlation_between(moved[0], moved[1], 300, 2400), 0.2, 0.15);
  for (std::size_t i = 0; i < 3; ++i) {
    double before = 0, after = 0;
    for (std::size_t t = 300; t < 2400; ++t) {
      before += z[i][t] * z[i][t];
      after += moved[i][t] * moved[i][t];
    }
    EXPECT_NEAR(after / before, 1, 0.06) << "each series stays as wide";
  }
}

TEST(Recorrelation, DoesNotDependOnTheOrderOfTheSeries) {
  const Series z = made_series(4, std::vector<double>(300, 0.5), 23);
  const auto one = *recorrelated({}, 0.01, z), other = *recorrelated({}, 0.01, {z[2], z[0], z[3], z[1]});
  for (std::size_t t = 0; t < 300; ++t) {
    EXPECT_NEAR(one[2][t], other[0][t], 1e-12);
    EXPECT_NEAR(one[1][t], other[3][t], 1e-12);
  }
}

TEST(Recorrelation, SurvivesTwinsAndMoreSeriesThanSteps) {
  Series z = made_series(2, std::vector<double>(50, 0.5), 24);
  z.push_back(z[0]);
  const auto twins = *recorrelated({.decay = 0.99, .shrink = 0}, 0.01, z);
  for (std::size_t t = 0; t < 50; ++t) EXPECT_NEAR(twins[0][t], twins[2][t], 1e-12);
  const auto wide = recorrelated({.decay = 0.99, .shrink = 0}, 0.01, made_series(40, std::vector<double>(12, 0.5), 25));
  ASSERT_TRUE(wide);
  for (const auto& series : *wide) {
    for (const double value : series) EXPECT_TRUE(std::isfinite(value));
  }
  EXPECT_TRUE(recorrelated({}, 0.01, {})->empty());
}

TEST(Recorrelation, RefusesWhatIsWrong) {
  EXPECT_FALSE(recorrelated({}, 0, {{1.0}}));
  EXPECT_FALSE(recorrelated({}, 0.01, {{1.0}, {1.0, 2.0}}));
  EXPECT_FALSE(recorrelated({.decay = 1}, 0.01, {{1.0}}));
}

// Well below a second is what a full build may take; the figure is printed, the bound is loose for slow machines.
TEST(Recorrelation, OfThirtySeriesTakesAFractionOfASecond) {
  const Series z = made_series(30, std::vector<double>(3300, 0.6), 26);
  const std::clock_t begin = std::clock();
  ASSERT_TRUE(recorrelated({}, 0.01, z));
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::printf("30 series, 3,300 steps: %.3f s of one core\n", seconds);
  EXPECT_LT(seconds, 20);
}

}  // namespace
}  // namespace margrave
