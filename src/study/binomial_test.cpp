#include "study/binomial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "study/coverage.h"

namespace margrave {
namespace {

// Goals, row 4a, prints the numbers of breaches with p above .01 at 1 %.
TEST(Binomial, AcceptedBreachesOfTheGoals) {
  const struct { std::size_t n, low, high; } rows[] = {{1095, 4, 20}, {1551, 6, 26}, {2190, 11, 34}, {5480, 37, 74}};
  for (const auto& [n, low, high] : rows) {
    EXPECT_GT(binomial_test({n, low}, 0.01)->two_sided, 0.01) << n;
    EXPECT_LE(binomial_test({n, low - 1}, 0.01)->two_sided, 0.01) << n;
    EXPECT_GT(binomial_test({n, high}, 0.01)->two_sided, 0.01) << n;
    EXPECT_LE(binomial_test({n, high + 1}, 0.01)->two_sided, 0.01) << n;
  }
}

// P(0) = .0811 and P(5 or more) = .1078 are at most P(0); Kupiec's ratio at 0 is exceeded from 7 on only.
TEST(Binomial, OrdersOutcomesByProbabilityAndKupiecByRatio) {
  EXPECT_NEAR(binomial_test({250, 0}, 0.01)->two_sided, 0.18887089, 5e-9);
  EXPECT_NEAR(unconditional_coverage({250, 0}, 0.01)->exact_p, 0.094759964, 5e-10);
}

TEST(Binomial, EdgesAreExact) {
  EXPECT_EQ(binomial_test({0, 0}, 0.01)->two_sided, 1);
  EXPECT_EQ(binomial_test({0, 0}, 0.01)->at_least, 1);
  EXPECT_EQ(binomial_test({250, 0}, 0.01)->at_least, 1);
  EXPECT_NEAR(binomial_test({250, 0}, 0.01)->at_most, std::pow(0.99, 250), 1e-15);
  EXPECT_EQ(binomial_test({5, 5}, 0.01)->at_most, 1);
  EXPECT_NEAR(binomial_test({5, 5}, 0.01)->at_least, 1e-10, 1e-24);
  EXPECT_EQ(binomial_test({4, 2}, 0.5)->two_sided, 1);
}

TEST(Binomial, SidesOverlapInOneTerm) {
  for (const std::size_t n : {1u, 17u, 250u, 5500u}) {
    const auto terms = binomial_probabilities(n, 0.01);
    for (std::size_t x = 0; x <= std::min<std::size_t>(n, 120); ++x) {
      const auto test = binomial_test({n, x}, 0.01);
      ASSERT_TRUE(test);
      EXPECT_NEAR(test->at_least + test->at_most - terms[x], 1, 1e-12);
      EXPECT_GE(test->two_sided, 0);
      EXPECT_LE(test->two_sided, 1);
    }
  }
}

TEST(Binomial, RefusesWhatCannotBe) {
  EXPECT_EQ(binomial_test({12, 57}, 0.01).error().message, "57 breaches among 12 observations");
  EXPECT_EQ(binomial_test({12, 1}, 1.2).error().message, "probability is 1.2, not between 0 and 1");
  EXPECT_FALSE(binomial_test({12, 1}, 0));
  EXPECT_FALSE(binomial_test({12, 1}, std::nan("")));
  EXPECT_FALSE(binomial_test({std::size_t{1} << 40, 1}, 0.01));
}

}  // namespace
}  // namespace margrave
