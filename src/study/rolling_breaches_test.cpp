#include "study/rolling_breaches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace margrave {
namespace {

/// By sorting each window.
std::vector<std::uint8_t> by_sorting(const std::vector<double>& losses, std::size_t window, std::size_t rank) {
  std::vector<std::uint8_t> breaches;
  for (std::size_t t = window; t < losses.size(); ++t) {
    std::vector<double> past(losses.begin() + static_cast<std::ptrdiff_t>(t - window),
                             losses.begin() + static_cast<std::ptrdiff_t>(t));
    std::sort(past.begin(), past.end(), std::greater<>());
    breaches.push_back(losses[t] > past[rank - 1] ? std::uint8_t{1} : std::uint8_t{0});
  }
  return breaches;
}

TEST(RollingBreaches, KeepingTheLargestIsSortingEachWindow) {
  Random random{.seed = 11};
  for (const std::size_t window : {1U, 2U, 7U, 33U, 100U, 512U}) {
    std::vector<double> losses;
    // Few values, so that many are equal.
    for (std::size_t t = 0; t < window + 200; ++t) losses.push_back(static_cast<double>(random.below(50)) - 25);
    // A calm spell after a wild one: the kept ones leave the window, and the cut is taken anew.
    for (std::size_t t = 0; t < 3 * window; ++t) losses.push_back(0.001 * static_cast<double>(random.below(1000)));
    for (const std::size_t rank : {std::size_t{1}, (window + 1) / 2, window}) {
      const auto expected = by_sorting(losses, window, rank);
      const auto found = rolling_breaches(losses, window, rank);
      ASSERT_TRUE(found);
      EXPECT_EQ(*found, expected) << "seed 11, window " << window << " rank " << rank;
    }
  }
}

TEST(RollingBreaches, RefusesRanksOutsideTheWindowAndGaps) {
  const std::vector<double> losses{1, 2, NAN, 4};
  EXPECT_FALSE(rolling_breaches(losses, 2, 0));
  EXPECT_FALSE(rolling_breaches(losses, 2, 3));
  EXPECT_EQ(rolling_breaches(losses, 2, 1).error().field, "losses[2]");
  EXPECT_TRUE(rolling_breaches(std::vector<double>{1, 2}, 2, 1)->empty());
}

}  // namespace
}  // namespace margrave
