#include "volatility/t_copula.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/kendall.h"
#include "volatility/some_returns_test.h"
#include "volatility/tail_fit.h"

namespace margrave {
namespace {

/// Bivariate t with integer nu, by its definition.
std::vector<double> t_pairs(std::size_t rows, int nu, double rho) {
  const std::size_t each = static_cast<std::size_t>(nu) + 2;
  const std::vector<double> z = some_normals(rows * each, 20);
  std::vector<double> pairs;
  for (std::size_t from = 0; from < z.size(); from += each) {
    double chi = 0;
    for (std::size_t k = 2; k < each; ++k) chi += z[from + k] * z[from + k];
    const double scale = std::sqrt(nu / chi), a = z[from], b = z[from + 1];
    pairs.push_back(scale * a);
    pairs.push_back(scale * (rho * a + std::sqrt(1 - rho * rho) * b));
  }
  return pairs;
}

TEST(Kendall, AgreesWithCountingPairs) {
  std::vector<double> x, y;
  for (int i = 0; i < 200; ++i) {
    x.push_back(std::floor(8 * std::sin(i * i)));
    y.push_back(std::floor(5 * std::cos(3 * i)) + 0.5 * x.back());
  }
  double balance = 0, untied_x = 0, untied_y = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double a = x[i] - x[j], b = y[i] - y[j];
      balance += (a * b > 0) - (a * b < 0);
      untied_x += a != 0;
      untied_y += b != 0;
    }
  }
  EXPECT_NEAR(*kendall_tau(x, y), balance / std::sqrt(untied_x * untied_y), 1e-15);
  EXPECT_DOUBLE_EQ(*kendall_tau(x, x), 1);
  for (double& value : y) value = -value;
  EXPECT_NEAR(*kendall_tau(x, y), -balance / std::sqrt(untied_x * untied_y), 1e-15);
}

TEST(Kendall, RanksShareTies) {
  const double series[] = {3, 1, 3, 2};
  EXPECT_EQ(ranks(series), (std::vector<double>{3.5, 1, 3.5, 2}));
}

TEST(TCopula, FindsTheParametersOfDraws) {
  const auto pairs = t_pairs(4000, 4, 0.6);
  const auto fit = fit_t_copula(pairs, 2);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(fit->correlation(0, 1), 0.6, 0.03);
  EXPECT_NEAR(fit->nu, 4, 3 * fit->nu_error);
  EXPECT_LT(fit->nu_error, 0.6);
  EXPECT_GE(fit->log_likelihood, *t_copula_log_likelihood(pairs, fit->correlation, 4));
}

// A copula does not know the marginals: a rising transformation changes nothing.
TEST(TCopula, MarginalsDoNotMatter) {
  auto pairs = t_pairs(500, 5, -0.3);
  const auto before = fit_t_copula(pairs, 2);
  for (std::size_t k = 0; k < pairs.size(); k += 2) pairs[k] = std::atan(pairs[k]);
  const auto after = fit_t_copula(pairs, 2);
  EXPECT_EQ(before->nu, after->nu);
  EXPECT_EQ(before->correlation.cells, after->correlation.cells);
}

TEST(TCopula, RefusesGapsAndShortSeries) {
  auto pairs = t_pairs(60, 5, 0);
  EXPECT_EQ(fit_t_copula(std::span(pairs).first(20), 2).error().message,
            "returns has 20 values and needs at least 100");
  EXPECT_FALSE(fit_t_copula(pairs, 7));
  pairs[3] = NAN;
  EXPECT_FALSE(fit_t_copula(pairs, 2));
  EXPECT_FALSE(fit_t_copula(std::vector<double>(200, 1.0), 2));
}

/// Quantiles of the generalised Pareto at (i - 1/2)/n, plus a body below the threshold.
std::vector<double> pareto_losses(std::size_t n, double threshold, double scale, double shape) {
  std::vector<double> losses;
  for (std::size_t i = 0; i < n; ++i) {
    const double tail = 1 - (static_cast<double>(i) + 0.5) / static_cast<double>(n);
    losses.push_back(threshold + scale * (std::pow(tail, -shape) - 1) / shape);
    for (int k = 0; k < 9; ++k) losses.push_back(threshold - 1 - k);
  }
  return losses;
}

TEST(ParetoTail, RecoversExactQuantiles) {
  for (const double shape : {-0.2, 0.1, 0.3, 0.5}) {
    const auto losses = pareto_losses(20'000, 2, 0.7, shape);
    const auto fit = fit_pareto_tail(losses, 2);
    const auto moments = pareto_tail_by_moments(losses, 2);
    ASSERT_TRUE(fit && moments);
    EXPECT_TRUE(fit->converged);
    EXPECT_NEAR(fit->tail.shape, shape, 2e-3);
    EXPECT_NEAR(fit->tail.scale, 0.7, 2e-3);
    EXPECT_NEAR(moments->shape, shape, 0.02);
    EXPECT_DOUBLE_EQ(fit->tail.exceedance, 0.1);
    // Smith (1987): the variance of the shape is (1 + shape)^2 / n.
    EXPECT_NEAR(fit->shape_error, (1 + shape) / std::sqrt(20'000), 2e-4);
  }
}

// Exact Pareto, P(X > x) = 1/x^4 beyond 1: VaR = p^(-1/4), ES = 4/3 VaR.
TEST(ParetoTail, LossesOfAnExactPareto) {
  const ParetoTail tail{
      .threshold = std::pow(0.1, -0.25), .scale = 0.25 * std::pow(0.1, -0.25), .shape = 0.25, .exceedance = 0.1};
  for (const double p : {0.1, 0.025, 0.01, 1e-4}) {
    const TailLoss loss = pareto_tail_loss(tail, p);
    EXPECT_NEAR(loss.var, std::pow(p, -0.25), 1e-13);
    EXPECT_NEAR(loss.es, std::pow(p, -0.25) * 4 / 3, 1e-13);
  }
}

TEST(ParetoTail, HillOnExactParetoAndThreshold) {
  std::vector<double> losses;
  for (int i = 0; i < 10'000; ++i) losses.push_back(std::pow((i + 0.5) / 10'000, -1.0 / 3));
  const auto hill = hill_tail_index(losses, 500);
  ASSERT_TRUE(hill);
  EXPECT_NEAR(hill->alpha, 3, 0.02);
  EXPECT_NEAR(hill->error, 3 / std::sqrt(500.0), 1e-3);
  EXPECT_EQ(*tail_threshold(losses, 0.05), losses[500]);
}

TEST(ParetoTail, RefusesShortAndConstantTails) {
  const std::vector<double> constant(100, 1.0);
  EXPECT_FALSE(fit_pareto_tail(constant, 2));
  EXPECT_FALSE(hill_tail_index(constant, 5));
  EXPECT_FALSE(hill_tail_index(constant, 100));
  EXPECT_FALSE(tail_threshold(constant, 0.05));
  EXPECT_FALSE(fit_pareto_tail(std::vector<double>{1, NAN}, 0));
}

}  // namespace
}  // namespace margrave
