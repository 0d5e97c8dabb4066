#include "base/fixed.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace margrave {
namespace {

Usd usd(const char* text) { return Usd::parse(text).value(); }
Ratio ratio(const char* text) { return Ratio::parse(text).value(); }

TEST(Fixed, ParsesExactlyAndShowsAllDecimals) {
  EXPECT_TRUE(usd("1.5").raw == 1'500'000'000);
  EXPECT_EQ(to_string(usd("-0.000000001")), "-0.000000001");
  EXPECT_EQ(to_string(usd("1e3")), "1000.000000000");
  EXPECT_FALSE(Usd::parse("0.0000000001"));
  EXPECT_FALSE(Usd::parse("1e37"));
}

TEST(Fixed, TimesRoundsAsNamed) {
  EXPECT_EQ(times(usd("0.000000001"), ratio("0.5"), Round::down).value(), usd("0"));
  EXPECT_EQ(times(usd("0.000000001"), ratio("0.5"), Round::up).value(), usd("0.000000001"));
  EXPECT_EQ(times(usd("-0.000000001"), ratio("0.5"), Round::down).value(), usd("-0.000000001"));
  EXPECT_EQ(times(usd("-0.000000001"), ratio("0.5"), Round::up).value(), usd("0"));
  EXPECT_EQ(times(usd("0.000000003"), ratio("0.5"), Round::half_even).value(), usd("0.000000002"));
  EXPECT_EQ(times(usd("250"), ratio("0.04"), Round::up).value(), usd("10"));
}

TEST(Fixed, TimesThatLeaves128BitsIsAnError) {
  const auto product = times(Usd{i128_max}, ratio("2"), Round::up);
  ASSERT_FALSE(product);
  EXPECT_EQ(product.error().kind, ErrorKind::overflow);
}

TEST(FixedDeathTest, SumThatOverflowsStopsInsteadOfWrapping) {
  EXPECT_DEATH(static_cast<void>(Usd{i128_max} + Usd{1}), "internal error");
  EXPECT_DEATH(static_cast<void>(-Usd{i128_min}), "internal error");
}

RC_GTEST_PROP(Fixed, SumsUndoThemselves, (std::int64_t a, std::int64_t b)) {
  const Usd x{a}, y{b};
  RC_ASSERT(x + y - y == x);
  RC_ASSERT(-(x - y) == y - x);
}

}  // namespace
}  // namespace margrave
