#include "study/conditional_coverage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "study/coverage.h"
#include "study/independence.h"
#include "study/path_of_bits_test.h"
#include "study/path_probability.h"

namespace margrave {
namespace {

TEST(ConditionalCoverage, ExactPValueAgreesWithEveryPathOfTwelve) {
  constexpr std::size_t n = 12;
  constexpr double p = 0.2;
  std::vector<double> ratios, probabilities;
  for (unsigned mask = 0; mask < 1u << n; ++mask) {
    const BreachPath path = path_of_bits(mask, n);
    const auto x = static_cast<double>(path.count.breaches);
    ratios.push_back(conditional_coverage(path, p)->both);
    probabilities.push_back(std::pow(p, x) * std::pow(1 - p, static_cast<double>(n) - x));
  }
  for (std::size_t i = 0; i < ratios.size(); i += 37) {
    double sum = 0;
    for (std::size_t j = 0; j < ratios.size(); ++j) sum += ratios[j] >= ratios[i] - 1e-9 ? probabilities[j] : 0;
    EXPECT_NEAR(*exact_conditional_p({n, p}, ratios[i]), sum, 1e-12);
  }
}

TEST(ConditionalCoverage, ExactAndSimulatedPValuesAgree) {
  for (const std::size_t n : {250u, 1095u, 5480u}) {
    for (const double ratio : {0.5, 2.0, 4.6, 7.8}) {
      const auto exact = exact_conditional_p({n, 0.01}, ratio);
      const auto simulated = simulated_conditional_p({n, 0.01}, ratio, {.draws = 40'000});
      ASSERT_TRUE(exact && simulated);
      EXPECT_NEAR(*exact, *simulated, 3 * std::sqrt(*exact * (1 - *exact) / 40'000) + 1e-4) << n << " " << ratio;
    }
  }
}

// reference.md 2, "finite-sample size of the 5 % chi-square tests at p = 1 %", there by 6,000 to 20,000 simulations.
TEST(ConditionalCoverage, FiniteSampleSizesOfTheReference) {
  const struct {
    std::size_t n;
    double coverage, independence, both;
  } rows[] = {{250, 9.4, 1.4, 0.8},  {500, 7.0, 1.5, 1.6},  {1000, 5.6, 1.8, 2.8},
              {1250, 6.4, 1.1, 2.5}, {1825, 4.6, 1.4, 2.5}, {5475, 4.8, 1.7, 3.3}};
  for (const auto& row : rows) {
    const auto rejected = path_probability(
        row.n, 0.01, [](const BreachPath& path) { return kupiec_ratio(path.count, 0.01) > 3.841458820694124; });
    const auto clustered = exact_independence_p({row.n, 0.01}, 3.841458820694124);
    const auto both = exact_conditional_p({row.n, 0.01}, 5.991464547107979);
    ASSERT_TRUE(rejected && clustered && both);
    const auto error = [](double percent) { return 3 * std::sqrt(percent * (100 - percent) / 6000) + 0.05; };
    EXPECT_NEAR(100 * *rejected, row.coverage, error(row.coverage)) << row.n;
    EXPECT_NEAR(100 * *clustered, row.independence, error(row.independence)) << row.n;
    EXPECT_NEAR(100 * *both, row.both, error(row.both)) << row.n;
  }
}

TEST(ConditionalCoverage, EveryPathTogetherHasProbabilityOne) {
  for (const std::size_t n : {0u, 1u, 2u, 250u, 5500u}) {
    EXPECT_NEAR(*path_probability(n, 0.01, [](const BreachPath&) { return true; }), 1, 1e-10) << n;
  }
}

TEST(ConditionalCoverage, EdgesHaveRatiosAndPValues) {
  const BreachPath none{.count = {250, 0}}, nothing{}, all{.count = {5, 5}, .runs = 1, .first = true, .last = true};
  EXPECT_EQ(conditional_coverage(none, 0.01)->independence, 0);
  EXPECT_EQ(conditional_coverage(nothing, 0.01)->both, 0);
  EXPECT_EQ(conditional_coverage(nothing, 0.01)->both_chi_square_p, 1);
  EXPECT_EQ(conditional_coverage(all, 0.01)->independence, 0);
  EXPECT_EQ(*exact_conditional_p({0, 0.01}, 0), 1);
  EXPECT_EQ(*simulated_conditional_p({0, 0.01}, 0, {}), 1);
  EXPECT_EQ(*simulated_conditional_p({1, 0.01}, 0, {}), 1);
}

TEST(ConditionalCoverage, SimulationIsTheSameOnAnyNumberOfThreads) {
  const double once = *simulated_conditional_p({1095, 0.01}, 3, {.seed = 5, .threads = 1});
  for (const unsigned threads : {2u, 3u, 8u}) {
    EXPECT_EQ(*simulated_conditional_p({1095, 0.01}, 3, {.seed = 5, .threads = threads}), once);
  }
  EXPECT_NE(*simulated_conditional_p({1095, 0.01}, 3, {.seed = 6}), once);
}

TEST(ConditionalCoverage, EveryPValueIsAProbability) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    Random random{.seed = seed};
    Breaches breaches{.observations = random.below(300)};
    const double p = random.uniform(), rate = random.uniform() * random.uniform();
    for (std::size_t i = 0; i < breaches.observations; ++i) {
      if (random.uniform() < rate) breaches.at.push_back(i);
    }
    const BreachPath path = path_of(breaches);
    const auto both = conditional_coverage(path, p);
    ASSERT_TRUE(both);
    const ConditionalCoverageNull null{path.count.observations, p};
    for (const double value :
         {both->both_chi_square_p, both->independence_chi_square_p, *runs_test(path),
          *exact_conditional_p(null, both->both), unconditional_coverage(path.count, p)->exact_p}) {
      EXPECT_GE(value, 0);
      EXPECT_LE(value, 1);
    }
  }
}

TEST(ConditionalCoverage, RefusesWhatCannotBe) {
  EXPECT_FALSE(conditional_coverage({.count = {12, 2}, .runs = 3}, 0.01));
  EXPECT_FALSE(conditional_coverage({}, 0));
  EXPECT_EQ(exact_conditional_p({20'001, 0.01}, 1).error().message, "20001 observations are more than 20000");
  EXPECT_EQ(simulated_conditional_p({100, 0.01}, 1, {.draws = 100}).error().message,
            "100 draws are not 10000 to 10000000");
}

}  // namespace
}  // namespace margrave
