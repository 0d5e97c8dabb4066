#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "document/read.h"
#include "market/market_reader.h"
#include "scenario/explain.h"
#include "scenario/grid.h"
#include "scenario/historical.h"
#include "scenario/revalue.h"
#include "scenario/rounding.h"

namespace margrave {
namespace {

/// A market of one coin at `index` USD and some instruments on it: a future and options for 27 March 2026 at `forward`,
/// four weeks ahead, and what the flow mappings of `instruments` add.
Market market_of(const std::string& index, const std::string& forward, const std::string& instruments) {
  const std::string text =
      "as_of: 2026-02-27T08:00:00Z\nassets: {USDC: {}, COIN: {decimals: 8}}\nunderlyings:\n  COIN:\n    index: " +
      index + "\n    expiries:\n      - {expiry: 2026-02-27T14:00:00Z, forward: " + index +
      "}\n      - {expiry: 2026-03-27T08:00:00Z, forward: " + forward +
      ", rate: 0.05, svi: {a: 0.008, b: 0.058, rho: -0.25, m: 0.037, sigma: 0.142}}\ninstruments:\n" + instruments;
  const auto document = parse_document(text, "market.yaml");
  EXPECT_TRUE(document) << to_string(document.error());
  auto market = read_market(*document, {});
  EXPECT_TRUE(market) << to_string(market.error());
  return *market;
}

const char* const month = "underlying: COIN, expiry: 2026-03-27T08:00:00Z";

std::string option(const std::string& name, const std::string& style, const std::string& type,
                   const std::string& strike, const std::string& more = "", const char* when = month) {
  return "  - {name: " + name + ", kind: option, style: " + style +
         ", settlement: " + (style == "linear" ? "USDC" : "COIN") + ", " + when + ", strike: '" + strike +
         "', type: " + type + more + "}\n";
}

const std::string linear_perpetual = "  - {name: PERP, kind: perpetual, underlying: COIN, settlement: USDC}\n";
const std::string inverse_perpetual =
    "  - {name: INVERSE, kind: perpetual, style: inverse, underlying: COIN, settlement: COIN}\n";

ScenarioSet grid_of(const Market& market, const std::string& yaml) {
  const auto document = parse_document("s: {kind: grid, " + yaml + "}\n", "grid.yaml");
  EXPECT_TRUE(document);
  const auto specs = read_scenario_specs(Cursor(*document));
  EXPECT_TRUE(specs) << to_string(specs.error());
  return *grid_scenarios(specs->front(), std::get<GridSpec>(specs->front().kind), market);
}

double value_of(const RiskArray& array, const char* row, std::uint32_t column) {
  const std::uint32_t at = *array.find_row(row);
  return std::ldexp(static_cast<double>(array.entry(at, column)), array.exponent(at));
}

TEST(LargestMagnitude, IsNotANumberWhereverOneOfThemIsNot) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  for (std::size_t size = 1; size < 10; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::vector<double> values(size, -2.5);
      EXPECT_EQ(largest_magnitude(values), 2.5);
      values[at] = nan;
      EXPECT_TRUE(std::isnan(largest_magnitude(values))) << at << " of " << size;
      values[(at + 1) % size] = inf;
      values[at] = nan;
      EXPECT_TRUE(std::isnan(largest_magnitude(values)));
    }
  }
  EXPECT_FALSE(smallest_exponent(nan, RowWidth::narrow));
}

/// A reader refuses a move of -100 %; a program may still make one.
ScenarioSet nothing_left(const Market& market) {
  ScenarioSet set = grid_of(market, "spot: ['0.3', '0.2', '0.1'], vol: ['0', '0.5']");
  const AssetId coin = market.registry.underlyings().front().coin;
  set.price[coin.index()][2] = set.price[coin.index()][3] = 0.0;
  return set;
}

TEST(Revalue, APriceThatFallsToNothingIsALossOfAllForLinearContracts) {
  for (const char* volatility : {"", ", vol: 0.5"}) {
    const Market market = market_of("100", "101",
                                    linear_perpetual + option("C", "linear", "call", "90", volatility) +
                                        option("P", "linear", "put", "90", volatility));
    const auto revalued = revalue(market, {nothing_left(market)}, {});
    ASSERT_TRUE(revalued) << to_string(revalued.error());
    for (const std::uint32_t column : {3u, 4u}) {
      EXPECT_EQ(value_of(revalued->array, "PERP", column), 0);
      EXPECT_EQ(value_of(revalued->array, "C", column), 0);
      EXPECT_NEAR(value_of(revalued->array, "P", column), 90 * std::exp(-0.05 * 28 / 365), 1e-6);
    }
  }
}

TEST(Revalue, APriceThatFallsToNothingIsAnErrorThatNamesTheInverseContract) {
  for (const std::string& instrument : {inverse_perpetual, option("INVERSE", "inverse", "call", "90"),
                                        option("INVERSE", "inverse", "put", "90", ", vol: 0.5")}) {
    const Market market = market_of("100", "101", instrument);
    const auto revalued = revalue(market, {nothing_left(market)}, {});
    ASSERT_FALSE(revalued);
    EXPECT_NE(to_string(revalued.error()).find("INVERSE"), std::string::npos);
  }
}

TEST(Revalue, AHundredfoldPriceIsStillExactToTheRow) {
  const Market market = market_of(
      "100", "101", linear_perpetual + inverse_perpetual + option("C", "inverse", "call", "90", ", vol: 0.5"));
  const auto revalued = revalue(market, {grid_of(market, "spot: ['100']")}, {});
  ASSERT_TRUE(revalued);
  EXPECT_NEAR(value_of(revalued->array, "PERP", 1), 10100, 1e-5);
  EXPECT_NEAR(value_of(revalued->array, "INVERSE", 1), -1, 1e-9);
  EXPECT_NEAR(value_of(revalued->array, "C", 1), 10100 - 90 * 100 / 101.0, 1e-5);  // one coin of 1 - K / F
}

// Without a lowest unit its row would count in 2^-120 USD and no other holding would fit beside it in 128 bits.
TEST(Revalue, AWorthlessOptionForcesNoFineUnitOnItsHolders) {
  const char* const today = "underlying: COIN, expiry: 2026-02-27T14:00:00Z";
  const Market market = market_of("100", "101",
                                  linear_perpetual + option("FAR", "linear", "call", "160", ", vol: 0.5", today) +
                                      option("NONE", "linear", "call", "900000", ", vol: 0.01", today));
  for (const RowWidth width : {RowWidth::narrow, RowWidth::wide}) {
    const auto revalued = revalue(market, {grid_of(market, "spot: ['-0.1', '0.1']")}, {.width = width});
    ASSERT_TRUE(revalued);
    EXPECT_GE(revalued->array.exponent(*revalued->array.find_row("FAR")), -64);
    EXPECT_EQ(revalued->array.exponent(*revalued->array.find_row("NONE")), 0);
  }
}

TEST(Revalue, TinyAndHugePricesKeepTheDigitsOfARow) {
  for (const char* price : {"0.00000003", "1000000"}) {
    const Market market = market_of(price, price, linear_perpetual + inverse_perpetual);
    const auto revalued = revalue(market, {grid_of(market, "spot: ['-0.5', '0.5']")}, {});
    ASSERT_TRUE(revalued) << to_string(revalued.error());
    const double index = Decimal::parse(price)->to_double();
    EXPECT_NEAR(value_of(revalued->array, "PERP", 2), 1.5 * index, 2e-9 * index);
    EXPECT_NEAR(value_of(revalued->array, "INVERSE", 2), -1, 2e-9);
  }
}

TEST(Revalue, BeyondAllExpiriesEverythingSettlesAtTheIndexOfTheScenario) {
  const std::string future =
      "  - {name: FUTURE, kind: future, settlement: USDC, mark: 104, " + std::string(month) + "}\n";
  const Market market =
      market_of("100", "103", future + option("C", "linear", "call", "90") + option("P", "inverse", "put", "130"));
  const ScenarioSet set = grid_of(
      market,
      "spot: ['-0.2', '0', '0.2'], vol: ['0.5'], basis: ['0.3'], rate: ['0.1'], horizon: 400d, value_at: horizon");
  const auto revalued = revalue(market, {set}, {});
  ASSERT_TRUE(revalued) << to_string(revalued.error());
  for (std::uint32_t column = 1; column <= 3; ++column) {
    const double index = 100 * set.price[1][column - 1];
    EXPECT_NEAR(value_of(revalued->array, "FUTURE", column), index, 1e-6);
    EXPECT_NEAR(value_of(revalued->array, "C", column), std::fmax(index - 90, 0), 1e-6);
    EXPECT_NEAR(value_of(revalued->array, "P", column), std::fmax(130 - index, 0), 1e-6);  // coins of (K - S) / S, at S
    const ExplainedEntry told =
        explain_entry(market, {set}, revalued->array, *market.registry.instrument("FUTURE"), column);
    EXPECT_NEAR(told.then.price, index, 1e-9);
    EXPECT_NEAR(told.now.price, 104, 1e-12);
  }
}

TEST(Explain, SaysWhatAContractIsWorthWhereNothingOfItCounts) {
  const Market market = market_of("100", "101", option("C", "linear", "call", "90"));
  const ScenarioSet plain = grid_of(market, "spot: ['0.2']"), damped = grid_of(market, "spot: ['0.2'], dampening: 0");
  const InstrumentId call = *market.registry.instrument("C");
  const auto one = revalue(market, {plain}, {}), none = revalue(market, {damped}, {});
  ASSERT_TRUE(one && none);
  const ExplainedEntry full = explain_entry(market, {plain}, one->array, call, 1);
  const ExplainedEntry told = explain_entry(market, {damped}, none->array, call, 1);
  EXPECT_EQ(told.then.value, full.then.value);
  EXPECT_EQ(told.then.price, full.then.price);
  EXPECT_EQ(told.counted, told.now.value);
  EXPECT_EQ(told.entry, told.entry_now);
}

Bars bars_of(const char* coin, int skip, double wave) {
  Bars bars;
  bars.coin = coin;
  bars.step_ms = 8 * 3600 * 1000;
  for (int i = 0; i < 40; ++i) {
    if (skip > 0 && i % 10 == skip) continue;
    bars.t_ms.push_back(i * bars.step_ms);
    bars.close.push_back(100 * (1 + wave * (i % 2)));
  }
  return bars;
}

struct History {
  Market market;
  ScenarioSpec spec{.name = "history", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = {}};
  HistoricalSpec history{.window_days = 10, .step_seconds = 8 * 3600, .least_share = Decimal{5, 1}};

  explicit History(const std::vector<const char*>& others) {
    for (const char* name : others) {
      EXPECT_TRUE(market.registry.list(Asset{name, 6}));
      market.state.asset_usd.push_back(1);
    }
    for (const char* name : {"AAA", "BBB"}) {
      EXPECT_TRUE(market.registry.list(Underlying{name, *market.registry.list(Asset{name, 8})}));
      market.state.asset_usd.push_back(1);
      market.state.underlyings.push_back({.index = 1, .expiries = {}});
    }
    market.state.as_of = Timestamp::from_ms(40LL * 8 * 3600 * 1000);
  }
};

// A dollar in the mean would halve the moves that stand in for a coin's missing ones, or leave only its own.
TEST(Historical, ADollarSaysNothingOfACoinThatHasAGap) {
  const History with({"USDC"}), without({"EUR"});
  const std::vector<Bars> bars{bars_of("AAA", 0, 0.1), bars_of("BBB", 4, 0.2), bars_of("USDC", 0, 0.001)};
  const auto one = historical_scenarios(with.spec, with.history, with.market, bars);
  const auto other = historical_scenarios(without.spec, without.history, without.market, bars);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->price[2], other->price[2]);
  EXPECT_FALSE(one->uncovered[0]);
}

TEST(Historical, OnlyADollarMayBeWithoutHistory) {
  const History h({"USDC", "GOLD"});
  const auto set = historical_scenarios(h.spec, h.history, h.market, {bars_of("AAA", 0, 0.1), bars_of("BBB", 0, 0.2)});
  ASSERT_TRUE(set);
  EXPECT_EQ(set->uncovered, (std::vector<bool>{false, true, false, false}));
}

}  // namespace
}  // namespace margrave
