#include "depth/depth_curve.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

constexpr i128 unit = power_of_ten(12);

OrderBook book_of(std::vector<BookLevel> levels) {
  return *OrderBook::start({.time_us = 0, .update_id = 1, .previous_id = {}, .levels = std::move(levels)});
}

OrderBook some_book() {
  return book_of({{BookSide::bid, {99 * unit}, {5 * unit}},
                  {BookSide::bid, {98 * unit}, {7 * unit}},
                  {BookSide::ask, {101 * unit}, {4 * unit}},
                  {BookSide::ask, {105 * unit}, {9 * unit}}});
}

Ratio percent(int value) { return {value * power_of_ten(10)}; }

TEST(DepthCurve, HasTheSizesWithinEachDistanceEdgesIncluded) {
  const Ratio distances[] = {{power_of_ten(10) - 1}, percent(1), percent(2), percent(4), percent(5)};
  const auto curve = depth_of(some_book(), distances);  // the mid is 100
  ASSERT_TRUE(curve.has_value());
  EXPECT_EQ(curve->bid, (std::vector<BookSize>{{0}, {5 * unit}, {12 * unit}, {12 * unit}, {12 * unit}}));
  EXPECT_EQ(curve->ask, (std::vector<BookSize>{{0}, {4 * unit}, {4 * unit}, {4 * unit}, {13 * unit}}));
  EXPECT_EQ(known_distance(some_book()), percent(2));
  EXPECT_EQ(depth_within(*curve, BookSide::bid, percent(3)), (BookSize{12 * unit}));
  EXPECT_EQ(depth_within(*curve, BookSide::ask, Ratio{1}), BookSize{});
}

TEST(DepthCurve, NeedsAMidAndDistancesThatRise) {
  const std::vector<Ratio> usual = usual_distances();
  EXPECT_FALSE(depth_of(book_of({{BookSide::bid, {unit}, {unit}}}), usual).has_value());
  EXPECT_FALSE(
      depth_of(book_of({{BookSide::bid, {2 * unit}, {unit}}, {BookSide::ask, {unit}, {unit}}}), usual).has_value());
  const std::vector<std::vector<Ratio>> wrong = {
      {}, {{0}}, {percent(2), percent(1)}, {percent(1), percent(1)}, {percent(101)}};
  for (const std::vector<Ratio>& distances : wrong) EXPECT_FALSE(depth_of(some_book(), distances).has_value());
  EXPECT_TRUE(depth_of(some_book(), usual).has_value());
}

TEST(DepthCurve, SizesDoNotFallOutward) {
  const DepthCurve good{{percent(1), percent(2)}, {{1}, {1}}, {{0}, {3}}};
  EXPECT_TRUE(check_curve(good).has_value());
  EXPECT_TRUE(check_curve({}).has_value());
  EXPECT_FALSE(check_curve({{percent(1), percent(2)}, {{2}, {1}}, {{0}, {3}}}).has_value());
  EXPECT_FALSE(check_curve({{percent(1), percent(2)}, {{1}}, {{0}, {3}}}).has_value());
  EXPECT_FALSE(check_curve({{percent(1)}, {{-1}}, {{0}}}).has_value());
  EXPECT_FALSE(check_curve({{}, {{1}}, {}}).has_value());
}

}  // namespace
}  // namespace margrave
