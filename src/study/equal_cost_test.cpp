#include "study/equal_cost.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

constexpr std::int64_t day = 86'400'000;

/// Losses of 1, and of 4 every tenth day. The core is flat at 2; raw has 1.5 throughout but 3.5 before a large loss.
std::vector<StudiedSeries> series(std::size_t days) {
  StudiedSeries one;
  for (std::size_t t = 0; t < days; ++t) {
    const bool large = t % 10 == 9;
    one.end_ms.push_back(static_cast<std::int64_t>(t + 1) * day);
    one.side.loss.push_back(large ? 4 : 1);
    one.side.core.push_back(2);
    one.side.raw.push_back(large ? 3.5 : 1.5);
  }
  return {one};
}

TEST(EqualCost, ScalesOnOneSpanAndComparesOnAnother) {
  const std::vector<StudiedSeries> all = series(200);
  const auto found = compare_at_equal_cost({all, WalkModel::raw}, {all, WalkModel::core}, {0, 100 * day},
                                           {100 * day, 200 * day}, {.threads = 1});
  ASSERT_TRUE(found) << to_string(found.error());
  // Mean margins 1.7 and 2; scaled by 2/1.7 the margin before a large loss is 4.12, so nothing is left uncovered.
  EXPECT_NEAR(found->scale, 2 / 1.7, 1e-15);
  EXPECT_NEAR(found->cost, 1, 1e-15);
  EXPECT_EQ(found->breaches, 0u);
  EXPECT_EQ(found->other_breaches, 10u);
  EXPECT_EQ(found->uncovered.relative, -1);
  const auto back = compare_at_equal_cost({all, WalkModel::core}, {all, WalkModel::core}, {0, 100 * day},
                                          {100 * day, 200 * day}, {.threads = 1});
  ASSERT_TRUE(back);
  EXPECT_EQ(back->uncovered.difference, 0);
  EXPECT_EQ(back->uncovered.not_better_p, 1);
}

TEST(EqualCost, RefusesWhatIsNotComparable) {
  const std::vector<StudiedSeries> all = series(100), fewer = series(90);
  const StudySpan whole{0, 100 * day}, none{500 * day, 600 * day};
  EXPECT_FALSE(compare_at_equal_cost({all, WalkModel::raw}, {fewer, WalkModel::core}, whole, whole, {}));
  EXPECT_FALSE(compare_at_equal_cost({all, WalkModel::raw}, {all, WalkModel::core}, none, whole, {}));
  EXPECT_FALSE(compare_at_equal_cost({all, WalkModel::raw}, {all, WalkModel::core}, whole, none, {}));
}

}  // namespace
}  // namespace margrave
