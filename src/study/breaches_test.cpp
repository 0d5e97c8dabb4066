#include "study/breaches.h"

#include <gtest/gtest.h>

#include <cmath>

namespace margrave {
namespace {

TEST(Breaches, ALossEqualToItsMarginIsCovered) {
  const double losses[] = {1, 3, 2, -5, 6}, margins[] = {2, 2, 2, 2, 2};
  const auto found = find_breaches(losses, margins);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at, (std::vector<std::size_t>{1, 4}));
  EXPECT_EQ(found->observations, 5u);
  EXPECT_EQ(found->uncovered, 1.0);    // (1 + 4) / 5
  EXPECT_EQ(found->mean_excess, 2.5);  // (1 + 4) / 2
  EXPECT_EQ(found->worst_excess, 4.0);
  EXPECT_EQ(breach_rate(count_of(*found)), 0.4);
}

TEST(Breaches, PathHasRunsAndEnds) {
  const BreachPath path = path_of({.observations = 9, .at = {0, 1, 4, 7, 8}});
  EXPECT_EQ(path.count.observations, 9u);
  EXPECT_EQ(path.count.breaches, 5u);
  EXPECT_EQ(path.runs, 3u);
  EXPECT_TRUE(path.first);
  EXPECT_TRUE(path.last);
}

TEST(Breaches, NothingIsNoBreach) {
  const auto found = find_breaches({}, {});
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->at.empty());
  EXPECT_EQ(found->uncovered, 0);
  EXPECT_EQ(breach_rate(count_of(*found)), 0);
  EXPECT_EQ(path_of(*found).runs, 0u);
}

TEST(Breaches, RefusesGapsAndUnpairedSeries) {
  const double losses[] = {1, std::nan("")}, margins[] = {2, 2};
  EXPECT_EQ(find_breaches(losses, margins).error().message, "losses[1] is not a finite number");
  EXPECT_EQ(find_breaches(margins, losses).error().message, "margins[1] is not a finite number");
  EXPECT_EQ(find_breaches(margins, {}).error().message, "losses has 2 values and margins 0");
}

}  // namespace
}  // namespace margrave
