#include "volatility/realised_garch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/reference_data_test.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

constexpr RealisedGarchParameters usual = {.omega = 0.07,
                                           .beta = 0.53,
                                           .gamma = 0.43,
                                           .xi = -0.2,
                                           .phi = 1.02,
                                           .tau_1 = -0.06,
                                           .tau_2 = 0.07,
                                           .sigma_u = 0.38,
                                           .first_log_variance = 0.1};

std::vector<double> some_measures(std::size_t n) {
  auto measures = some_returns(n);
  for (double& value : measures) value = stable_exp(50 * value);
  return measures;
}

// reference.md 1.5: SPY open to close and realised kernel, in per cent; Hansen, Huang and Shek (2012) print two digits.
TEST(RealisedGarch, FitOfSpyMatchesReference) {
  const auto returns = reference_column("spyreal.csv", 1, 100), measures = reference_column("spyreal.csv", 2, 100);
  NEED_REFERENCE(returns);
  const auto fit = fit_realised_garch(returns, measures);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  const RealisedGarchParameters& p = fit->parameters;
  EXPECT_NEAR(p.omega, 0.07135, 6e-6);
  EXPECT_NEAR(p.beta, 0.52914, 6e-6);
  EXPECT_NEAR(p.gamma, 0.43320, 6e-6);
  EXPECT_NEAR(p.xi, -0.19549, 6e-6);
  EXPECT_NEAR(p.phi, 1.02485, 6e-6);
  EXPECT_NEAR(p.tau_1, -0.06111, 6e-6);
  EXPECT_NEAR(p.tau_2, 0.07450, 6e-6);
  EXPECT_NEAR(p.sigma_u, 0.38328, 6e-6);
  EXPECT_NEAR(fit->log_likelihood.joint(), -2740.236, 6e-4);
  EXPECT_NEAR(fit->log_likelihood.returns, -1975.801, 6e-4);
  EXPECT_NEAR(fit->log_likelihood.measures, -764.435, 6e-4);
  EXPECT_GT(fit->errors.beta, 0.01);
  EXPECT_LT(fit->errors.beta, 0.1);
  EXPECT_LT(p.persistence(), 1);
}

TEST(RealisedGarch, StreamAndBatchHaveTheSameBits) {
  const auto measures = some_measures(1000);
  auto stream = RealisedGarchFilter::start(usual);
  const auto batch = realised_log_variances(usual, measures);
  ASSERT_TRUE(stream && batch);
  for (std::size_t i = 0; i < measures.size(); ++i) {
    ASSERT_EQ(stream->log_variance(), (*batch)[i]) << i;
    ASSERT_TRUE(stream->update(measures[i]));
  }
  EXPECT_EQ(stream->variance(), stable_exp(batch->back()));
}

TEST(RealisedGarch, OneSetHasTheSameBitsAloneAndAmongOthers) {
  const auto returns = some_returns(300);
  std::vector<double> logs = some_normals(300);
  std::vector<RealisedGarchParameters> sets(11, usual);
  for (std::size_t i = 0; i < sets.size(); ++i) sets[i].beta = 0.05 * static_cast<double>(i);
  std::vector<RealisedLikelihood> together(sets.size());
  realised_log_likelihoods(returns, logs, sets, together);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    RealisedLikelihood alone;
    realised_log_likelihoods(returns, logs, {&sets[i], 1}, {&alone, 1});
    EXPECT_EQ(alone.joint(), together[i].joint());
  }
}

TEST(RealisedGarch, RefusesGapsShortAndConstantSeries) {
  auto stream = RealisedGarchFilter::start(usual);
  for (const double bad : {0.0, -1.0, double{NAN}, double{INFINITY}}) EXPECT_FALSE(stream->update(bad));
  EXPECT_EQ(stream->log_variance(), 0.1);
  RealisedGarchParameters wrong = usual;
  wrong.sigma_u = 0;
  EXPECT_FALSE(RealisedGarchFilter::start(wrong));
  const auto returns = some_returns(200);
  EXPECT_FALSE(fit_realised_garch(returns, some_measures(199)));
  EXPECT_FALSE(fit_realised_garch(returns, std::vector<double>(200, 1.0)));
  EXPECT_FALSE(fit_realised_garch(std::span(returns).first(50), some_measures(50)));
}

}  // namespace
}  // namespace margrave
