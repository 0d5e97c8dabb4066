#include "volatility/garch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/ewma.h"
#include "volatility/some_returns_test.h"
#include "volatility/tail_index.h"

namespace margrave {
namespace {

constexpr GarchParameters gjr = {.mean = 1e-4, .omega = 1e-6, .alpha = 0.03, .leverage = 0.08, .beta = 0.9};

// QuantLib 1.29, test-suite/garch.cpp, testCalculation: Garch11(0.2, 0.3, 0.4) on returns that are all 0.1.
TEST(Garch, ChainMatchesQuantLib) {
  const double expected[] = {0.452769, 0.513323, 0.530141, 0.5350841, 0.536558,
                             0.536999, 0.537132, 0.537171, 0.537183,  0.537187};
  const GarchParameters p = {.omega = 0.5 * 0.4, .alpha = 0.2, .beta = 0.3};
  const std::vector<double> returns(10, 0.1);
  const auto variances = garch_variances(p, 0.1 * 0.1, returns);
  ASSERT_TRUE(variances);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(std::sqrt((*variances)[i + 1]), expected[i], 1e-6) << i;
}

TEST(Garch, StreamAndBatchHaveTheSameBits) {
  const auto returns = some_returns(2000);
  auto stream = GarchFilter::start(gjr, 1e-4);
  ASSERT_TRUE(stream);
  const auto batch = garch_variances(gjr, 1e-4, returns);
  ASSERT_TRUE(batch);
  for (std::size_t i = 0; i < returns.size(); ++i) {
    ASSERT_EQ(stream->variance(), (*batch)[i]) << i;
    ASSERT_TRUE(stream->update(returns[i]));
  }
  EXPECT_EQ(stream->variance(), batch->back());
}

// Scaling by a power of two is exact, so not one bit may differ.
TEST(Garch, ScaledReturnsScaleTheVariance) {
  auto returns = some_returns(500);
  const auto plain = garch_variances(gjr, 1e-4, returns);
  for (double& value : returns) value *= 128;
  GarchParameters scaled = gjr;
  scaled.mean *= 128;
  scaled.omega *= 128 * 128;
  const auto large = garch_variances(scaled, 1e-4 * 128 * 128, returns);
  for (std::size_t i = 0; i < plain->size(); ++i) ASSERT_EQ((*large)[i], (*plain)[i] * 128 * 128);
}

TEST(Garch, ConstantReturnsLeadToTheFixedPoint) {
  const std::vector<double> returns(5000, gjr.mean);
  const auto variances = garch_variances(gjr, 1e-4, returns);
  EXPECT_NEAR(variances->back(), gjr.omega / (1 - gjr.beta), 1e-18);
}

TEST(Garch, ForecastTendsToTheLongRun) {
  const auto variances = garch_forecast(gjr, 4e-4, 2000);
  EXPECT_EQ(variances.front(), 4e-4);
  EXPECT_NEAR(variances[1], gjr.omega + (0.03 + 0.04 + 0.9) * 4e-4, 1e-18);
  EXPECT_NEAR(variances.back(), gjr.long_run_variance(), 1e-15);
}

TEST(Garch, RefusesGapsAndWrongParameters) {
  auto stream = GarchFilter::start(gjr, 1e-4);
  EXPECT_EQ(stream->update(std::nan("")).error().message, "return is not a finite number");
  EXPECT_EQ(stream->variance(), 1e-4) << "the state is unchanged";
  EXPECT_EQ(GarchFilter::start({.omega = 1, .alpha = -0.1}, 1).error().field, "alpha");
  EXPECT_EQ(GarchFilter::start({.omega = 1, .alpha = 0.1, .nu = 2}, 1).error().field, "nu");
  EXPECT_EQ(GarchFilter::start(gjr, 0).error().field, "first variance");
}

TEST(Ewma, StreamAndBatchHaveTheSameBits) {
  const auto returns = some_returns(1000);
  for (const EwmaDecay decay : {EwmaDecay{}, EwmaDecay{0.99, 0.99}, EwmaDecay{0.9, 0.98}}) {
    auto stream = EwmaVariance::start(decay, 1e-4);
    const auto batch = ewma_variances(decay, 1e-4, returns);
    ASSERT_TRUE(stream && batch);
    for (std::size_t i = 0; i < returns.size(); ++i) {
      ASSERT_EQ(stream->variance(), (*batch)[i]);
      ASSERT_TRUE(stream->update(returns[i]));
    }
  }
}

// RiskMetrics' recursion by hand: 0.94 x 4 + 0.06 x 9.
TEST(Ewma, OneStepByHand) {
  auto stream = EwmaVariance::start({}, 4);
  ASSERT_TRUE(stream->update(-3));
  EXPECT_DOUBLE_EQ(stream->variance(), 4.3);
}

TEST(Ewma, AsymmetricDecayRisesFastAndFallsSlowly) {
  auto stream = EwmaVariance::start({.rising = 0.9, .falling = 0.99}, 1);
  ASSERT_TRUE(stream->update(2));
  EXPECT_DOUBLE_EQ(stream->variance(), 0.9 + 0.1 * 4);
  ASSERT_TRUE(stream->update(0));
  EXPECT_DOUBLE_EQ(stream->variance(), 0.99 * 1.3);
}

TEST(Ewma, RefusesGapsAndWrongDecays) {
  auto stream = EwmaVariance::start({}, 4);
  EXPECT_FALSE(stream->update(INFINITY));
  EXPECT_FALSE(stream->update_square(-1));
  EXPECT_EQ(stream->variance(), 4);
  EXPECT_EQ(EwmaVariance::start({.rising = 1.2}, 1).error().message, "rising decay is 1.2, outside 0 to 1");
  const double gap[] = {0.1, NAN};
  EXPECT_EQ(ewma_variances({}, 1, gap).error().field, "returns[1]");
}

// reference.md 1.7: E[(alpha z^2 + beta)^(kappa/2)] = 1 (Kesten; Glasserman and Wu 2018).
TEST(TailIndex, MatchesReference) {
  const auto kappa = [](double alpha, double beta, double nu = std::numeric_limits<double>::infinity()) {
    return garch_tail_index({.omega = 1, .alpha = alpha, .beta = beta, .nu = nu}).value_or(-1);
  };
  EXPECT_NEAR(kappa(0.153134, 0.805974), 5.121061, 1e-6);
  EXPECT_NEAR(kappa(0.05, 0.94), 8.804944, 1e-6);
  EXPECT_NEAR(kappa(0.10, 0.88), 5.609689, 1e-6);
  EXPECT_NEAR(kappa(0.10, 0.85, 5), 4.165044, 1e-6);
  EXPECT_NEAR(kappa(0.08, 0.90, 4), 3.124818, 1e-6);
}

TEST(TailIndex, Edges) {
  EXPECT_TRUE(std::isinf(*garch_tail_index({.omega = 1, .beta = 0.9})));
  EXPECT_FALSE(garch_tail_index({.omega = 1, .alpha = 4, .beta = 0.9}));
  const auto integrated = garch_tail_index({.omega = 1, .alpha = 0.1, .beta = 0.9});  // IGARCH: kappa = 2
  ASSERT_TRUE(integrated);
  EXPECT_NEAR(*integrated, 2, 1e-9);
  const auto symmetric = garch_tail_index({.omega = 1, .alpha = 0.1, .beta = 0.85});
  const auto leverage = garch_tail_index({.omega = 1, .alpha = 0.05, .leverage = 0.1, .beta = 0.85});
  EXPECT_LT(*leverage, *symmetric);
}

}  // namespace
}  // namespace margrave
