#include "volatility/sobol_points.h"

#include <gtest/gtest.h>

#include <set>

namespace margrave {
namespace {

std::vector<double> point_of(const SobolPoints& points, std::uint64_t at) {
  std::vector<double> out(points.dimensions());
  points.point(at, out);
  return out;
}

// Of the directions of Joe and Kuo; the same as those of Boost 1.74's generator, whose first point is number 1.
TEST(SobolPoints, AreThePublishedOnes) {
  const auto points = SobolPoints::plain(5);
  ASSERT_TRUE(points);
  const std::vector<std::vector<double>> expected{{0.5, 0.5, 0.5, 0.5, 0.5},
                                                  {0.75, 0.25, 0.25, 0.25, 0.75},
                                                  {0.25, 0.75, 0.75, 0.75, 0.25},
                                                  {0.375, 0.375, 0.625, 0.875, 0.375}};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    const auto found = point_of(*points, k + 1);
    for (std::size_t d = 0; d < 5; ++d) EXPECT_NEAR(found[d], expected[k][d], 1e-15) << k << " " << d;
  }
}

// Scrambled or not, each of 2^k equal intervals of every coordinate has one of the first 2^k points.
TEST(SobolPoints, FillEveryCoordinateEvenly) {
  for (const std::uint64_t seed : {0u, 1u, 99u}) {
    const auto points = seed == 0 ? SobolPoints::plain(64) : SobolPoints::scrambled(64, seed);
    ASSERT_TRUE(points);
    std::vector<std::set<int>> cells(64);
    for (std::uint64_t at = 0; at < 1024; ++at) {
      const auto found = point_of(*points, at);
      for (std::size_t d = 0; d < 64; ++d) {
        ASSERT_GT(found[d], 0);
        ASSERT_LT(found[d], 1);
        cells[d].insert(static_cast<int>(found[d] * 1024));
      }
    }
    for (std::size_t d = 0; d < 64; ++d) EXPECT_EQ(cells[d].size(), 1024u) << seed << " " << d;
  }
}

// The first two coordinates are a (0, m, 2) net: each of the 2^m boxes of any shape has one of the first 2^m points.
TEST(SobolPoints, OfTwoCoordinatesFillEveryBox) {
  const auto points = SobolPoints::scrambled(2, 5);
  ASSERT_TRUE(points);
  for (int wide = 0; wide <= 8; ++wide) {
    std::set<std::pair<int, int>> boxes;
    for (std::uint64_t at = 0; at < 256; ++at) {
      const auto found = point_of(*points, at);
      boxes.emplace(static_cast<int>(found[0] * (1 << wide)), static_cast<int>(found[1] * (1 << (8 - wide))));
    }
    EXPECT_EQ(boxes.size(), 256u) << wide;
  }
}

TEST(SobolPoints, DependOnTheSeedAndTheirNumberAndOnNoFurtherCoordinate) {
  const auto one = SobolPoints::scrambled(3, 1), other = SobolPoints::scrambled(3, 2),
             wide = SobolPoints::scrambled(40, 1);
  const auto late = point_of(*one, 4'000'000'000);
  EXPECT_EQ(point_of(*one, 4'000'000'000), late);
  EXPECT_NE(point_of(*other, 4'000'000'000), late);
  auto first = point_of(*wide, 4'000'000'000);
  first.resize(3);
  EXPECT_EQ(first, late);
}

TEST(SobolPoints, RefuseWhatTheyDoNotHave) {
  EXPECT_FALSE(SobolPoints::plain(0));
  EXPECT_FALSE(SobolPoints::scrambled(65, 1));
}

}  // namespace
}  // namespace margrave
