#include "base/wide.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/decimal.h"

namespace margrave {
namespace {

RC_GTEST_PROP(Wide, DivideBracketsTheQuotient, (std::int64_t n, std::int64_t d)) {
  RC_PRE(d > 0);
  const i128 down = divide(n, d, Round::down), up = divide(n, d, Round::up), even = divide(n, d, Round::half_even);
  RC_ASSERT(down * d <= n && n < (down + 1) * d);
  RC_ASSERT((up - 1) * d < n && n <= up * d);
  RC_ASSERT(even == down || even == up);
  const i128 off = abs128(even * d - n) * 2;
  RC_ASSERT(off < d || (off == d && even % 2 == 0));
}

TEST(Wide, DivideIsExactAtTheEnds) {
  EXPECT_TRUE(divide(i128_min, 1, Round::up) == i128_min);
  EXPECT_TRUE(divide(i128_max, i128_max, Round::down) == 1);
  EXPECT_TRUE(divide(i128_min, i128_max, Round::down) == -2);
  EXPECT_TRUE(divide(i128_min, i128_max, Round::half_even) == -1);
}

TEST(Wide, ShiftRoundsDownwardsByNameAndRefusesOverflow) {
  i128 out = 0;
  EXPECT_TRUE(shift_by(5, -1, Round::down, out) && out == 2);
  EXPECT_TRUE(shift_by(5, -1, Round::up, out) && out == 3);
  EXPECT_TRUE(shift_by(5, -1, Round::half_even, out) && out == 2);
  EXPECT_TRUE(shift_by(-5, -1, Round::down, out) && out == -3);
  EXPECT_TRUE(shift_by(-1, -200, Round::down, out) && out == -1);
  EXPECT_TRUE(shift_by(-1, -200, Round::up, out) && out == 0);
  EXPECT_TRUE(shift_by(1, 126, Round::down, out) && out == static_cast<i128>(1) << 126);
  EXPECT_FALSE(shift_by(2, 126, Round::down, out));
  EXPECT_FALSE(shift_by(1, 127, Round::down, out));
  EXPECT_TRUE(shift_by(0, 500, Round::down, out) && out == 0);
}

TEST(Wide, OverflowIsReported) {
  i128 out = 0;
  EXPECT_TRUE(multiply(i128_max, 1, out));
  EXPECT_FALSE(multiply(i128_max, 2, out));
  EXPECT_FALSE(add(i128_max, 1, out));
  EXPECT_FALSE(add(i128_min, -1, out));
  EXPECT_TRUE(fits_int64(std::numeric_limits<std::int64_t>::min()));
  EXPECT_FALSE(fits_int64(static_cast<i128>(std::numeric_limits<std::int64_t>::max()) + 1));
}

// 2^127 - 1 and 10^38, from any table of powers.
TEST(Wide, PrintsTheWidestNumbers) {
  EXPECT_EQ(to_string(i128_max), "170141183460469231731687303715884105727");
  EXPECT_EQ(to_string(i128_min), "-170141183460469231731687303715884105728");
  EXPECT_EQ(to_string(power_of_ten(38)), "100000000000000000000000000000000000000");
  EXPECT_EQ(format_units(-5, 3), "-0.005");
  EXPECT_EQ(format_units(1'234'500, 6), "1.234500");
  EXPECT_EQ(format_units(12, 0), "12");
}

}  // namespace
}  // namespace margrave
