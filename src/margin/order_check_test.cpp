#include "margin/order_check.h"

#include <gtest/gtest.h>

#include "margin/margin_fixture.h"

namespace margrave {
namespace {

/// 10 % of notional at first, 5 % to be kept. A BTC-PERP lot is worth 50 USD now, an ETH-PERP lot 20.
const char* const tenth =
    "components: {a: {rate: '0.1', base: notional, group: instrument}}\n"
    "levels: {initial: a, maintenance: {scale: a, by: '0.5'}}\n";

OrderDecision decide(const std::string& components, const std::vector<Position>& positions, std::int64_t millions,
                     const Order& order) {
  const Venue venue;
  const Recipe recipe = recipe_of(components);
  // USDC of the fixture is worth 2^-20 USD a millionth.
  const Book book{"a", {{*venue.registry.asset("USDC"), i128{millions} << 20}}, positions};
  const auto decision = check_order({venue.registry, *venue.array, venue.index, recipe, best_isa()}, book, order);
  EXPECT_TRUE(decision) << to_string(decision.error());
  return *decision;
}

Order order_in(const char* instrument, std::int64_t lots, const char* limit) {
  return {.instrument = *Venue().registry.instrument(instrument), .lots = Lots{lots}, .limit_price = dec(limit)};
}

/// The limit of a fill at the value now: the fixture's dollar token is worth 2^-20 USD a millionth, 0.95367 dollars.
constexpr const char* fair_btc = "52428.8";

TEST(OrderCheck, WhatMarginCoversIsAccepted) {
  const OrderDecision decision = decide(tenth, {}, 100, order_in("BTC-PERP", 10, fair_btc));
  EXPECT_TRUE(decision.accepted);
  EXPECT_EQ(decision.reason, OrderReason::covered);
  EXPECT_EQ(decision.before.initial, Usd{});
  EXPECT_EQ(decision.after.initial, Usd{usd(50)});
  EXPECT_NEAR(static_cast<double>(decision.with_orders.raw) * 1e-9, 50, 1e-3);
}

TEST(OrderCheck, WhatMarginDoesNotCoverIsRefusedWithItsReason) {
  const OrderDecision decision = decide(tenth, {}, 40, order_in("BTC-PERP", 10, fair_btc));
  EXPECT_FALSE(decision.accepted);
  EXPECT_EQ(decision.reason, OrderReason::both_fall);
  EXPECT_EQ(decision.before.maintenance, Usd{});
  EXPECT_EQ(decision.after.maintenance, Usd{usd(25)});
}

TEST(OrderCheck, ASaleThatReducesIsTakenHoweverLittleMarginThereIs) {
  const Venue venue;
  for (const std::int64_t millions : {30, 1, -200}) {
    const OrderDecision decision =
        decide(tenth, {venue.position("BTC-PERP", 10)}, millions, order_in("BTC-PERP", -4, "52430"));
    EXPECT_TRUE(decision.accepted) << millions;
    EXPECT_EQ(decision.reason, OrderReason::helps) << millions;
    EXPECT_EQ(decision.after.initial, Usd{usd(30)});
  }
}

TEST(OrderCheck, ASaleFarBelowTheMarkOrBeyondThePositionIsRefused) {
  const Venue venue;
  const std::vector<Position> held{venue.position("BTC-PERP", 10)};
  EXPECT_FALSE(decide(tenth, held, 40, order_in("BTC-PERP", -4, "40000")).accepted);
  EXPECT_FALSE(decide(tenth, held, 40, order_in("BTC-PERP", -25, "52430")).accepted);
  Order closing = order_in("BTC-PERP", -25, "52430");
  closing.reduce_only = true;
  const OrderDecision decision = decide(tenth, held, 40, closing);
  EXPECT_TRUE(decision.accepted);
  EXPECT_EQ(decision.after.initial, Usd{});
}

// ETH is charged at first and costs nothing to keep; BTC the other way round.
TEST(OrderCheck, OneOfTheTwoMeasuresIsEnoughToRefuse) {
  const std::string apart =
      "components:\n"
      "  first: {each: underlying, value: \"abs(sum(notional)) * rate_first\"}\n"
      "  kept: {each: underlying, value: \"abs(sum(notional)) * rate_kept\"}\n"
      "parameters: {rate_first: {value: '0', by: {ETH: '0.5'}}, rate_kept: {value: '0', by: {BTC: '0.5'}}}\n"
      "levels: {initial: first, maintenance: kept}\n";
  const Venue venue;
  const std::vector<Position> held{venue.position("BTC-PERP", 2), venue.position("ETH-PERP", 2)};
  EXPECT_EQ(decide(apart, held, 15, order_in("ETH-PERP", 1, "2097.152")).reason, OrderReason::excess_falls);
  EXPECT_EQ(decide(apart, held, 15, order_in("BTC-PERP", 1, "52428.8")).reason, OrderReason::health_falls);
  EXPECT_EQ(decide(apart, held, 15, order_in("BTC-PERP", -1, "52428.8")).reason, OrderReason::helps);
}

TEST(OrderCheck, HealthIsComparedWithoutDivisionAndWithoutRequirement) {
  const auto worse = [](i128 equity, i128 kept, i128 equity_after, i128 kept_after) {
    return is_health_worse({Usd{equity}, {}, Usd{kept}}, {Usd{equity_after}, {}, Usd{kept_after}});
  };
  const i128 large = power_of_ten(37);
  EXPECT_FALSE(worse(large, 3, large, 3));
  EXPECT_TRUE(worse(large, large, large - 1, large));
  EXPECT_FALSE(worse(large - 1, large, large, large));
  EXPECT_FALSE(worse(5, 10, 1, 0));
  EXPECT_TRUE(worse(5, 0, 500, 1));
  EXPECT_TRUE(worse(0, 10, -1, 0)) << "into debt";
  EXPECT_FALSE(worse(-5, 10, -6, 2)) << "in debt before and after";
  EXPECT_FALSE(worse(-5, 10, 0, 20)) << "out of debt";
}

TEST(OrderCheck, AnOrderWithoutLotsOrLimitIsAnError) {
  const Venue venue;
  const Recipe recipe = recipe_of(tenth);
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  EXPECT_FALSE(check_order(inputs, {"a", {}, {}}, order_in("BTC-PERP", 0, "1")));
  EXPECT_FALSE(check_order(inputs, {"a", {}, {}}, order_in("BTC-PERP", 1, "0")));
}

}  // namespace
}  // namespace margrave
