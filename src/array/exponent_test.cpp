#include "array/exponent.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace margrave {
namespace {

TEST(Exponent, IsTheSmallestThatLeavesAFactorTwo) {
  // 2 * 2^30 = 2^31 is one more than the limit, so 2^30 needs exponent 1; one less needs none.
  EXPECT_EQ(*smallest_exponent(0x1p30, RowWidth::narrow), 1);
  EXPECT_EQ(*smallest_exponent(0x1p30 - 1, RowWidth::narrow), 0);
  EXPECT_EQ(*smallest_exponent(0x1p60, RowWidth::wide), 1);
  EXPECT_EQ(*smallest_exponent(1.0, RowWidth::narrow), -29);
  EXPECT_EQ(*smallest_exponent(100000.0, RowWidth::narrow), -13);
  EXPECT_EQ(*smallest_exponent(0.0002, RowWidth::narrow), -42);
}

TEST(Exponent, HoldsByDefinitionForRandomValues) {
  Random random{.seed = 11};
  for (int i = 0; i < 20000; ++i) {
    const double value = std::ldexp(1.0 + random.uniform(), static_cast<int>(random.below(120)) - 60);
    const int e = *smallest_exponent(value, RowWidth::narrow);
    ASSERT_LE(std::ldexp(value, 1 - e), 2147483647.0) << "seed 11, draw " << i;
    ASSERT_GT(std::ldexp(value, 2 - e), 2147483647.0) << "seed 11, draw " << i;
  }
}

TEST(Exponent, EdgesAreStated) {
  EXPECT_EQ(*smallest_exponent(0.0, RowWidth::narrow), 0);
  EXPECT_EQ(*smallest_exponent(0.0, RowWidth::narrow, 5), 5);
  EXPECT_EQ(*smallest_exponent(1e-300, RowWidth::narrow), exponent_lowest);
  EXPECT_EQ(*smallest_exponent(1e-6, RowWidth::narrow, -40), -40);
  EXPECT_FALSE(smallest_exponent(-1.0, RowWidth::narrow).has_value());
  EXPECT_FALSE(smallest_exponent(std::numeric_limits<double>::quiet_NaN(), RowWidth::narrow).has_value());
  EXPECT_FALSE(smallest_exponent(std::numeric_limits<double>::infinity(), RowWidth::wide).has_value());
  EXPECT_FALSE(smallest_exponent(1e300, RowWidth::wide).has_value());
}

TEST(Exponent, AValueBeyondTheListedExponentNamesTheRow) {
  EXPECT_TRUE(check_exponent("BTC-C", -13, 100000.0, RowWidth::narrow).has_value());
  EXPECT_TRUE(check_exponent("BTC-C", -13, 2.6e5, RowWidth::narrow).has_value());
  const auto result = check_exponent("BTC-C", -13, 2.7e5, RowWidth::narrow);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().field, "BTC-C");
  EXPECT_EQ(result.error().kind, ErrorKind::overflow);
  EXPECT_NE(result.error().remedy.find("new version"), std::string::npos);
}

}  // namespace
}  // namespace margrave
