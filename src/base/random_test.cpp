#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace margrave {
namespace {

using Words = std::array<std::uint32_t, 4>;

// The three vectors "philox4x32 10" of kat_vectors, published with Random123 (Salmon et al. 2011).
TEST(Philox, MatchesTheKnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, AnyElementOfAStreamCanBeDrawnAlone) {
  Random random{.seed = 7, .stream = 3};
  std::vector<std::uint64_t> drawn;
  for (int i = 0; i < 100; ++i) drawn.push_back(random.bits());
  for (std::uint64_t i = 0; i < 100; ++i) {
    Random alone{.seed = 7, .stream = 3, .next = i};
    EXPECT_EQ(alone.bits(), drawn[i]);
  }
  Random other{.seed = 7, .stream = 4};
  EXPECT_NE(other.bits(), drawn[0]);
}

// Bounds at six standard errors of the uniform distribution: mean 1/2, variance 1/12, kurtosis 9/5.
TEST(Random, UniformHasTheMomentsOfTheUniformDistribution) {
  Random random{.seed = 42};
  constexpr int n = 100'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u - 0.5;
    squares += (u - 0.5) * (u - 0.5);
  }
  EXPECT_NEAR(sum / n, 0.0, 6 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(squares / n, 1.0 / 12, 6 * std::sqrt((9.0 / 5 - 1) / 144 / n));
}

TEST(Random, BelowCoversItsRangeEvenly) {
  Random random{.seed = 1};
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) ++counts[random.below(10)];
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
  EXPECT_LT(chi_square, 27.88);  // 9 degrees of freedom, 0.1 %
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace margrave
