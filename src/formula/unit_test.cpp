#include "formula/unit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace margrave {
namespace {

constexpr Unit usd{{1, 0, 0, 0}}, coin{{0, 1, 0, 0}}, year{{0, 0, 1, 0}}, second{{0, 0, 0, 1}};

Unit over(const Unit& a, const Unit& b) {
  Unit out;
  EXPECT_TRUE(Unit::quotient(a, b, out));
  return out;
}

TEST(Unit, IsWrittenAsAFraction) {
  EXPECT_EQ(to_string(Unit{}), "1");
  EXPECT_EQ(to_string(usd), "usd");
  EXPECT_EQ(to_string(over(usd, coin)), "usd/coin");
  EXPECT_EQ(to_string(over({}, year)), "1/year");
  EXPECT_EQ(to_string(Unit{{0, 2, 0, 0}}), "coin^2");
  EXPECT_EQ(to_string(Unit{{1, 1, -1, -2}}), "usd*coin/year/second^2");
  EXPECT_EQ(to_string(Unit{{0, 0, -1, -2}}), "1/year/second^2");
}

TEST(Unit, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_unit("usd/coin"), over(usd, coin));
  EXPECT_EQ(parse_unit("1"), Unit{});
  EXPECT_EQ(parse_unit("1/year"), over({}, year));
  EXPECT_EQ(parse_unit("second"), second);
  EXPECT_EQ(parse_unit("coin*coin"), parse_unit("coin^2"));
  EXPECT_EQ(parse_unit("usd/usd"), Unit{});
  EXPECT_EQ(parse_unit("usd/coin*year"), (Unit{{1, -1, 1, 0}}));
}

TEST(Unit, RefusesWhatIsNoUnit) {
  for (const char* text : {"",          " ",          "2",
                           "eur",       "USD",        "usd ",
                           " usd",      "usd^",       "usd^0",
                           "usd^-1",    "usd^+1",     "usd^1.5",
                           "usd^17",    "usd^x",      "usd^99999999999999999999",
                           "usd*",      "*usd",       "/usd",
                           "usd//coin", "usd/",       "1/",
                           "1*usd",     "usd/1",      "1/1",
                           "usd^2^2",   "usd^16*usd", "1/usd^16/usd",
                           "usd coin",  "11/usd"}) {
    EXPECT_FALSE(parse_unit(text)) << text;
  }
}

TEST(Unit, PowersEndAtSixteen) {
  const Unit high = *parse_unit("usd^16"), low = *parse_unit("1/usd^16");
  Unit out = coin;
  EXPECT_FALSE(Unit::product(high, usd, out));
  EXPECT_FALSE(Unit::quotient(low, usd, out));
  ASSERT_TRUE(Unit::product(high, low, out));
  EXPECT_TRUE(out.is_plain());
  EXPECT_FALSE(Unit::quotient(high, low, out));
}

RC_GTEST_PROP(Unit, WhatIsWrittenIsReadAgain, (std::uint64_t seed)) {
  Random random{.seed = seed};
  const auto draw = [&] {
    Unit unit;
    for (auto& power : unit.powers) {
      if (random.below(2) == 0) power = static_cast<std::int8_t>(static_cast<int>(random.below(33)) - 16);
    }
    return unit;
  };
  const Unit a = draw(), b = draw();
  RC_ASSERT(parse_unit(to_string(a)) == a);
  Unit product, quotient;
  if (Unit::product(a, b, product)) {
    RC_ASSERT(Unit::quotient(product, b, quotient) && quotient == a);
    RC_ASSERT(Unit::product(b, a, quotient) && quotient == product);
    RC_ASSERT(parse_unit(to_string(product)) == product);
  }
}

}  // namespace
}  // namespace margrave
