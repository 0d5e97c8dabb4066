#include "base/decimal.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = Decimal::parse(text);
  return value ? value->to_string() : "error";
}

TEST(Decimal, ReadsPlainAndExponentForms) {
  EXPECT_EQ(round_trip("12.340"), "12.34");
  EXPECT_EQ(round_trip("-0.00000003"), "-0.00000003");
  EXPECT_EQ(round_trip("1e-8"), "0.00000001");
  EXPECT_EQ(round_trip("1.5E+3"), "1500");
  EXPECT_EQ(round_trip("+7"), "7");
  EXPECT_EQ(round_trip("-0"), "0");
  EXPECT_EQ(round_trip("9999999999999999999999999999999999999"), "9999999999999999999999999999999999999");
}

TEST(Decimal, RefusesWhatIsNotAPlainNumber) {
  for (const char* text : {"", "-", "1,000", "1.", ".5", "1e", "1e+", "nan", "inf", "0x10", " 1", "1 ", "1.2.3", "--1",
                           "1e99999999999", "1e40", "1e-80", "１"}) {
    EXPECT_EQ(round_trip(text), "error") << text;
  }
}

TEST(Decimal, ScalingIsExactOrAnError) {
  EXPECT_TRUE(Decimal::parse("12.34")->scaled(3) == i128{12340});
  EXPECT_FALSE(Decimal::parse("12.345")->scaled(2).has_value());
  EXPECT_TRUE(Decimal::parse("-12.345")->scaled(2, Round::down) == i128{-1235});
  EXPECT_TRUE(Decimal::parse("-12.345")->scaled(2, Round::up) == i128{-1234});
}

TEST(Decimal, ComparesByValueAtAnyScale) {
  EXPECT_EQ(*Decimal::parse("1.10"), *Decimal::parse("1.1"));
  EXPECT_LT(*Decimal::parse("-1e37"), *Decimal::parse("1e-36"));
  EXPECT_GT(*Decimal::parse("1e37"), *Decimal::parse("0.000000000000000000000000000000000001"));
}

TEST(Decimal, NearestDoubleIsCorrectlyRounded) {
  EXPECT_EQ(Decimal::parse("0.1")->to_double(), 0.1);
  EXPECT_EQ(Decimal::parse("9007199254740993")->to_double(), 9007199254740992.0);
}

TEST(Divide, RoundsNegativeNumbersByName) {
  EXPECT_TRUE(divide(-3, 2, Round::down) == -2);
  EXPECT_TRUE(divide(-3, 2, Round::up) == -1);
  EXPECT_TRUE(divide(-3, 2, Round::half_even) == -2);
  EXPECT_TRUE(divide(-5, 2, Round::half_even) == -2);
  EXPECT_TRUE(divide(5, 2, Round::half_even) == 2);
}

}  // namespace
}  // namespace margrave
