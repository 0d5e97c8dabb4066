#include "study/forecast_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "math/elementary.h"

namespace margrave {
namespace {

TEST(Qlike, IsZeroAtTheRealisedAndAboveElsewhere) {
  const double realised[] = {2, 2, 2}, forecast[] = {2, 1, 4};
  const auto losses = qlike_losses(realised, forecast);
  ASSERT_TRUE(losses);
  EXPECT_EQ((*losses)[0], 0);
  EXPECT_NEAR((*losses)[1], 1 - std::log(2.0), 1e-15);
  EXPECT_NEAR((*losses)[2], std::log(2.0) - 0.5, 1e-15);
}

TEST(Qlike, RefusesVariancesThatAreNotAboveZero) {
  const double realised[] = {1, 0}, forecast[] = {1, 1};
  EXPECT_EQ(qlike_losses(realised, forecast).error().message, "realised[1] is 0, not a variance");
  EXPECT_FALSE(qlike_losses(forecast, realised));
  EXPECT_FALSE(qlike_losses(forecast, {}));
  EXPECT_TRUE(qlike_losses({}, {})->empty());
}

// Differences 1, 2, 3, 4: mean 2.5, autocovariances 5/4 and 5/16, so with one lag 5/4 + 2 (1/2) 5/16 = 25/16.
TEST(DieboldMariano, ByHandWithOneLag) {
  const double first[] = {1, 2, 3, 4}, second[] = {0, 0, 0, 0};
  const auto test = diebold_mariano(first, second, 1);
  ASSERT_TRUE(test);
  EXPECT_NEAR(test->mean, 2.5, 1e-15);
  EXPECT_NEAR(test->standard_error, 0.625, 1e-15);
  EXPECT_NEAR(test->t, 4, 1e-14);
  EXPECT_NEAR(test->two_sided_p, 2 * normal_cdf(-4), 1e-18);
  EXPECT_NEAR(test->not_better_p, normal_cdf(4), 1e-15);
}

TEST(DieboldMariano, SwappedMethodsTurnTheSign) {
  std::vector<double> first, second;
  Random random{.seed = 2};
  for (int i = 0; i < 500; ++i) first.push_back(random.uniform()), second.push_back(random.uniform() + 0.2);
  const auto one = diebold_mariano(first, second), other = diebold_mariano(second, first);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->t, -other->t);
  EXPECT_LT(one->t, -5);
  EXPECT_LT(one->not_better_p, 1e-6);
}

TEST(DieboldMariano, RefusesShortAndConstantDifferences) {
  const std::vector<double> some(11, 0.3), fewer(10, 0.3), none(11, 0.1);
  EXPECT_EQ(diebold_mariano(fewer, fewer).error().message, "first has 10 values and needs more than 10 lags");
  EXPECT_EQ(diebold_mariano(some, none).error().message, "the differences of the losses do not vary");
  EXPECT_EQ(diebold_mariano(some, some).error().message, "the differences of the losses do not vary");
  EXPECT_FALSE(diebold_mariano({}, {}, 0));
}

}  // namespace
}  // namespace margrave
