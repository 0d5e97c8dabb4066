#include "study/block_bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"

namespace margrave {
namespace {

struct Sample {
  std::vector<double> first, second;
  std::vector<std::int64_t> day;
  DatedPairs pairs() const { return {first, second, day}; }
};

/// Costs of two methods over 400 days with three observations each; the first costs `factor` of the second and noise.
Sample some_costs(double factor, double noise) {
  Sample sample;
  Random random{.seed = 9};
  for (std::int64_t day = 19'000; day < 19'400; ++day) {
    for (int window = 0; window < 3; ++window) {
      const double cost = random.uniform() < 0.1 ? random.uniform() : 0;
      sample.second.push_back(cost);
      sample.first.push_back(cost * (factor + noise * (random.uniform() - 0.5)));
      sample.day.push_back(day);
    }
  }
  return sample;
}

TEST(CalendarBlocks, OrderOfSeriesDoesNotMatter) {
  const double first[] = {1, 2, 4, 8}, second[] = {1, 0, 0, 1};
  const std::int64_t day[] = {12, 3, 7, 8};
  const auto blocks = calendar_blocks({first, second, day}, 5);
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 2u);  // days 3 to 7 and 8 to 12
  EXPECT_EQ((*blocks)[0].first, 6);
  EXPECT_EQ((*blocks)[0].count, 2);
  EXPECT_EQ((*blocks)[1].first, 9);
  EXPECT_EQ((*blocks)[1].second, 2);
}

TEST(CalendarBlocks, EmptyBlocksAreLeftOut) {
  const double values[] = {1, 2};
  const std::int64_t day[] = {-7, 100};
  EXPECT_EQ(calendar_blocks({values, values, day}, 5)->size(), 2u);
  EXPECT_TRUE(calendar_blocks({}, 5)->empty());
}

TEST(CalendarBlocks, RefusesWhatIsNoCalendar) {
  const double values[] = {1, 2};
  const std::int64_t far[] = {0, std::int64_t{1} << 62}, day[] = {1, 2};
  EXPECT_FALSE(calendar_blocks({values, values, far}, 5));
  EXPECT_FALSE(calendar_blocks({values, values, {}}, 5));
  EXPECT_FALSE(calendar_blocks({values, {}, day}, 5));
  EXPECT_FALSE(calendar_blocks({values, values, day}, 0));
}

// Blocks with 1 of 2 and 0 of 2: rate 1/4, se^2 = 2 (0.5^2 + 0.5^2) / 4^2.
TEST(PooledRate, StandardErrorOfTwoBlocksByHand) {
  const double losses[] = {3, 1, 1, 1}, margins[] = {2, 2, 2, 2};
  const std::int64_t day[] = {0, 1, 5, 6};
  const auto pooled = pooled_breach_rate({losses, margins, day});
  ASSERT_TRUE(pooled);
  EXPECT_EQ(pooled->rate, 0.25);
  EXPECT_EQ(pooled->standard_error, 0.25);
  EXPECT_EQ(pooled->blocks, 2u);
  EXPECT_FALSE(pooled_breach_rate({losses, margins, day}, 10));
}

TEST(PooledRate, CopiesOfOneSeriesAddNoInformation) {
  Sample one = some_costs(1, 0), three;
  for (double& margin : one.first) margin = 0.5;
  for (int copy = 0; copy < 3; ++copy) {
    three.first.insert(three.first.end(), one.first.begin(), one.first.end());
    three.second.insert(three.second.end(), one.second.begin(), one.second.end());
    three.day.insert(three.day.end(), one.day.begin(), one.day.end());
  }
  const auto single = pooled_breach_rate({one.second, one.first, one.day});
  const auto copies = pooled_breach_rate({three.second, three.first, three.day});
  EXPECT_NEAR(single->rate, copies->rate, 1e-16);
  EXPECT_NEAR(single->standard_error, copies->standard_error, 1e-16);
}

TEST(BlockBootstrap, FindsTenPerCentLess) {
  const Sample sample = some_costs(0.9, 0.4);
  const auto found = bootstrap_difference(sample.pairs(), {});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->relative, -0.1, 0.05);
  EXPECT_LT(found->difference, 0);
  EXPECT_LT(found->low, found->relative);
  EXPECT_GT(found->high, found->relative);
  EXPECT_LT(found->high, 0);
  EXPECT_LT(found->not_better_p, 0.05);
  EXPECT_EQ(found->blocks, 80u);
}

TEST(BlockBootstrap, EqualCostsAreNotBetter) {
  const Sample sample = some_costs(1, 0);
  const auto found = bootstrap_difference(sample.pairs(), {});
  EXPECT_EQ(found->relative, 0);
  EXPECT_EQ(found->not_better_p, 1);
}

// The interval's width is that of the ratio estimator's standard error, worked out from the same blocks.
TEST(BlockBootstrap, IntervalAgreesWithTheRatiosStandardError) {
  const Sample sample = some_costs(0.9, 0.4);
  const auto blocks = calendar_blocks(sample.pairs(), 5);
  double first = 0, second = 0, spread = 0;
  for (const BlockSum& block : *blocks) first += block.first, second += block.second;
  for (const BlockSum& block : *blocks) spread += std::pow(block.first - first / second * block.second, 2);
  const auto found = bootstrap_difference(sample.pairs(), {});
  EXPECT_NEAR((found->high - found->low) / (2 * 1.96 * std::sqrt(spread) / second), 1, 0.06);
}

TEST(BlockBootstrap, IsTheSameOnAnyNumberOfThreads) {
  const Sample sample = some_costs(0.9, 0.4);
  const auto one = bootstrap_difference(sample.pairs(), {.seed = 4, .threads = 1});
  const auto three = bootstrap_difference(sample.pairs(), {.seed = 4, .threads = 3});
  EXPECT_EQ(one->low, three->low);
  EXPECT_EQ(one->high, three->high);
  EXPECT_EQ(one->not_better_p, three->not_better_p);
  EXPECT_NE(one->low, bootstrap_difference(sample.pairs(), {.seed = 5})->low);
}

TEST(BlockBootstrap, RefusesWhatCannotBeCompared) {
  const double some[] = {1, 2}, none[] = {0, 0}, negative[] = {1, -1};
  const std::int64_t far[] = {0, 9}, near[] = {0, 1};
  EXPECT_FALSE(bootstrap_difference({some, none, far}, {}));
  EXPECT_FALSE(bootstrap_difference({some, some, near}, {}));
  EXPECT_FALSE(bootstrap_difference({negative, some, far}, {}));
  EXPECT_FALSE(bootstrap_difference({}, {}));
  EXPECT_TRUE(bootstrap_difference({none, some, far}, {}));
}

}  // namespace
}  // namespace margrave
