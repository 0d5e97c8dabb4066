#include "volatility/arma.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/reference_data_test.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

std::vector<double> alcoa() { return reference_column("dji30ret_AA.csv", 1); }

// rugarch-benchmarks.R, "commercial": ARMA(2,2)-GARCH(1,1)-t, log-likelihood at the published, rounded parameters.
TEST(Arma, LikelihoodOfAlcoaAtThePublishedPoint) {
  const auto returns = alcoa();
  NEED_REFERENCE(returns);
  const GarchParameters variance{.omega = 2.8405e-6, .alpha = 0.044669, .beta = 0.949917, .nu = 6.727497};
  const auto residuals =
      arma_residuals({.mean = 0.000373, .ar = {0.418913, 0.519832}, .ma = {-0.36989, -0.58781}}, returns);
  double value = 0;
  garch_log_likelihoods(*residuals, Presample::mean_square, {&variance, 1}, {&value, 1});
  EXPECT_NEAR(value, 14004.118, 1e-3);
}

TEST(Arma, GarchTOfAlcoaMatchesThePublishedBenchmark) {
  const auto returns = alcoa();
  NEED_REFERENCE(returns);
  const auto fit = fit_arma_garch(GarchModel::garch_t, {.ar = {0.4, 0.5}, .ma = {-0.4, -0.5}}, returns);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  EXPECT_NEAR(fit->log_likelihood, 14004.118, 1e-3);
  EXPECT_NEAR(fit->mean.ar[0], 0.418913, 1e-4);
  EXPECT_NEAR(fit->mean.ar[1], 0.519832, 1e-4);
  EXPECT_NEAR(fit->mean.ma[0], -0.36989, 1e-4);
  EXPECT_NEAR(fit->mean.ma[1], -0.58781, 1e-4);
  EXPECT_NEAR(fit->mean.mean, 0.000373, 1e-6);
  EXPECT_NEAR(fit->variance.omega, 2.8405e-6, 2e-9);
  EXPECT_NEAR(fit->variance.alpha, 0.044669, 1e-5);
  EXPECT_NEAR(fit->variance.beta, 0.949917, 1e-5);
  EXPECT_NEAR(fit->variance.nu, 6.727497, 1e-3);
}

TEST(Arma, GjrTOfAlcoaMatchesThePublishedBenchmark) {
  const auto returns = alcoa();
  NEED_REFERENCE(returns);
  const auto fit = fit_arma_garch(GarchModel::gjr_t, {.ar = {-0.5}, .ma = {0.5}}, returns);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  EXPECT_NEAR(fit->log_likelihood, 14002, 0.05);
  EXPECT_NEAR(fit->variance.omega, 3.6631e-6, 2e-9);
  EXPECT_NEAR(fit->variance.alpha, 0.03235, 1e-5);
  EXPECT_NEAR(fit->variance.beta, 0.945559, 1e-5);
  EXPECT_NEAR(fit->variance.leverage, 0.030108, 1e-5);
  EXPECT_NEAR(fit->variance.nu, 6.925304, 2e-3);
}

TEST(Arma, ResidualsByHand) {
  const double returns[] = {1, 3, 2, 5};
  const auto residuals = arma_residuals({.mean = 1, .ar = {0.5}, .ma = {0.25}}, returns);
  EXPECT_EQ(*residuals, (std::vector<double>{0, 2, -0.5, 3.625}));
}

TEST(Arma, RefusesGapsAndLargeOrders) {
  const auto returns = some_returns(200);
  EXPECT_FALSE(fit_arma_garch(GarchModel::garch, {.ar = std::vector<double>(6, 0.0)}, returns));
  EXPECT_FALSE(arma_residuals({.mean = NAN}, returns));
  EXPECT_FALSE(fit_arma_garch(GarchModel::garch, {}, std::span(returns).first(50)));
}

}  // namespace
}  // namespace margrave
