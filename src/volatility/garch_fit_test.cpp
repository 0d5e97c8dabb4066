#include "volatility/garch_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/reference_data_test.h"

namespace margrave {
namespace {

double digits(double value, double expected) { return -std::log10(std::abs(value / expected - 1)); }

std::vector<double> dem_gbp() { return reference_column("dmbp.csv", 0); }

/// Simple returns in per cent of the adjusted close.
std::vector<double> sp500() {
  const std::vector<double> close = reference_column("arch_sp500.csv", 5);
  std::vector<double> returns;
  for (std::size_t i = 1; i < close.size(); ++i) returns.push_back(100 * (close[i] / close[i - 1] - 1));
  return returns;
}

// Bollerslev and Ghysels (1996), the benchmark of Brooks, Burke and Persand (2001); rugarch-benchmarks.R.
TEST(GarchFit, DemGbpMatchesThePublishedBenchmark) {
  const auto returns = dem_gbp();
  NEED_REFERENCE(returns);
  const auto fit = fit_garch(GarchModel::garch, returns);
  ASSERT_TRUE(fit);
  EXPECT_TRUE(fit->converged);
  const GarchParameters& p = fit->parameters;
  EXPECT_GE(digits(p.mean, -0.00619041), 5) << p.mean;
  EXPECT_GE(digits(p.omega, 0.0107613), 5) << p.omega;
  EXPECT_GE(digits(p.alpha, 0.153134), 5) << p.alpha;
  EXPECT_GE(digits(p.beta, 0.805974), 5) << p.beta;
  EXPECT_NEAR(fit->log_likelihood, -1106.6078810, 1e-6);
  const auto& e = fit->errors;
  const double hessian[] = {0.00846212, 0.00285271, 0.0265228, 0.0335527};
  const double outer[] = {0.008434, 0.001323, 0.013974, 0.016560}, robust[] = {0.009189, 0.006485, 0.05346, 0.07235};
  const std::size_t at[] = {0, 1, 2, 4};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_GE(digits(e.hessian[at[i]], hessian[i]), 2.5) << e.hessian[at[i]];
    EXPECT_GE(digits(e.outer_product[at[i]], outer[i]), 2.5) << e.outer_product[at[i]];
    EXPECT_GE(digits(e.robust[at[i]], robust[i]), 2.5) << e.robust[at[i]];
  }
  const auto variances = garch_variances(p, first_garch_variance(p, fit->presample), returns);
  ASSERT_TRUE(variances);
  EXPECT_NEAR(variances->front(), 0.222842, 1e-6);
  EXPECT_NEAR((*variances)[1973], 0.114799, 1e-6);
  EXPECT_NEAR(variances->back(), 0.146993, 1e-6);
  EXPECT_NEAR(fit->next_variance, 0.146993, 1e-6);
}

// The Python package arch, S&P 500 1999-2018, its back-cast.
TEST(GarchFit, Sp500MatchesArch) {
  const auto returns = sp500();
  NEED_REFERENCE(returns);
  const auto fit = fit_garch(GarchModel::garch, returns, Presample::backcast);
  ASSERT_TRUE(fit);
  const GarchParameters& p = fit->parameters;
  EXPECT_TRUE(fit->converged);
  EXPECT_NEAR(p.mean, 0.05635, 5.1e-6);
  EXPECT_NEAR(p.omega, 0.01751, 5.1e-6);
  EXPECT_NEAR(p.alpha, 0.10215, 5.1e-6);
  EXPECT_NEAR(p.beta, 0.88521, 5.1e-6);
  EXPECT_NEAR(fit->log_likelihood, -6936.721, 5e-4);
}

TEST(GarchFit, Sp500LeverageMatchesArch) {
  const auto returns = sp500();
  NEED_REFERENCE(returns);
  const auto fit = fit_garch(GarchModel::gjr, returns, Presample::backcast);
  ASSERT_TRUE(fit);
  const GarchParameters& p = fit->parameters;
  EXPECT_TRUE(fit->converged);
  EXPECT_NEAR(p.mean, 0.01749, 5.1e-6);
  EXPECT_NEAR(p.omega, 0.01957, 5.1e-6);
  EXPECT_NEAR(p.alpha, 0, 1e-9);
  EXPECT_NEAR(p.leverage, 0.18307, 5.1e-6);
  EXPECT_NEAR(p.beta, 0.89224, 5.1e-6);
  EXPECT_NEAR(fit->log_likelihood, -6822.882, 5e-4);
  EXPECT_TRUE(std::isnan(fit->errors.hessian[2])) << "alpha lies on its bound";
}

TEST(GarchFit, TailsRaiseTheLikelihoodOfSp500) {
  const auto returns = sp500();
  NEED_REFERENCE(returns);
  const auto normal = fit_garch(GarchModel::garch, returns), tails = fit_garch(GarchModel::garch_t, returns);
  const auto both = fit_garch(GarchModel::gjr_t, returns);
  ASSERT_TRUE(normal && tails && both);
  EXPECT_TRUE(tails->converged && both->converged);
  EXPECT_GT(tails->log_likelihood, normal->log_likelihood + 50);
  EXPECT_GT(both->log_likelihood, tails->log_likelihood + 50);
  EXPECT_GT(tails->parameters.nu, 4);
  EXPECT_LT(tails->parameters.nu, 12);
}

// Returns in another unit: mean scales once, omega twice, nothing else changes.
TEST(GarchFit, UnitOfReturnsDoesNotMatter) {
  auto returns = dem_gbp();
  NEED_REFERENCE(returns);
  const auto fit = fit_garch(GarchModel::garch, returns);
  for (double& value : returns) value *= 1e-4;
  const auto small = fit_garch(GarchModel::garch, returns);
  ASSERT_TRUE(fit && small);
  EXPECT_NEAR(small->parameters.mean * 1e4, fit->parameters.mean, 1e-8);
  EXPECT_NEAR(small->parameters.omega * 1e8, fit->parameters.omega, 1e-8);
  EXPECT_NEAR(small->parameters.alpha, fit->parameters.alpha, 1e-7);
  EXPECT_NEAR(small->errors.robust[4], fit->errors.robust[4], 1e-5);
}

TEST(GarchFit, OneSetHasTheSameBitsAloneAndAmongOthers) {
  std::vector<double> returns;
  for (int i = 0; i < 333; ++i) returns.push_back(std::sin(i * i * 0.37) * (1 + 0.5 * std::sin(i * 0.01)));
  std::vector<GarchParameters> sets;
  for (int i = 0; i < 37; ++i) {
    sets.push_back({.mean = 0.001 * i, .omega = 0.1, .alpha = 0.002 * i, .leverage = 0.01, .beta = 0.8});
    if (i % 3 == 0) sets.back().nu = 3 + i;
  }
  std::vector<double> together(sets.size());
  garch_log_likelihoods(returns, Presample::mean_square, sets, together);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    double alone = 0;
    garch_log_likelihoods(returns, Presample::mean_square, {&sets[i], 1}, {&alone, 1});
    EXPECT_EQ(alone, together[i]) << i;
    std::vector<double> terms(returns.size());
    garch_log_likelihood_terms(returns, Presample::mean_square, sets[i], terms);
    double sum = 0;
    for (const double term : terms) sum += term;
    EXPECT_NEAR(sum, alone, 1e-10);
  }
}

TEST(GarchFit, RefusesGapsShortAndConstantSeries) {
  std::vector<double> returns(200, 0.01);
  EXPECT_EQ(fit_garch(GarchModel::garch, returns).error().message, "the returns do not vary");
  returns[17] = std::nan("");
  EXPECT_EQ(fit_garch(GarchModel::garch, returns).error().message, "returns[17] is not a finite number");
  EXPECT_EQ(fit_garch(GarchModel::garch, std::span(returns).first(12)).error().message,
            "returns has 12 values and needs at least 100");
}

}  // namespace
}  // namespace margrave
