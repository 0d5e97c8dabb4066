#include "base/mul_div.h"

#include <gtest/gtest.h>

#include "base/decimal.h"
#include "base/random.h"

namespace margrave {
namespace {

TEST(MulDiv, ProductBeyond128BitsIsExact) {
  i128 out = 0;
  // 10^37 * 10^37 / 10^37
  ASSERT_TRUE(mul_div(power_of_ten(37), power_of_ten(37), power_of_ten(37), Round::down, out));
  EXPECT_TRUE(out == power_of_ten(37));
  // (2^127 - 1)^2 / (2^127 - 1), and one less above and below.
  ASSERT_TRUE(mul_div(i128_max, i128_max, i128_max, Round::up, out));
  EXPECT_TRUE(out == i128_max);
  ASSERT_TRUE(mul_div(-i128_max, i128_max - 1, i128_max, Round::down, out));
  EXPECT_TRUE(out == -(i128_max - 1));
}

TEST(MulDiv, QuotientBeyond128BitsIsRefused) {
  i128 out = 0;
  EXPECT_FALSE(mul_div(i128_max, i128_max, 1, Round::down, out));
  EXPECT_FALSE(mul_div(i128_max, 3, 2, Round::down, out));
}

TEST(MulDiv, NamedRoundingHoldsForNegativeNumbers) {
  const i128 big = power_of_ten(30);  // forces the 256-bit way: -7e30 * 1e30 / 2e30
  i128 out = 0;
  ASSERT_TRUE(mul_div(-7 * big - 1, big, 2 * big, Round::down, out));
  EXPECT_TRUE(out == divide(-7 * big - 1, 2, Round::down));
  ASSERT_TRUE(mul_div(-7 * big - 1, big, 2 * big, Round::up, out));
  EXPECT_TRUE(out == divide(-7 * big - 1, 2, Round::up));
  ASSERT_TRUE(mul_div(-7 * big - 1, big, 2 * big, Round::half_even, out));
  EXPECT_TRUE(out == divide(-7 * big - 1, 2, Round::half_even));
}

// a * b = q * c + r holds modulo 2^128 for every triple, and 0 <= r < c.
TEST(MulDiv, IdentityHoldsForRandomNumbers) {
  Random random{.seed = 7};
  const auto draw = [&] {
    const i128 wide = static_cast<i128>((static_cast<u128>(random.bits()) << 64) | random.bits());
    return wide >> random.below(120);
  };
  for (int i = 0; i < 20000; ++i) {
    const i128 a = draw(), b = draw(), c = abs128(draw() / 2) + 1;
    MulDiv result;
    if (!mul_div(a, b, c, result)) continue;
    EXPECT_TRUE(result.remainder >= 0 && result.remainder < c) << "seed 7, draw " << i;
    EXPECT_TRUE(static_cast<u128>(a) * static_cast<u128>(b) ==
                static_cast<u128>(result.quotient) * static_cast<u128>(c) + static_cast<u128>(result.remainder))
        << "seed 7, draw " << i;
  }
}

}  // namespace
}  // namespace margrave
