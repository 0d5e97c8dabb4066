#include "volatility/egarch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/reference_data_test.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

// rugarch-benchmarks.R, DEM/GBP.
constexpr EgarchParameters published = {.mean = -0.01167873487,
                                        .omega = -0.12633933747,
                                        .sign = -0.03845788444,
                                        .size = 0.33305592776,
                                        .beta = 0.91265373928};

// The log-likelihood is reference.md 1.2's.
TEST(Egarch, LikelihoodAtThePublishedPoint) {
  const auto returns = reference_column("dmbp.csv", 0);
  NEED_REFERENCE(returns);
  double value = 0;
  egarch_log_likelihoods(returns, {&published, 1}, {&value, 1});
  EXPECT_NEAR(value, -1102.25825, 5e-6);
}

TEST(Egarch, FitOfDemGbpMatchesThePublishedBenchmark) {
  const auto returns = reference_column("dmbp.csv", 0);
  NEED_REFERENCE(returns);
  const auto fit = fit_egarch(returns);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  const EgarchParameters &p = fit->parameters, &e = fit->errors;
  EXPECT_GE(fit->log_likelihood, -1102.25825);
  EXPECT_NEAR(fit->log_likelihood, -1102.25825, 1e-3);
  // Our start-up moves the optimum by less than a fiftieth of a standard error.
  EXPECT_NEAR(p.mean, published.mean, 0.02 * e.mean);
  EXPECT_NEAR(p.omega, published.omega, 0.02 * e.omega);
  EXPECT_NEAR(p.sign, published.sign, 0.02 * e.sign);
  EXPECT_NEAR(p.size, published.size, 0.02 * e.size);
  EXPECT_NEAR(p.beta, published.beta, 0.02 * e.beta);
  // The published standard errors, whose method is not stated, are 4 to 6 % above the inverse Hessian's.
  EXPECT_NEAR(e.mean / 0.00886, 1, 0.07);
  EXPECT_NEAR(e.omega / 0.0285, 1, 0.07);
  EXPECT_NEAR(e.sign / 0.0192, 1, 0.07);
  EXPECT_NEAR(e.size / 0.0406, 1, 0.07);
  EXPECT_NEAR(e.beta / 0.0168, 1, 0.07);
}

TEST(Egarch, StreamAndBatchHaveTheSameBits) {
  const auto returns = some_returns(2000);
  const double first = stable_log(1e-4);
  auto stream = EgarchFilter::start(published, first);
  const auto batch = egarch_log_variances(published, first, returns);
  ASSERT_TRUE(stream && batch);
  for (std::size_t i = 0; i < returns.size(); ++i) {
    ASSERT_EQ(stream->log_variance(), (*batch)[i]) << i;
    ASSERT_TRUE(stream->update(returns[i]));
  }
  EXPECT_EQ(stream->variance(), stable_exp(batch->back()));
}

TEST(Egarch, OneSetHasTheSameBitsAloneAndAmongOthers) {
  const auto returns = some_returns(300);
  std::vector<EgarchParameters> sets;
  for (int i = 0; i < 21; ++i) sets.push_back({.mean = 1e-5 * i, .omega = -0.4, .size = 0.01 * i, .beta = 0.95});
  std::vector<double> together(sets.size());
  egarch_log_likelihoods(returns, sets, together);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    double alone = 0;
    egarch_log_likelihoods(returns, {&sets[i], 1}, {&alone, 1});
    EXPECT_EQ(alone, together[i]);
  }
}

// ln h moves by ln c^2 when returns grow by c, and omega by (1 - beta) ln c^2.
TEST(Egarch, UnitOfReturnsDoesNotMatter) {
  auto returns = reference_column("dmbp.csv", 0);
  NEED_REFERENCE(returns);
  const auto fit = fit_egarch(returns);
  for (double& value : returns) value *= 0.01;
  const auto small = fit_egarch(returns);
  ASSERT_TRUE(fit && small);
  EXPECT_NEAR(small->parameters.beta, fit->parameters.beta, 1e-7);
  EXPECT_NEAR(small->parameters.omega - (1 - small->parameters.beta) * 2 * std::log(0.01), fit->parameters.omega, 1e-6);
  EXPECT_NEAR(small->next_log_variance - 2 * std::log(0.01), fit->next_log_variance, 1e-5);
  EXPECT_NEAR(small->errors.beta, fit->errors.beta, 1e-5);
}

TEST(Egarch, RefusesGapsShortAndConstantSeries) {
  auto stream = EgarchFilter::start(published, -1);
  EXPECT_FALSE(stream->update(NAN));
  EXPECT_EQ(stream->log_variance(), -1);
  EXPECT_FALSE(EgarchFilter::start({.beta = 1.5}, 0));
  EXPECT_FALSE(fit_egarch(std::vector<double>(99, 0.1)));
  EXPECT_EQ(fit_egarch(std::vector<double>(200, 0.1)).error().message, "the returns do not vary");
}

}  // namespace
}  // namespace margrave
