#include "margin/value_now.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

/// Rows: a dollar of 6 decimals, a coin of 18 decimals at 2,000.5 USD, a contract at -3.25 USD a lot, and one without a
/// value.
RiskArray four_rows() {
  ArrayPlan plan;
  plan.rows = {{"asset:USDC", 0}, {"asset:ETH", 0}, {"ETH-PERP", 0}, {"beyond", 0}};
  plan.scenarios = {"now", "s"};
  plan.ranges = {{"set", 1, 2}};
  RiskArrayBuilder builder = *RiskArrayBuilder::create(plan);
  const auto value = [&](std::uint32_t row, i128 units, int decimals) {
    builder.set_scalar(row, ScalarField::value, units);
    builder.set_scalar(row, ScalarField::value_decimals, decimals);
  };
  value(0, power_of_ten(18), 24);
  value(1, 20005 * power_of_ten(17), 36);
  value(2, -325 * power_of_ten(16), 18);
  return *std::move(builder).finish(1);
}

Usd now(const RiskArray& array, std::vector<Holding> holdings, Round round) {
  return value_now(array, holdings)->rounded(round);
}

TEST(ValueNow, ADollarIsExactlyADollar) {
  const RiskArray array = four_rows();
  for (const i128 dollars : {i128{1}, i128{100'000'000}, power_of_ten(20)}) {
    for (const Round round : {Round::down, Round::up, Round::half_even}) {
      EXPECT_EQ(to_string(now(array, {{0, dollars * 1'000'000}}, round)), to_string(dollars) + ".000000000");
    }
  }
}

TEST(ValueNow, TheSmallestUnitOfACoinIsRoundedOnceAtTheEnd) {
  const RiskArray array = four_rows();
  EXPECT_EQ(now(array, {{1, 1}}, Round::down), Usd{0});
  EXPECT_EQ(now(array, {{1, 1}}, Round::up), Usd{1});
  EXPECT_EQ(now(array, {{1, -1}}, Round::down), Usd{-1});
  EXPECT_EQ(now(array, {{1, -1}}, Round::half_even), Usd{0});
  EXPECT_EQ(to_string(now(array, {{1, power_of_ten(18)}}, Round::down)), "2000.500000000");
}

TEST(ValueNow, SumsAreExactHoweverManyHoldingsMakeThem) {
  const RiskArray array = four_rows();
  const std::vector<Holding> many(1000, Holding{2, 7});
  EXPECT_EQ(now(array, many, Round::down), now(array, {{2, 7000}}, Round::up));
  EXPECT_EQ(to_string(now(array, {{2, 7000}, {0, 22'750'000'000}}, Round::up)), "0.000000000");
}

// What leaves 128 bits of 1e-18 USD takes another way: with as much owed as owned it comes to the same.
TEST(ValueNow, SumsBeyond128BitsOnTheWayAreTheSame) {
  const RiskArray array = four_rows();
  const i128 huge = power_of_ten(26);
  for (const i128 units : {i128{1}, i128{-1}, i128{123'456'789}, i128{-987'654'321'987}}) {
    const std::vector<Holding> few{{1, units}, {2, units}, {1, 7 * units}};
    const std::vector<Holding> more{{0, huge}, {1, units}, {2, units}, {1, 7 * units}, {0, -huge}};
    const ValueNow small = *value_now(array, few), large = *value_now(array, more);
    EXPECT_EQ(to_string(small.units) + " " + to_string(small.rest),
              to_string(large.units) + " " + to_string(large.rest));
  }
}

TEST(ValueNow, TheUnitsAgainstAValueBringItToNothingOrJustBelow) {
  const RiskArray array = four_rows();
  const ValueNow contract = *value_now(array, std::vector<Holding>{{2, 7}});
  EXPECT_EQ(*units_against(array, 0, contract), 22'750'000);
  const i128 coin = *units_against(array, 1, contract);  // 22.75 / 2000.5 rounded down
  EXPECT_EQ(to_string(coin), "11372156960759810");
  const ValueNow left = *value_now(array, std::vector<Holding>{{2, 7}, {1, coin}});
  EXPECT_EQ(left.rounded(Round::down), Usd{-1});
}

TEST(ValueNow, ARowWithoutAValueIsAnErrorThatNamesIt) {
  const RiskArray array = four_rows();
  const auto value = value_now(array, std::vector<Holding>{{3, 1}});
  ASSERT_FALSE(value);
  EXPECT_NE(value.error().message.find("beyond"), std::string::npos);
  EXPECT_FALSE(units_against(array, 3, ValueNow{1, 0}));
}

TEST(ValueNow, OverflowIsAnErrorAndNeverWraps) {
  const RiskArray array = four_rows();
  EXPECT_FALSE(value_now(array, std::vector<Holding>{{2, i128_max}, {2, i128_max}}));
  EXPECT_FALSE(units_against(array, 0, ValueNow{i128_max, 0}));
}

}  // namespace
}  // namespace margrave
