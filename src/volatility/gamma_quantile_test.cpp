#include "volatility/gamma_quantile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "math/elementary.h"

namespace margrave {
namespace {

// Shape 1 is the exponential, 1/2 half the square of a normal, 2 has 1 - (1 + x) e^-x.
TEST(GammaQuantile, DistributionsInClosedFormAreMet) {
  for (const double x : {1e-8, 0.01, 0.5, 1.0, 2.0, 3.7, 12.0, 30.0}) {
    EXPECT_NEAR(gamma_cdf(x, 1), 1 - std::exp(-x), 1e-14) << x;
    EXPECT_NEAR(gamma_cdf(x, 0.5), 2 * normal_cdf(std::sqrt(2 * x)) - 1, 1e-14) << x;
    EXPECT_NEAR(gamma_cdf(x, 2), 1 - (1 + x) * std::exp(-x), 1e-14) << x;
  }
  EXPECT_EQ(gamma_cdf(0, 3), 0);
  EXPECT_EQ(gamma_cdf(-1, 3), 0);
}

// Quantiles of chi-square, twice a gamma of half the degrees: printed tables, six digits.
TEST(GammaQuantile, ChiSquareTablesAreMet) {
  EXPECT_NEAR(2 * gamma_quantile(0.95, 0.5), 3.841459, 1e-6);
  EXPECT_NEAR(2 * gamma_quantile(0.99, 2.0), 13.276704, 1e-6);
  EXPECT_NEAR(2 * gamma_quantile(0.025, 5.0), 3.246973, 1e-6);
  EXPECT_NEAR(2 * gamma_quantile(0.001, 1.5), 0.024298, 1e-6);
  EXPECT_NEAR(2 * gamma_quantile(0.5, 50.0), 99.334129, 1e-6);
}

TEST(GammaQuantile, IsTheInverseFarOutAndForEveryShape) {
  for (const double shape : {1.0, 1.025, 2.1, 7.0, 50.0, 5000.0, 500000.0}) {
    double last = 0;
    for (const double p : {0x1p-53, 1e-9, 1e-4, 0.3, 0.5, 0.9, 0.999999, 1 - 0x1p-40}) {
      const double x = gamma_quantile(p, shape);
      EXPECT_GT(x, last) << shape << " " << p;
      last = x;
      EXPECT_NEAR(gamma_cdf(x, shape), p, (shape > 100 ? 1e-8 : 1e-12) * p + 1e-15) << shape << " " << p;
    }
  }
  EXPECT_TRUE(std::isnan(gamma_quantile(0, 2)));
  EXPECT_TRUE(std::isnan(gamma_quantile(1, 2)));
}

}  // namespace
}  // namespace margrave
