#include "volatility/weighted_covariance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "math/elementary.h"
#include "volatility/covariance.h"
#include "volatility/eigen.h"

namespace margrave {
namespace {

constexpr double absent_number = std::numeric_limits<double>::quiet_NaN();

std::vector<std::vector<double>> some_series(std::size_t n, std::size_t dates) {
  Random random{.seed = 5};
  std::vector<std::vector<double>> series(n, std::vector<double>(dates));
  for (std::size_t t = 0; t < dates; ++t) {
    const double common = normal_quantile(random.uniform());
    for (auto& values : series) values[t] = 0.02 * (common + normal_quantile(random.uniform()));
  }
  return series;
}

TEST(WeightedCovariance, IsTheSumOfProductsWhereNothingIsMissing) {
  const auto series = some_series(4, 300);
  for (const double decay : {1.0, 0.94}) {
    const auto covariance = weighted_covariance(series, decay);
    ASSERT_TRUE(covariance);
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        double sum = 0, weights = 0;
        for (std::size_t t = 0; t < 300; ++t) {
          const double weight = std::pow(decay, static_cast<double>(299 - t));
          sum += weight * series[i][t] * series[j][t];
          weights += weight;
        }
        EXPECT_NEAR((*covariance)(i, j), sum / weights, 1e-17) << i << j;
      }
    }
  }
}

// RiskMetrics' recursion from nothing, divided by the weights it has seen.
TEST(WeightedCovariance, IsTheRecursionOfRiskMetrics) {
  const auto series = some_series(3, 200);
  auto recursion = EwmaCovariance::start(0.94, SymmetricMatrix(3));
  ASSERT_TRUE(recursion);
  for (std::size_t t = 0; t < 200; ++t) {
    const std::vector<double> row{series[0][t], series[1][t], series[2][t]};
    ASSERT_TRUE(recursion->update(row));
  }
  const SymmetricMatrix last = recursion->covariance();
  const auto covariance = weighted_covariance(series, 0.94);
  for (std::size_t k = 0; k < 9; ++k)
    EXPECT_NEAR(covariance->cells[k] * (1 - std::pow(0.94, 200)), last.cells[k], 1e-17);
}

TEST(WeightedCovariance, OfSeriesWithGapsIsACovariance) {
  auto series = some_series(6, 120);
  Random random{.seed = 8};
  for (auto& values : series) {
    for (double& value : values) {
      if (random.uniform() < 0.4) value = absent_number;
    }
  }
  series[5].assign(120, absent_number);
  const auto covariance = weighted_covariance(series, 0.94);
  ASSERT_TRUE(covariance);
  EXPECT_EQ((*covariance)(5, 5), 0);
  EXPECT_EQ((*covariance)(5, 0), 0);
  EXPECT_GE(eigen_system(*covariance).values.back(), -1e-15);
}

TEST(WeightedCovariance, RefusesWhatIsWrong) {
  auto series = some_series(2, 20);
  EXPECT_FALSE(weighted_covariance(series, 0));
  EXPECT_FALSE(weighted_covariance(series, 1.01));
  series[1].pop_back();
  EXPECT_FALSE(weighted_covariance(series, 0.9));
  series[1].push_back(std::numeric_limits<double>::infinity());
  EXPECT_FALSE(weighted_covariance(series, 0.9));
}

}  // namespace
}  // namespace margrave
