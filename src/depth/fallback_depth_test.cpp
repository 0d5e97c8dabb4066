#include "depth/fallback_depth.h"

#include <gtest/gtest.h>

#include <cmath>

namespace margrave {
namespace {

// sigma of a range of e^0.05 is 0.05 / (2 sqrt(ln 2)) = 0.0300280..., by hand.
constexpr double sigma = 0.05 / 1.6651092223153954;

TEST(FallbackDepth, IsTheSizeThatCostsTheSquareRootLaw) {
  const std::vector<TradedRange> periods = {{.high = 100 * std::exp(0.05), .low = 100, .volume = 5000}};
  std::vector<Ratio> fine;
  for (int i = 1; i <= 64; ++i) fine.push_back({i * power_of_ten(12) / 6400});  // up to 1 %
  const auto curve = fallback_depth(periods, 1, fine);
  ASSERT_TRUE(curve.has_value());
  EXPECT_EQ(curve->bid, curve->ask);
  // The mean distance of all that is traded, in the middle of each step, is Y sigma sqrt(q / V).
  double paid = 0, last = 0;
  for (std::size_t i = 0; i < 64; ++i) {
    const double size = static_cast<double>(curve->bid[i].raw) / 1e12;
    paid += (size - last) * (static_cast<double>(i) + 0.5) / 6400;
    last = size;
  }
  EXPECT_NEAR(paid / last, sigma * std::sqrt(last / 5000), 1e-4 * paid / last);
  EXPECT_NEAR(last, 5000 * std::pow(2 * 0.01 / (3 * sigma), 2), 1e-6 * last);
}

TEST(FallbackDepth, FallsWithImpactAndRangeAndRisesWithVolume) {
  const Ratio distances[] = {{power_of_ten(10)}};
  const auto size = [&](double range, double volume, double impact) {
    return fallback_depth(std::vector<TradedRange>{{range, 1, volume}}, impact, distances)->bid[0];
  };
  EXPECT_GT(size(1.05, 100, 1), size(1.06, 100, 1));
  EXPECT_GT(size(1.05, 101, 1), size(1.05, 100, 1));
  EXPECT_GT(size(1.05, 100, 1), size(1.05, 100, 2));
  EXPECT_EQ(size(1.05, 0, 1), BookSize{});
  EXPECT_EQ(size(1, 0, 1), BookSize{});
  EXPECT_EQ(size(1, 5, 1), largest_book_size);
}

TEST(FallbackDepth, RefusesWhatIsNoRange) {
  const Ratio distances[] = {{power_of_ten(10)}};
  const TradedRange wrong[] = {{0.9, 1, 5}, {1, 0, 5}, {1, -1, 5}, {1, 1, -5}, {std::nan(""), 1, 5}, {1, 1, INFINITY}};
  for (const TradedRange& period : wrong) EXPECT_FALSE(fallback_depth({&period, 1}, 1, distances).has_value());
  EXPECT_FALSE(fallback_depth({}, 1, distances).has_value());
  EXPECT_FALSE(fallback_depth(std::vector<TradedRange>{{2, 1, 5}}, 0, distances).has_value());
  EXPECT_FALSE(fallback_depth(std::vector<TradedRange>{{2, 1, 5}}, 1, {}).has_value());
}

}  // namespace
}  // namespace margrave
