#include "margin/health.h"

#include <gtest/gtest.h>

#include "margin/leverage.h"

namespace margrave {
namespace {

Usd usd(const char* text) { return *Usd::parse(text); }
std::string shown(std::optional<Multiple> value) { return value ? to_string(*value) : "none"; }

TEST(HealthFactor, IsEquityOverMaintenanceRoundedDown) {
  EXPECT_EQ(shown(health_factor(usd("2"), usd("3"))), "0.666666");
  EXPECT_EQ(shown(health_factor(usd("-2"), usd("3"))), "-0.666667");
  EXPECT_EQ(shown(health_factor(usd("3"), usd("3"))), "1.000000");
}

TEST(HealthFactor, IsOneExactlyWhereMaintenanceIsMet) {
  EXPECT_EQ(shown(health_factor(usd("2999999.999999999"), usd("3000000"))), "0.999999");
  EXPECT_EQ(shown(health_factor(usd("3000000.000000001"), usd("3000000"))), "1.000000");
}

TEST(HealthFactor, WithoutRequirementThereIsNoneButADebtHasZero) {
  EXPECT_EQ(shown(health_factor(usd("5"), usd("0"))), "none");
  EXPECT_EQ(shown(health_factor(usd("0"), usd("0"))), "none");
  EXPECT_EQ(shown(health_factor(usd("-0.000000001"), usd("0"))), "0.000000");
}

TEST(HealthFactor, BeyondItsNumbersIsHeldAtTheirEnds) {
  EXPECT_TRUE(health_factor(Usd{i128_max}, Usd{1}) == Multiple{i128_max});
  EXPECT_TRUE(health_factor(Usd{i128_min}, Usd{1}) == Multiple{i128_min});
}

TEST(Leverage, EffectiveIsRoundedUpAndMaximumDown) {
  EXPECT_EQ(shown(effective_leverage(usd("20"), usd("3"))), "6.666667");
  EXPECT_EQ(shown(maximum_leverage(usd("20"), usd("3"))), "6.666666");
}

TEST(Leverage, ThereIsNoneOverNothing) {
  EXPECT_EQ(shown(effective_leverage(usd("20"), usd("0"))), "none");
  EXPECT_EQ(shown(effective_leverage(usd("20"), usd("-3"))), "none");
  EXPECT_EQ(shown(maximum_leverage(usd("20"), usd("0"))), "none");
  EXPECT_EQ(shown(maximum_leverage(Usd{i128_max}, Usd{1})), "none");  // beyond the numbers: never held at their end
  EXPECT_EQ(shown(effective_leverage(std::nullopt, usd("1"))), "none");
}

}  // namespace
}  // namespace margrave
