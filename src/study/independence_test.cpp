#include "study/independence.h"

#include <gtest/gtest.h>

#include "study/path_of_bits_test.h"

namespace margrave {
namespace {

// 1043 days, 57 breaches in 53 runs: N00, N10, N01, N11 = 932, 53, 53, 4.
constexpr BreachPath mathworks{.count = {1043, 57}, .runs = 53, .first = false, .last = false};

TEST(Independence, MathWorksPathHasItsTransitions) {
  const Transitions t = transitions_of(mathworks);
  EXPECT_EQ(t.after_covered.covered, 932u);
  EXPECT_EQ(t.after_breach.covered, 53u);
  EXPECT_EQ(t.after_covered.breach, 53u);
  EXPECT_EQ(t.after_breach.breach, 4u);
}

// All 2^12 paths: the formulas count what enumeration counts.
TEST(RunsTest, AgreesWithEveryPathOfTwelve) {
  constexpr std::size_t n = 12;
  std::size_t paths[n + 1][n + 1] = {}, of_count[n + 1] = {};
  for (unsigned mask = 0; mask < 1u << n; ++mask) {
    const BreachPath path = path_of_bits(mask, n);
    ++paths[path.count.breaches][path.count.breaches - path.runs];
    ++of_count[path.count.breaches];
  }
  for (unsigned mask = 0; mask < 1u << n; ++mask) {
    const BreachPath path = path_of_bits(mask, n);
    const std::size_t x = path.count.breaches;
    std::size_t at_least = 0;
    for (std::size_t k = x - path.runs; k <= n; ++k) at_least += paths[x][k];
    const auto p = runs_test(path);
    ASSERT_TRUE(p);
    EXPECT_NEAR(*p, static_cast<double>(at_least) / static_cast<double>(of_count[x]), 1e-14);
  }
}

TEST(RunsTest, EdgesAreCertain) {
  EXPECT_EQ(*runs_test({}), 1);
  EXPECT_EQ(*runs_test({.count = {250, 0}}), 1);
  EXPECT_EQ(*runs_test({.count = {250, 1}, .runs = 1}), 1);
  EXPECT_EQ(*runs_test({.count = {5, 5}, .runs = 1, .first = true, .last = true}), 1);
}

// Two breaches in a row among 100: 99 of the 4950 pairs of days.
TEST(RunsTest, OnePairInAHundred) { EXPECT_NEAR(*runs_test({.count = {100, 2}, .runs = 1}), 0.02, 1e-15); }

TEST(RunsTest, RefusesPathsThatCannotBe) {
  EXPECT_FALSE(runs_test({.count = {12, 2}, .runs = 3}));
  EXPECT_FALSE(runs_test({.count = {3, 2}, .runs = 2}));
  EXPECT_FALSE(runs_test({.count = {3, 0}, .runs = 1}));
  EXPECT_FALSE(runs_test({.count = {3, 3}, .runs = 1}));
  EXPECT_FALSE(runs_test({.count = {3, 1}, .runs = 0}));
  EXPECT_FALSE(runs_test({.count = {2, 3}, .runs = 1}));
}

}  // namespace
}  // namespace margrave
