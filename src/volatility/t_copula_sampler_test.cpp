#include "volatility/t_copula_sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "math/elementary.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

SymmetricMatrix equal_correlation(std::size_t n, double rho) {
  SymmetricMatrix matrix = SymmetricMatrix::identity(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) matrix.set(i, j, rho);
  }
  return matrix;
}

/// Mean of the worst 2.5 % of losses over the first `count` draws, of one of each; or, where `shorts`, of one of each
/// other one against one of those between.
double shortfall(const TCopulaSampler& sampler, std::size_t count, bool shorts = false) {
  std::vector<double> losses;
  for (std::size_t k = 0; k < count; ++k) {
    double sum = 0, sign = 1;
    for (const double x : sampler.draw(k)) {
      sum += sign * x;
      if (shorts) sign = -sign;
    }
    losses.push_back(-sum);
  }
  const auto worst = static_cast<std::ptrdiff_t>(count / 40);
  std::nth_element(losses.begin(), losses.begin() + worst - 1, losses.end(), std::greater<>());
  double total = 0;
  for (auto at = losses.begin(); at != losses.begin() + worst; ++at) total += *at;
  return total / static_cast<double>(worst);
}

struct Error {
  double bias, root_mean_square;
};
Error error_at(double nu, double rho, double exact, std::size_t count, std::uint64_t seeds) {
  double sum = 0, squares = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto sampler = TCopulaSampler::start(equal_correlation(3, rho), nu, seed);
    const double error = shortfall(*sampler, count) / exact - 1;
    sum += error;
    squares += error * error;
  }
  const auto n = static_cast<double>(seeds);
  return {sum / n, std::sqrt(squares / n)};
}

// Three variables with correlation 0.5, one of each: the sum is normal, or t, with variance (scale) 3 + 6 / 2 = 6, so
// its shortfall is known exactly. The error falls with the root of the number of draws.
TEST(TCopulaSampler, ShortfallOfNormalAndTSumsConvergesToTheExactOne) {
  const double z = normal_quantile(0.975);
  const double normal = std::sqrt(6.0) * normal_density(z) / 0.025;
  const double heavy = std::sqrt(6.0) * student_t_tail(0.025, 4).es;
  for (const auto& [nu, exact, most] :
       {std::tuple(TCopulaSampler::gaussian, normal, 0.01), std::tuple(4.0, heavy, 0.03)}) {
    const Error few = error_at(nu, 0.5, exact, 2000, 40), many = error_at(nu, 0.5, exact, 32000, 40);
    const double rate = std::log(few.root_mean_square / many.root_mean_square) / std::log(16.0);
    std::printf("nu %g: error %.4f at 2,000 draws, %.4f at 32,000, rate %.2f\n", nu, few.root_mean_square,
                many.root_mean_square, rate);
    EXPECT_LT(many.root_mean_square, most);
    EXPECT_LT(std::fabs(many.bias), 3.5 * many.root_mean_square / std::sqrt(40.0));
    EXPECT_NEAR(rate, 0.5, 0.17);
  }
}

/// Root mean square of the relative error over ten seeds, of thirteen variables with correlation 0.5.
double error_of_thirteen(double nu, bool shorts, double exact, Points points) {
  double squares = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto sampler = TCopulaSampler::start(equal_correlation(13, 0.5), nu, seed, points);
    const double error = shortfall(*sampler, 4096, shorts) / exact - 1;
    squares += error * error;
  }
  return std::sqrt(squares / 10);
}

// One of each of thirteen has variance 13 + 13 * 12 / 2 = 91; seven against six have 13 / 2 + 1 / 2 = 7, and lie in
// none of the directions that Sobol points fill best.
TEST(TCopulaSampler, SobolPointsComeNearerToTheExactShortfallThanAsManyRandomDraws) {
  const double z = normal_quantile(0.975);
  const double normal = normal_density(z) / 0.025, heavy = student_t_tail(0.025, 4).es;
  for (const auto& [nu, exact] : {std::pair(TCopulaSampler::gaussian, normal), std::pair(4.0, heavy)}) {
    for (const bool shorts : {false, true}) {
      const double scale = std::sqrt(shorts ? 7.0 : 91.0);
      const double random = error_of_thirteen(nu, shorts, scale * exact, Points::philox);
      const double even = error_of_thirteen(nu, shorts, scale * exact, Points::sobol);
      std::printf("nu %g, %s: error at 4,096 %.4f of random draws, %.4f of Sobol points\n", nu,
                  shorts ? "long and short" : "long", random, even);
      EXPECT_LT(even, (shorts ? 0.9 : 0.4) * random);
    }
  }
}

TEST(TCopulaSampler, SobolDrawsHaveTheirCorrelationAndTheirTails) {
  const double nu = 3.5, rho = 0.6;
  const auto sampler = TCopulaSampler::start(equal_correlation(2, rho), nu, 7, Points::sobol);
  ASSERT_TRUE(sampler);
  constexpr std::size_t draws = 16384;
  std::size_t low = 0, both = 0;
  const double at = student_t_quantile(0.05, nu);
  for (std::size_t k = 0; k < draws; ++k) {
    const auto x = sampler->draw(k);
    low += x[0] < at ? 1u : 0u;
    both += x[0] < at && x[1] < at ? 1u : 0u;
  }
  EXPECT_NEAR(static_cast<double>(low) / draws, 0.05, 0.001);
  EXPECT_NEAR(static_cast<double>(both) / draws, bivariate_t_cdf(at, at, nu, rho), 0.001);
}

TEST(TCopulaSampler, ProbabilitiesAreUniformAndJointTailsThoseOfTheBivariateT) {
  const double nu = 3.5, rho = 0.6;
  const auto sampler = TCopulaSampler::start(equal_correlation(2, rho), nu, 7);
  ASSERT_TRUE(sampler);
  constexpr std::size_t draws = 100000;
  std::size_t low = 0, both = 0;
  double sum = 0, squares = 0;
  const double at = student_t_quantile(0.05, nu);
  for (std::size_t k = 0; k < draws; ++k) {
    const auto x = sampler->draw(k);
    const double u = sampler->probability(x[0]);
    sum += u;
    squares += u * u;
    low += x[0] < at ? 1u : 0u;
    both += x[0] < at && x[1] < at ? 1u : 0u;
  }
  EXPECT_NEAR(sum / draws, 0.5, 1e-12) << "antithetic draws";
  EXPECT_NEAR(squares / draws, 1.0 / 3, 0.004);
  EXPECT_NEAR(static_cast<double>(low) / draws, 0.05, 0.003);
  EXPECT_NEAR(static_cast<double>(both) / draws, bivariate_t_cdf(at, at, nu, rho), 0.002);
}

TEST(TCopulaSampler, ADrawDependsOnItsNumberAndTheSeedAlone) {
  const auto one = TCopulaSampler::start(equal_correlation(4, 0.3), 5, 1);
  const auto other = TCopulaSampler::start(equal_correlation(4, 0.3), 5, 2);
  const auto late = one->draw(99999);
  EXPECT_EQ(one->draw(99999), late);
  EXPECT_NE(other->draw(99999), late);
  const auto first = one->draw(10), mirrored = one->draw(11);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(first[i], -mirrored[i]);
}

TEST(TCopulaSampler, GammaHasItsMeanAndVariance) {
  for (const double shape : {1.0, 1.75, 20.0}) {
    Random random{.seed = 3, .stream = 9};
    double sum = 0, squares = 0;
    for (int i = 0; i < 100000; ++i) {
      const double x = gamma_variable(shape, random);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / 100000;
    EXPECT_NEAR(mean / shape, 1, 0.015) << shape;
    EXPECT_NEAR((squares / 100000 - mean * mean) / shape, 1, 0.05) << shape;
  }
}

TEST(TCopulaSampler, RefusesWhatIsWrong) {
  EXPECT_FALSE(TCopulaSampler::start(equal_correlation(3, -0.9), 5, 1));
  EXPECT_FALSE(TCopulaSampler::start(equal_correlation(3, 0.5), 2, 1));
  EXPECT_TRUE(TCopulaSampler::start(equal_correlation(63, 0.5), 5, 1, Points::sobol));
  const auto many = TCopulaSampler::start(equal_correlation(64, 0.5), 5, 1, Points::sobol);
  ASSERT_FALSE(many);
  EXPECT_NE(to_string(many.error()).find("1 to 64 dimensions, not 65"), std::string::npos);
}

}  // namespace
}  // namespace margrave
