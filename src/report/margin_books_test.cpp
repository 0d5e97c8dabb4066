#include "report/margin_books.h"

#include <gtest/gtest.h>

#include "report/amount.h"
#include "report/explanation.h"
#include "report/margin_json.h"
#include "report/margin_text.h"

namespace margrave {
namespace {

constexpr std::string_view market =
    "{as_of: 2026-03-01T08:00:00Z, assets: {USDC: {decimals: 6, usd: 1}, BTC: {decimals: 8}, ETH: {decimals: 8}},"
    " underlyings: {BTC: {index: 60000}, ETH: {index: 2000}}, instruments: ["
    "{name: BTC-PERP, kind: perpetual, style: linear, underlying: BTC, settlement: USDC, lot: 0.1, mark: 60000},"
    "{name: ETH-PERP, kind: perpetual, style: linear, underlying: ETH, settlement: USDC, lot: 0.1, mark: 2000}]}";
constexpr std::string_view scan =
    "{recipe: mine, version: '1', scenarios: {moves: {kind: grid, spot: ['-0.2', '0', '0.1']}},"
    " components: {scan: {measure: worst, scenarios: moves, group: underlying}, least: {rate: '0.15', base: notional},"
    " charge: {max: [scan, least]}}, levels: {initial: {scale: charge, by: '2'}, maintenance: charge}}";
constexpr std::string_view book =
    "{account: a, balances: {USDC: '2000'},"
    " positions: [{instrument: BTC-PERP, size: '1'}, {instrument: ETH-PERP, size: '-3'}]}";

std::string with(std::string_view text, const std::string& old, const std::string& now) {
  std::string changed(text);
  return changed.replace(changed.find(old), old.size(), now);
}

// By hand: BTC loses 20 % of 60,000, ETH 10 % of 6,000.
TEST(MarginBooks, TextsBecomeReports) {
  const auto margined = margin_books({.market = market, .recipe = scan, .book = book});
  ASSERT_TRUE(margined.has_value()) << to_string(margined.error());
  ASSERT_EQ(margined->accounts.size(), 1u);
  const MarginReport& report = margined->accounts[0].report;
  EXPECT_EQ(to_string(report.equity), "2000.000000000");
  EXPECT_EQ(grouped(report.maintenance(margined->recipe()), 2), "12,600.00");
  EXPECT_NE(recipe_json(margined->context(), margined->accounts).find("\"account\":\"a\""), std::string::npos);
}

// Each alone is charged the rate of its own coins; as one account they are charged the net scan, which is less: nothing
// is added. With the positions on one side they are charged the same as one.
TEST(MarginBooks, OrdersIsolatedPositionsAndLinksAreInTheReports) {
  const auto margined = margin_books(
      {.market = market,
       .recipe = scan,
       .book =
           "{accounts: [{account: a, linked: desk, balances: {USDC: '90000'}, positions: [{instrument: BTC-PERP, size: "
           "'1'}, {instrument: ETH-PERP, size: '-3', collateral: {USDC: '700'}}], orders: [{instrument: BTC-PERP, "
           "size: '1', limit_price: '60000', fee: '30'}]}, {account: b, linked: desk}]}"});
  ASSERT_TRUE(margined.has_value()) << to_string(margined.error());
  ASSERT_EQ(margined->accounts.size(), 3u);
  const MarginReport &cross = margined->accounts[0].report, &isolated = margined->accounts[1].report;
  EXPECT_EQ(grouped(cross.initial(margined->recipe()), 2), "24,000.00");
  EXPECT_EQ(grouped(isolated.initial(margined->recipe()), 2), "1,800.00");
  ASSERT_TRUE(cross.orders.has_value());
  EXPECT_TRUE(cross.orders->exact);
  EXPECT_EQ(grouped(cross.orders->amount, 2), "48,030.00");  // two coins, and the fee
  const auto text = margin_text(margined->context(), margined->accounts[0], Paint{});
  ASSERT_TRUE(text.has_value());
  EXPECT_NE(text->find("with open orders"), std::string::npos);
  const std::string json = recipe_json(margined->context(), margined->accounts);
  EXPECT_NE(json.find("\"owner\":\"a\""), std::string::npos);
  EXPECT_NE(json.find("\"fills_in_worst_case\":true"), std::string::npos);
}

TEST(MarginBooks, ErrorsNameTheDocument) {
  const auto unknown = margin_books({.market = market, .recipe = scan, .book = with(book, "ETH-PERP", "ETH")});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_TRUE(to_string(unknown.error()).starts_with("book.yaml:1:")) << to_string(unknown.error());
  const auto no_bars = margin_books({.market = market,
                                     .recipe = "{recipe: past, version: '1', scenarios: {moves: {kind: historical, "
                                               "horizon: 8h}}, components: {loss: {measure: "
                                               "worst, scenarios: moves}}, levels: {initial: loss, maintenance: loss}}",
                                     .book = book});
  ASSERT_FALSE(no_bars.has_value());
  EXPECT_EQ(no_bars.error().remedy, "give bars in the options");
}

TEST(MarginBooks, RecipesExtendPresetsAndNoFiles) {
  const std::string_view preset = "{recipe: mine, version: '1', extends: cross-fixed}";
  const auto extended = margin_books({.market = market, .recipe = preset, .book = book});
  ASSERT_TRUE(extended.has_value()) << to_string(extended.error());
  EXPECT_EQ(extended->revalued.loaded.extends, std::vector<std::string>{"recipes/cross-fixed.yaml"});
  const auto file =
      margin_books({.market = market, .recipe = with(preset, "cross-fixed", "./mine.yaml"), .book = book});
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message, "a recipe in memory cannot extend the file './mine.yaml'");
}

TEST(MarginBooks, FindingsAreSaidOnce) {
  auto margined = margin_books({.market = market, .recipe = scan, .book = book});
  ASSERT_TRUE(margined.has_value());
  margined->market.state.findings = {{Finding::Kind::stale, "BTC-PERP", "an old quote"}};
  const auto text = margin_text(margined->context(), margined->accounts[0], {});
  ASSERT_TRUE(text.has_value());
  const std::size_t first = text->find("an old quote");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(text->find("an old quote", first + 1), std::string::npos);
}

TEST(Explanation, EachPositionHasTheWorstScenarioOfItsOwnGroup) {
  const auto margined = margin_books({.market = market, .recipe = scan, .book = book});
  ASSERT_TRUE(margined.has_value());
  const auto btc = explain_position(margined->context(), margined->accounts[0], 0);
  const auto eth = explain_position(margined->context(), margined->accounts[0], 1);
  ASSERT_TRUE(btc && btc->scenario && eth && eth->scenario);
  EXPECT_EQ(btc->scenario->scenario, "spot -20 %");
  EXPECT_EQ(eth->scenario->scenario, "spot +10 %");
  EXPECT_TRUE(btc->rates.empty());  // least lost to scan
}

TEST(Explanation, WhereTheRateWonTheRateIsTheAnswer) {
  const std::string rates = with(scan, "rate: '0.15'", "rate: '0.5', rates: {ETH: '0.6'}");
  const auto margined = margin_books({.market = market, .recipe = rates, .book = book});
  ASSERT_TRUE(margined.has_value());
  const auto eth = explain_position(margined->context(), margined->accounts[0], 1);
  ASSERT_TRUE(eth.has_value());
  EXPECT_FALSE(eth->scenario.has_value());
  ASSERT_EQ(eth->rates.size(), 1u);
  EXPECT_EQ(eth->rates[0].component, "least");
  EXPECT_EQ(to_string(eth->rates[0].base), "-6000.000000000");
  EXPECT_EQ(eth->rates[0].rate, Ratio{6 * power_of_ten(Ratio::decimals - 1)});
  EXPECT_EQ(to_string(eth->rates[0].contribution), "3600.000000000");
  EXPECT_EQ(to_string(eth->initial), "7200.000000000");
}

}  // namespace
}  // namespace margrave
