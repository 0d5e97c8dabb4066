#include "depth/resting_depth.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace margrave {
namespace {

Ratio percent(int value) { return {value * power_of_ten(10)}; }

TimedDepth at(std::int64_t time_us, std::int64_t bid, std::int64_t ask) {
  return {time_us, {.distances = {percent(1)}, .bid = {BookSize{bid}}, .ask = {BookSize{ask}}}};
}

TEST(RestingDepth, IsTheDepthThatWasThereForTheShareOfTheTime) {
  const std::vector<TimedDepth> depths = {at(0, 10, 1), at(60, 4, 2), at(70, 8, 3)};
  const auto resting = [&](int share) { return resting_depth(depths, 0, 100, percent(share))->bid[0].raw; };
  EXPECT_EQ(resting(100), 4);  // 10 for 60, 8 for 30, 4 for 10
  EXPECT_EQ(resting(91), 4);
  EXPECT_EQ(resting(90), 8);
  EXPECT_EQ(resting(61), 8);
  EXPECT_EQ(resting(60), 10);
  EXPECT_EQ(resting_depth(depths, 0, 100, percent(70))->ask[0].raw, 1);
  EXPECT_EQ(resting_depth(depths, 65, 66, percent(100))->bid[0].raw, 4);
  EXPECT_EQ(resting_depth(depths, 200, 300, percent(100))->bid[0].raw, 8);
}

TEST(RestingDepth, AMomentOfNoLengthDoesNotCount) {
  const std::vector<TimedDepth> depths = {at(0, 10, 1), at(60, 0, 0), at(60, 8, 3)};
  EXPECT_EQ(resting_depth(depths, 0, 100, percent(100))->bid[0].raw, 8);
}

TEST(RestingDepth, RefusesWhatItCannotKnow) {
  const std::vector<TimedDepth> depths = {at(10, 10, 1), at(60, 4, 2)};
  EXPECT_FALSE(resting_depth(depths, 0, 100, percent(95)).has_value());
  EXPECT_FALSE(resting_depth(depths, 20, 20, percent(95)).has_value());
  EXPECT_FALSE(resting_depth(depths, 20, 30, percent(0)).has_value());
  EXPECT_FALSE(resting_depth(depths, 20, 30, percent(101)).has_value());
  EXPECT_FALSE(resting_depth({}, 20, 30, percent(95)).has_value());
  EXPECT_FALSE(resting_depth(std::vector<TimedDepth>{depths[1], depths[0]}, 70, 80, percent(95)).has_value());
}

/// Microsecond by microsecond.
std::int64_t counted(const std::vector<TimedDepth>& depths, std::int64_t begin, std::int64_t end, int share) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t t = begin; t < end; ++t) {
    std::int64_t size = 0;
    for (const TimedDepth& depth : depths) {
      if (depth.time_us <= t) size = static_cast<std::int64_t>(depth.curve.bid[0].raw);
    }
    sizes.push_back(size);
  }
  std::sort(sizes.rbegin(), sizes.rend());
  const std::size_t needed = (sizes.size() * static_cast<std::size_t>(share) + 99) / 100;
  return sizes[needed - 1];
}

std::vector<TimedDepth> random_depths(Random& random) {
  std::vector<TimedDepth> depths;
  std::int64_t time = -5;
  for (int i = 0; i < 12; ++i) {
    depths.push_back(at(time, static_cast<std::int64_t>(random.below(50)), 1));
    time += static_cast<std::int64_t>(random.below(20));
  }
  return depths;
}

TEST(RestingDepth, AgreesWithCountingEachMoment) {
  Random random{.seed = 20261129, .stream = 1};
  for (int i = 0; i < 500; ++i) {
    const std::vector<TimedDepth> depths = random_depths(random);
    const auto begin = static_cast<std::int64_t>(random.below(30));
    const std::int64_t end = begin + 1 + static_cast<std::int64_t>(random.below(100));
    const int share = 1 + static_cast<int>(random.below(100));
    const auto resting = resting_depth(depths, begin, end, percent(share));
    ASSERT_TRUE(resting.has_value());
    EXPECT_EQ(static_cast<std::int64_t>(resting->bid[0].raw), counted(depths, begin, end, share))
        << "seed 20261129, case " << i;
  }
}

// What any extra size that rests for a share w can do: no more than looking at share - w instead, whatever its size.
TEST(RestingDepth, WhatRestsBrieflyLiftsItNoFurtherThanAShorterShare) {
  Random random{.seed = 20261130, .stream = 1};
  for (int i = 0; i < 300; ++i) {
    const std::vector<TimedDepth> depths = random_depths(random);
    const auto from = static_cast<std::int64_t>(random.below(90));
    std::vector<TimedDepth> walled;
    for (std::int64_t t = 0; t < 100; ++t) {  // ten moments of a wall of a million
      std::int64_t size = 0;
      for (const TimedDepth& depth : depths) {
        if (depth.time_us <= t) size = static_cast<std::int64_t>(depth.curve.bid[0].raw);
      }
      walled.push_back(at(t, size + (t >= from && t < from + 10 ? 1'000'000 : 0), 1));
    }
    const auto without = resting_depth(depths, 0, 100, percent(95)), with = resting_depth(walled, 0, 100, percent(95));
    const auto shorter = resting_depth(depths, 0, 100, percent(85));
    EXPECT_GE(with->bid[0], without->bid[0]);
    EXPECT_LE(with->bid[0], shorter->bid[0]) << "seed 20261130, case " << i;
    EXPECT_LT(with->bid[0].raw, 1'000'000);
  }
}

}  // namespace
}  // namespace margrave
