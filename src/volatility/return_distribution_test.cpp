#include "volatility/return_distribution.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/some_returns_test.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

TEST(ReturnDistribution, EmpiricalIsTheRecordedValuesJoinedByLines) {
  const std::vector<double> values{5, 1, 4, 2, 3, 10, 9, 8, 7, 6};
  const auto distribution = ReturnDistribution::empirical(values);
  ASSERT_TRUE(distribution);
  EXPECT_DOUBLE_EQ(distribution->quantile(0.05), 1);
  EXPECT_DOUBLE_EQ(distribution->quantile(0.5), 5.5);
  EXPECT_DOUBLE_EQ(distribution->quantile(0.95), 10);
  EXPECT_DOUBLE_EQ(distribution->quantile(1e-9), 1);
  EXPECT_DOUBLE_EQ(distribution->quantile(1 - 1e-9), 10);
  EXPECT_TRUE(std::isnan(distribution->low_shape()));
}

// Exact quantiles of a t with 4 degrees of freedom: the tails go beyond what was recorded, by about what is right.
TEST(ReturnDistribution, ParetoTailsGoOnWhereTheRecordEnds) {
  std::vector<double> values;
  for (int i = 0; i < 3000; ++i) values.push_back(student_t_quantile((i + 0.5) / 3000, 4));
  const auto distribution = ReturnDistribution::with_pareto_tails(values, 0.05);
  ASSERT_TRUE(distribution) << to_string(distribution.error());
  for (const double p : {0.001, 0.01, 0.2, 0.5, 0.8, 0.99, 0.999}) {
    const double exact = student_t_quantile(p, 4);
    EXPECT_NEAR(distribution->quantile(p), exact, 0.01 + 0.04 * std::fabs(exact)) << p;
  }
  const double beyond = distribution->quantile(1e-5);
  EXPECT_LT(beyond, values.front());
  EXPECT_NEAR(beyond / student_t_quantile(1e-5, 4), 1, 0.3);
  EXPECT_NEAR(distribution->low_shape(), 0.25, 0.15);
  EXPECT_NEAR(distribution->low_shape(), distribution->high_shape(), 0.01);
  double last = -1e9;
  for (int i = 1; i < 2000; ++i) {
    const double value = distribution->quantile(i / 2000.0);
    EXPECT_GE(value, last - 0.01) << i;
    last = value;
  }
}

TEST(ReturnDistribution, RefusesGapsAndShortRecords) {
  EXPECT_FALSE(ReturnDistribution::empirical(some_normals(9)));
  auto gap = some_normals(400);
  gap[7] = NAN;
  EXPECT_FALSE(ReturnDistribution::empirical(gap));
  EXPECT_FALSE(ReturnDistribution::with_pareto_tails(some_normals(100), 0.05));
}

}  // namespace
}  // namespace margrave
