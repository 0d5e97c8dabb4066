#include "margin/order_check.h"

#include <cmath>
#include <cstdio>

#include "base/embedded.h"
#include "example_venue.h"
#include "margin/fill.h"

// Pre-trade decisions on random accounts under every preset, each computed a second time from two accounts.

namespace margrave {
namespace {

/// The account after the fill, written down as positions and balances by hand: lots of one instrument net, at the
/// limit; what was not reduce-only alone.
MarginReport filled_by_hand(const MarginInputs& inputs, const Book& book, const Order& order) {
  const Portfolio portfolio = *make_portfolio(inputs.registry, inputs.index, inputs.array, book);
  const std::vector<Fill> fills = *make_fills(inputs.registry, inputs.index, {"a", {}, book.positions, {}, {order}});
  return *assess_portfolio(inputs, *with_fills(portfolio, fills, std::vector<bool>(fills.size(), true)));
}

/// equity / maintenance as a double; an account in debt stands below all others.
double health(const MarginReport& report, const Recipe& recipe) {
  if (report.equity.raw < 0) return -1;
  const Usd kept = report.maintenance(recipe);
  return kept.raw <= 0 ? HUGE_VAL : static_cast<double>(report.equity.raw) / static_cast<double>(kept.raw);
}

/// An account with 1 to 6 positions and up to two orders, rich or poor, and one order more.
Book any_account(Dice& dice) {
  Book book{"random", {}, {}};
  for (std::int64_t n = dice.between(1, 6); n > 0; --n) book.positions.push_back(dice.position());
  for (std::int64_t n = dice.between(0, 2); n > 0; --n) book.orders.push_back(dice.order(book));
  const i128 cash = dice.between(-100, 1000) * power_of_ten(dice.between(0, 3) > 0 ? 6 : 10);
  book.balances.push_back({*ExampleVenue::get().registry().asset("USDC"), cash});
  return book;
}

class OrderCheckUnder : public testing::TestWithParam<std::string> {};

TEST_P(OrderCheckUnder, WhatMakesTheAccountNoWorseIsNeverRefusedAndWhatLeavesItShortAndWorseAlways) {
  const MarginInputs& inputs = ExampleVenue::get().under(GetParam()).inputs;
  std::size_t covered = 0, helped = 0, refused = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    const Book book = any_account(dice);
    const Order order = dice.order(book);
    const auto decision = check_order(inputs, book, order);
    ASSERT_TRUE(decision) << to_string(decision.error());
    Book idle = book;
    idle.orders.clear();
    const MarginReport before = *assess_brief(inputs, idle), after = filled_by_hand(inputs, book, order);
    const Usd excess_before = before.equity - before.initial(inputs.recipe);
    const Usd excess_after = after.equity - after.initial(inputs.recipe);
    EXPECT_EQ(decision->before.excess(), excess_before);
    EXPECT_EQ(decision->after.excess(), excess_after);
    const double rose = health(after, inputs.recipe) - health(before, inputs.recipe);
    const bool worse = excess_after < excess_before || rose < -1e-9;
    if (!worse) {
      EXPECT_TRUE(decision->accepted);
    }
    if (worse && excess_after.raw < -1'000'000) {
      EXPECT_FALSE(decision->accepted);
    }
    (decision->reason == OrderReason::covered ? covered : decision->accepted ? helped : refused) += 1;
  }
  std::printf("%s: %zu covered, %zu help, %zu refused\n", GetParam().c_str(), covered, helped, refused);
  EXPECT_GT(std::min({covered, helped, refused}), 0u);
}

/// Whether a position may hedge the account's cash: a measure moves balances with everything else.
bool moves_cash(const Recipe& recipe) {
  return std::any_of(recipe.components.begin(), recipe.components.end(), [](const Component& component) {
    const auto* measure = std::get_if<ScenarioMeasure>(&component.rule);
    return measure != nullptr && measure->with_balances;
  });
}

// In any account, rich or in debt; its realised profit, a thousandth of the position, decides over roundings.
TEST_P(OrderCheckUnder, ClosingAPerpetualThatIsAllThereIsIsNeverRefused) {
  const MarginInputs& inputs = ExampleVenue::get().under(GetParam()).inputs;
  const Market& market = ExampleVenue::get().market();
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const char* const name = dice.between(0, 1) == 0 ? "BTC_USDC-PERPETUAL" : "ETH_USDC-PERPETUAL";
    const InstrumentId id = *market.registry.instrument(name);
    const Lots lots{dice.between(0, 1) == 0 ? -dice.between(1, 100'000) : dice.between(1, 100'000)};
    const i128 cash = moves_cash(inputs.recipe) ? 0 : dice.between(-1'000'000'000'000, 1'000'000'000'000);
    const Book book{"one", {{*market.registry.asset("USDC"), cash}}, {{id, lots, std::nullopt}}};
    const double mark = market.state.instruments[id.index()].mark * (lots.raw > 0 ? 1.001 : 0.999);
    const Decimal limit{static_cast<i128>(mark * 1e3), 3};
    const auto decision = check_order(inputs, book, {.instrument = id, .lots = Lots{-lots.raw}, .limit_price = limit});
    ASSERT_TRUE(decision) << to_string(decision.error());
    EXPECT_TRUE(decision->accepted) << "seed " << seed << ": " << to_string(decision->reason);
  }
}

INSTANTIATE_TEST_SUITE_P(Presets, OrderCheckUnder, testing::ValuesIn(embedded_names("recipes/", ".yaml")),
                         [](const auto& preset) {
                           std::string name = preset.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace margrave
