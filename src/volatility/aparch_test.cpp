#include "volatility/aparch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/reference_data_test.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

constexpr AparchParameters usual = {.omega = 1e-4, .alpha = 0.05, .gamma = 0.3, .beta = 0.93, .delta = 1.2};

// rugarch-benchmarks.R, "commercial": ARMA(1,1)-APARCH-t of AA; the log-likelihood is printed as 14011.7.
TEST(Aparch, AlcoaMatchesThePublishedBenchmark) {
  const auto returns = reference_column("dji30ret_AA.csv", 1);
  NEED_REFERENCE(returns);
  const auto fit = fit_aparch({.student_t = true}, {.ar = {-0.5}, .ma = {0.5}}, returns);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  EXPECT_NEAR(fit->log_likelihood, 14011.7, 0.05);
  EXPECT_NEAR(fit->variance.beta, 0.952363, 1e-3);
  EXPECT_NEAR(fit->variance.delta, 1.224256, 0.03);
  EXPECT_NEAR(fit->variance.nu, 7.118846, 0.02);
}

// reference.md 1.4: the Python package arch, S&P 500, TARCH with power 1: 0 and 0.17071 are alpha (1 -+ gamma).
TEST(Aparch, TarchOfSp500MatchesArch) {
  const std::vector<double> close = reference_column("arch_sp500.csv", 5);
  NEED_REFERENCE(close);
  std::vector<double> returns;
  for (std::size_t i = 1; i < close.size(); ++i) returns.push_back(100 * (close[i] / close[i - 1] - 1));
  const auto fit = fit_aparch({.delta = 1.0, .presample = Presample::backcast}, {}, returns);
  ASSERT_TRUE(fit);
  const AparchParameters& p = fit->variance;
  EXPECT_TRUE(fit->converged);
  EXPECT_NEAR(fit->log_likelihood, -6799.178, 1e-3);
  EXPECT_NEAR(fit->mean.mean, 0.01430, 5.1e-6);
  EXPECT_NEAR(p.omega, 0.02583, 5.1e-6);
  EXPECT_NEAR(p.alpha * (1 - p.gamma), 0, 1e-12);
  EXPECT_NEAR(p.alpha * (1 + p.gamma), 0.17071, 5.1e-6);
  EXPECT_NEAR(p.beta, 0.90977, 5.1e-6);
  const auto tails = fit_aparch({.delta = 1.0, .student_t = true, .presample = Presample::backcast}, {}, returns);
  ASSERT_TRUE(tails);
  EXPECT_NEAR(tails->log_likelihood, -6721.902, 1e-3);
  EXPECT_NEAR(tails->variance.nu, 7.780, 1e-3);
}

TEST(Aparch, PowerTwoIsGarch) {
  const auto returns = some_returns(500);
  const GarchParameters garch{.omega = 1e-6, .alpha = 0.05, .beta = 0.9, .nu = 6};
  double value = 0;
  garch_log_likelihoods(returns, Presample::mean_square, {&garch, 1}, {&value, 1});
  const AparchParameters aparch{.omega = 1e-6, .alpha = 0.05, .beta = 0.9, .delta = 2, .nu = 6};
  EXPECT_NEAR(aparch_log_likelihood(aparch, Presample::mean_square, returns), value, 1e-9);
}

TEST(Aparch, StreamAndBatchHaveTheSameBits) {
  const auto returns = some_returns(1000);
  auto stream = AparchFilter::start(usual, 1e-4);
  ASSERT_TRUE(stream);
  const auto batch = aparch_powers(usual, stream->power(), returns);
  for (std::size_t i = 0; i < returns.size(); ++i) {
    ASSERT_EQ(stream->power(), batch[i]) << i;
    ASSERT_TRUE(stream->update(returns[i]));
  }
  EXPECT_EQ(stream->power(), batch.back());
  EXPECT_EQ(stream->variance(), stable_pow(batch.back(), 2 / usual.delta));
}

TEST(Aparch, RefusesGapsShortAndConstantSeries) {
  auto stream = AparchFilter::start(usual, 1e-4);
  EXPECT_FALSE(stream->update(NAN));
  EXPECT_FALSE(AparchFilter::start({.omega = 1, .gamma = 1.1}, 1));
  EXPECT_FALSE(AparchFilter::start(usual, 0));
  EXPECT_FALSE(fit_aparch({}, {}, std::vector<double>(50, 0.1)));
  EXPECT_FALSE(fit_aparch({}, {}, std::vector<double>(200, 0.1)));
}

}  // namespace
}  // namespace margrave
