#include <gtest/gtest.h>

#include <cmath>

#include "cli/inputs.h"
#include "document/read.h"
#include "margin/book_reader.h"
#include "margin/recipe_reader.h"
#include "margin/settlement_part.h"
#include "market/market_reader.h"
#include "report/margin_books.h"
#include "report/margin_json.h"
#include "report/margin_text.h"

// One requirement for each settlement asset, counted in it.

namespace margrave {
namespace {

constexpr const char* market_text =
    "{version: 1, as_of: 2026-02-15T08:00:00Z,"
    " assets: {USDC: {decimals: 6, usd: '0.999'}, BTC: {decimals: 8}, ETH: {decimals: 18}},"
    " underlyings: {BTC: {index: 60000, expiries: [{expiry: 2026-03-27T08:00:00Z, forward: 60500}]}, ETH: {index: "
    "2000}},"
    " instruments: ["
    "{name: BTC-INVERSE, kind: perpetual, style: inverse, underlying: BTC, settlement: BTC, contract_size: 10, lot: 1,"
    " mark: 60010},"
    "{name: ETH-INVERSE, kind: perpetual, style: inverse, underlying: ETH, settlement: ETH, contract_size: 1, lot: 1,"
    " mark: 2001},"
    "{name: BTC-LINEAR, kind: perpetual, style: linear, underlying: BTC, settlement: USDC, lot: '0.001', mark: 60020},"
    "{name: BTC-27MAR26-70000-C, kind: option, style: inverse, underlying: BTC, settlement: BTC, lot: '0.1',"
    " expiry: 2026-03-27T08:00:00Z, strike: 70000, type: call, vol: '0.7'}]}";

constexpr const char* book_text =
    "{account: a, balances: {USDC: '20000', BTC: '1.5', ETH: '-0.25'}, positions: ["
    "{instrument: BTC-INVERSE, size: '-50000', entry_price: 61000}, {instrument: BTC-27MAR26-70000-C, size: '-3'},"
    "{instrument: ETH-INVERSE, size: '8000', entry_price: 1990}, {instrument: BTC-LINEAR, size: '0.7', entry_price: "
    "59000}]}";

Result<MarginedBooks> margined(const std::string& recipe, const std::string& settlement) {
  MarginBooksOptions options;
  options.settlement = settlement;
  return margin_books({market_text, recipe, book_text}, options);
}

std::string extending(const std::string& preset) { return "{recipe: own, version: '1', extends: " + preset + "}"; }

TEST(Settlement, PartsHoldEachPositionAndBalanceOnce) {
  const Market market = *read_market(*parse_document(market_text, "market.yaml"), {});
  const std::vector<Book> books = *read_books(*parse_document(book_text, "book.yaml"), market.registry);
  std::size_t positions = 0, balances = 0;
  const std::vector<AssetId> assets = settlement_assets(market.registry, books);
  ASSERT_EQ(assets.size(), 3U);
  for (const AssetId asset : assets) {
    const Book part = settlement_part(market.registry, books[0], asset);
    for (const Position& position : part.positions) EXPECT_EQ(market.registry[position.instrument].settlement, asset);
    positions += part.positions.size();
    balances += part.balances.size();
  }
  EXPECT_EQ(positions, books[0].positions.size());
  EXPECT_EQ(balances, books[0].balances.size());
}

// Each part's equity at its asset's price, added up, is the account's equity in dollars.
TEST(Settlement, EquitiesAtTheirPricesAreTheEquityInDollars) {
  const auto whole = margined(extending("deribit-pm"), "");
  ASSERT_TRUE(whole) << to_string(whole.error());
  long double sum = 0;
  const std::pair<const char*, long double> prices[] = {{"USDC", 0.999L}, {"BTC", 60000}, {"ETH", 2000}};
  for (const auto& [asset, price] : prices) {
    const auto part = margined(extending("deribit-pm-segregated"), asset);
    ASSERT_TRUE(part) << to_string(part.error());
    ASSERT_EQ(part->accounts.size(), 1U);
    sum += static_cast<long double>(part->accounts[0].report.equity.raw) * price;
  }
  EXPECT_NEAR(static_cast<double>(sum), static_cast<double>(whole->accounts[0].report.equity.raw),
              70000);  // 1e-9 of a coin
}

// A short inverse perpetual loses content x (1/mark - 1/moved mark) coins, its largest loss at the lowest price.
TEST(Settlement, AnInversePerpetualLosesItsCoins) {
  const std::string recipe =
      "{recipe: own, version: '1', numeraire: settlement, scenarios: {grid: {kind: grid, spot: ['-0.2', '0', '0.25']}},"
      " components: {worst: {measure: worst, scenarios: grid, group: all}}, levels: {initial: worst, maintenance: "
      "worst}}";
  const auto part = margined(recipe, "ETH");
  ASSERT_TRUE(part) << to_string(part.error());
  const double lost = 8000 * (1 / (0.8 * 2001) - 1 / 2001.0);
  EXPECT_NEAR(static_cast<double>(part->accounts[0].report.initial(part->recipe()).raw) * 1e-9, lost, 2e-8);
  // In dollars the same position, whose coins fall with it, loses no dollar: its value is the dollars it counts.
}

TEST(Settlement, DollarsAndCoinsAreNotAddedWithoutAPrice) {
  const auto level = [&](const std::string& value) {
    return margined("{recipe: own, version: '1', numeraire: settlement, components: {c: {each: underlying, value: '" +
                        value + "'}}, levels: {initial: c, maintenance: c}}",
                    "BTC");
  };
  const auto mixed = level("abs(sum(notional)) + abs(sum(delta)) * index");
  ASSERT_FALSE(mixed);
  EXPECT_NE(mixed.error().message.find("settlement"), std::string::npos) << to_string(mixed.error());
  EXPECT_FALSE(level("abs(sum(delta)) * index"));
  const auto both = level("abs(sum(notional)) + abs(sum(delta)) * index / settlement_price");
  ASSERT_TRUE(both) << to_string(both.error());
  const auto notional = level("abs(sum(notional))"), delta = level("abs(sum(delta)) * index / settlement_price");
  ASSERT_TRUE(notional);
  ASSERT_TRUE(delta);
  const auto amount = [](const Result<MarginedBooks>& of) { return of->accounts[0].report.initial(of->recipe()).raw; };
  EXPECT_NEAR(static_cast<double>(amount(both)), static_cast<double>(amount(notional) + amount(delta)), 2);
  EXPECT_GT(amount(delta), 0);
}

// The mark of an option is in dollars of a coin whatever values are counted in.
TEST(Settlement, MarksAreInDollars) {
  const std::string rule =
      "components: {c: {each: position, kinds: [option], value: 'abs(size) * mark / PRICE'}}, levels: {initial: c, "
      "maintenance: c}}";
  const auto with = [&](const std::string& price) { return std::string(rule).replace(rule.find("PRICE"), 5, price); };
  const auto dollars = margined("{recipe: own, version: '1', " + with("1"), "");
  const auto coins = margined("{recipe: own, version: '1', numeraire: settlement, " + with("settlement_price"), "BTC");
  ASSERT_TRUE(dollars) << to_string(dollars.error());
  ASSERT_TRUE(coins) << to_string(coins.error());
  const auto amount = [](const Result<MarginedBooks>& of) {
    return static_cast<double>(of->accounts[0].report.initial(of->recipe()).raw);
  };
  EXPECT_GT(amount(dollars), 1e9);
  EXPECT_NEAR(amount(coins) * 60000 / amount(dollars), 1, 1e-6);
}

TEST(Settlement, WhatCannotBeIsRefused) {
  EXPECT_FALSE(margined(extending("deribit-pm-segregated"), ""));
  EXPECT_FALSE(margined(extending("deribit-pm-segregated"), "DOGE"));
  EXPECT_FALSE(margined(extending("deribit-pm"), "BTC"));
  const auto payoff = margined(
      "{recipe: own, version: '1', numeraire: settlement, components: {c: {payoff: expiry}}, levels: {initial: c, "
      "maintenance: c}}",
      "BTC");
  ASSERT_FALSE(payoff);
  const auto word = margined(
      "{recipe: own, version: '1', numeraire: euro, components: {c: {rate: '0.1', base: notional}}, levels: {initial: "
      "c, "
      "maintenance: c}}",
      "BTC");
  ASSERT_FALSE(word);
  EXPECT_NE(to_string(word.error()).find("settlement"), std::string::npos) << to_string(word.error());
}

TEST(Settlement, AnArrayInAnotherNumeraireIsRefused) {
  const Market market = *read_market(*parse_document(market_text, "market.yaml"), {});
  const std::vector<Book> books = *read_books(*parse_document(book_text, "book.yaml"), market.registry);
  RevalueOptions options;
  options.numeraire = market.registry.asset("BTC");
  const auto revalued = revalue_recipe(*load_recipe("deribit-pm"), market, {}, options);
  ASSERT_TRUE(revalued) << to_string(revalued.error());
  const auto report = assess(
      {market.registry, revalued->revaluation.array, revalued->index, revalued->loaded.recipe, best_isa()}, books[0]);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("BTC"), std::string::npos) << to_string(report.error());
}

TEST(Settlement, ReportsNameTheAssetAndNotDollars) {
  const auto part = margined(extending("deribit-pm-segregated"), "BTC");
  ASSERT_TRUE(part) << to_string(part.error());
  const auto text = margin_text(part->context(), part->accounts[0], {});
  ASSERT_TRUE(text) << to_string(text.error());
  EXPECT_NE(text->find("what settles in BTC"), std::string::npos) << *text;
  EXPECT_NE(text->find("initial margin, BTC"), std::string::npos) << *text;
  const std::string json = recipe_json(part->context(), part->accounts);
  EXPECT_NE(json.find("\"numeraire\":\"BTC\""), std::string::npos);
  EXPECT_NE(json.find("\"equity_settlement\""), std::string::npos);
  EXPECT_EQ(json.find("equity_usd"), std::string::npos);
  EXPECT_NE(json.find("\"gamma_coins_per_usd\""), std::string::npos);  // Greeks stay in dollars
}

}  // namespace
}  // namespace margrave
