#include "study/procyclicality.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "study/quantile.h"

namespace margrave {
namespace {

TEST(Procyclicality, ByHandOnSevenMargins) {
  const double margins[] = {4, 2, 3, 6, 6, 5, 8};
  const auto p = procyclicality(margins, {.windows = 2, .windows_per_day = 2});
  ASSERT_TRUE(p);
  EXPECT_EQ(p->rise_max, 2.0);  // rises 0.5, 2, 1, 0, 0.6
  EXPECT_NEAR(p->rise_p99, 1 + 0.96, 1e-15);
  EXPECT_EQ(p->peak_to_trough, 4.0);
  EXPECT_EQ(p->calls, 2u);  // day of 2, 3: no; of 6, 6: 3 -> 6; of 5, 8: 6 -> 8
}

TEST(Procyclicality, ConstantMarginsNeverRise) {
  const std::vector<double> margins(100, 7.0);
  const auto p = procyclicality(margins);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->rise_p99, 0);
  EXPECT_EQ(p->rise_max, 0);
  EXPECT_EQ(p->peak_to_trough, 1);
  EXPECT_EQ(p->calls, 0u);
}

TEST(Procyclicality, UnitOfTheMarginsDoesNotMatter) {
  std::vector<double> margins, doubled;
  for (int i = 0; i < 300; ++i) margins.push_back(3 + std::sin(0.7 * i * i)), doubled.push_back(2 * margins.back());
  const auto one = procyclicality(margins), two = procyclicality(doubled);
  EXPECT_EQ(one->rise_p99, two->rise_p99);
  EXPECT_EQ(one->rise_max, two->rise_max);
  EXPECT_EQ(one->peak_to_trough, two->peak_to_trough);
  EXPECT_EQ(one->calls, two->calls);
}

TEST(Procyclicality, RefusesShortAndEmptyMargins) {
  const std::vector<double> few(15, 1.0);
  EXPECT_EQ(procyclicality(few).error().message, "margins has 15 values and needs at least 16");
  std::vector<double> zero(20, 1.0);
  zero[3] = 0;
  EXPECT_EQ(procyclicality(zero).error().message, "margins[3] is 0, not above zero");
  EXPECT_FALSE(procyclicality(zero, {.windows = 0}));
  EXPECT_FALSE(procyclicality(zero, {.windows_per_day = 0}));
}

TEST(TailMarginRatio, MarginBeforeTheWorstLosses) {
  std::vector<double> losses(200, 0.0), margins(200, 1.0);
  losses[7] = 5, losses[90] = 4, losses[120] = 3;
  margins[7] = 2, margins[90] = 4, margins[120] = 9;
  EXPECT_NEAR(*tail_margin_ratio(losses, margins), 3 / (212.0 / 200), 1e-15);
  EXPECT_NEAR(*tail_margin_ratio(losses, margins, 0.015), 5 / (212.0 / 200), 1e-15);
}

TEST(TailMarginRatio, OnePerCentOfFiveHundredIsFive) {
  std::vector<double> losses(500), margins(500, 1.0);
  for (std::size_t i = 0; i < 500; ++i) losses[i] = -static_cast<double>(i);
  margins[5] = 1000;  // the sixth worst
  EXPECT_LT(*tail_margin_ratio(losses, margins), 1);
}

TEST(TailMarginRatio, EdgesAndErrors) {
  const double loss[] = {1}, margin[] = {3};
  EXPECT_EQ(*tail_margin_ratio(loss, margin), 1);
  EXPECT_FALSE(tail_margin_ratio({}, {}));
  EXPECT_FALSE(tail_margin_ratio(loss, margin, 0));
  EXPECT_FALSE(tail_margin_ratio(loss, {}));
}

TEST(Quantile, IsLinearBetweenOrderStatistics) {
  const double values[] = {1, 2, 4, 8};
  EXPECT_EQ(sorted_quantile(values, 0), 1);
  EXPECT_EQ(sorted_quantile(values, 0.5), 3);
  EXPECT_EQ(sorted_quantile(values, 1), 8);
  const double open[] = {1, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  EXPECT_EQ(sorted_quantile(open, 0), 1);
  EXPECT_TRUE(std::isinf(sorted_quantile(open, 0.975)));
}

}  // namespace
}  // namespace margrave
