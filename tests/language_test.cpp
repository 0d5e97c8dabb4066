#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "cli/inputs.h"
#include "document/read.h"
#include "report/revalued.h"

// The language of margin rules on the example market: what an expression, a payoff and a transform come to is computed
// here a second time, by the most direct way there is.

namespace margrave {
namespace {

const std::string root = MARGRAVE_SOURCE_DIR "/";

const Market& market() {
  static const Market example = *load_market({.market = root + "examples/market.yaml", .at = {}, .bars = {}});
  return example;
}

Revalued under(const std::string& body) {
  const std::string text = "recipe: test\nversion: '1'\nrow_error: '1e-12'\n" + body;
  auto document = parse_document(text, "test.yaml");
  EXPECT_TRUE(document) << to_string(document.error());
  auto loaded = load_recipe(*document);
  EXPECT_TRUE(loaded) << to_string(loaded.error());
  auto revalued = revalue_recipe(*std::move(loaded), market(), {}, RevalueOptions{});
  EXPECT_TRUE(revalued) << to_string(revalued.error());
  return *std::move(revalued);
}

MarginReport assessed(const Revalued& of, const Book& book) {
  auto report = assess({market().registry, of.revaluation.array, of.index, of.loaded.recipe, best_isa()}, book);
  EXPECT_TRUE(report) << to_string(report.error());
  return *std::move(report);
}

std::string refusal(const std::string& body) {
  auto document = parse_document("recipe: test\nversion: '1'\n" + body, "test.yaml");
  EXPECT_TRUE(document) << to_string(document.error());
  auto loaded = load_recipe(*document);
  return loaded ? "" : to_string(loaded.error());
}

std::size_t component(const Revalued& of, std::string_view name) {
  const auto& all = of.loaded.recipe.components;
  return static_cast<std::size_t>(
      std::find_if(all.begin(), all.end(), [&](const Component& c) { return c.name == name; }) - all.begin());
}

double dollars(Usd amount) { return static_cast<double>(amount.raw) * 1e-9; }

Position position(const char* name, std::int64_t lots) { return {*market().registry.instrument(name), Lots{lots}, {}}; }

/// A random book of options and perpetuals, and balances.
Book random_book(std::uint64_t seed, bool options_only) {
  Random random{.seed = seed};
  Book book{"random", {}, {}};
  const auto& instruments = market().registry.instruments();
  for (std::uint64_t n = 1 + random.below(25); n > 0;) {
    const InstrumentId id{static_cast<std::uint32_t>(random.below(instruments.size()))};
    if (options_only && instruments[id.index()].is_forward()) continue;
    const auto lots = static_cast<std::int64_t>(1 + random.below(5000));
    book.positions.push_back({id, Lots{random.below(2) == 0 ? lots : -lots}, std::nullopt});
    --n;
  }
  book.balances.push_back({*market().registry.asset("USDC"), 100'000'000'000});
  return book;
}

double size_of(const Position& held) {
  const Instrument& instrument = market().registry[held.instrument];
  return lot_content(instrument)->to_double() * static_cast<double>(held.lots.raw);
}

TEST(Language, AnExpressionOfEachPositionIsItsFormula) {
  const Revalued of = under(
      "components: {charge: {each: position, kinds: [option], side: short, value: "
      "\"max(0.1, 0.15 - max(0, strike - index) / index) * index * abs(size)\"}}\nlevels: {initial: charge, "
      "maintenance: charge}\n");
  const Book book{"a", {}, {position("BTC-24APR26-72000-C", -125), position("BTC-27MAR26-64000-P", 100)}};
  const MarginReport report = assessed(of, book);
  const double expected = std::max(0.1, 0.15 - (72000.0 - 67000) / 67000) * 67000 * -size_of(book.positions[0]);
  EXPECT_NEAR(dollars(report.initial(of.loaded.recipe)), expected, 1e-6);
  EXPECT_EQ(report.components[0].by_line[0], report.components[0].amount);
  EXPECT_EQ(report.components[0].by_line[1], Usd{});
}

TEST(Language, AFinerComponentIsSummedAndACoarserOneLookedUp) {
  const Revalued of = under(
      "components:\n"
      "  naked: {each: strike, kinds: [option], value: \"max(0, -sum(size))\"}\n"
      "  trust: {each: underlying, value: \"index / 1000[usd/coin]\"}\n"
      "  shorts: {each: expiry, kinds: [option], value: naked * trust * index}\n"
      "  none: {each: expiry, kinds: [future], otherwise: '7', value: count() * 0}\n"
      "levels: {initial: {value: shorts}, maintenance: {value: shorts}}\n");
  const Book book{"a",
                  {},
                  {position("BTC-27MAR26-64000-P", -30), position("BTC-27MAR26-64000-C", 10),
                   position("BTC-24APR26-72000-C", -20), position("ETH-27MAR26-1800-P", -100)}};
  const MarginReport report = assessed(of, book);
  const double btc = (size_of(book.positions[0]) + size_of(book.positions[1]) + size_of(book.positions[2])) * -1;
  const double eth = -size_of(book.positions[3]);
  EXPECT_NEAR(dollars(report.initial(of.loaded.recipe)), btc * 67 * 67000 + eth * 1.95 * 1950, 1e-6);
}

TEST(Language, WhatCouldDivideByZeroMixUnitsOrReferInACircleIsRefusedWhenRead) {
  const std::string levels = "levels: {initial: a, maintenance: a}\n";
  const auto refused = [&](const std::string& value, const std::string& each) {
    return refusal("components: {a: {each: " + each + ", value: \"" + value + "\"}}\n" + levels);
  };
  EXPECT_NE(refused("1[usd] / years * 1[year]", "expiry").find("divisor could be 0"), std::string::npos);
  EXPECT_NE(refused("index + sum(size)", "underlying").find("mixes units"), std::string::npos);
  EXPECT_NE(refused("a", "all").find("'a' is not known"), std::string::npos);
  EXPECT_NE(refused("sum(valeu)", "all").find("did you mean value"), std::string::npos);
  EXPECT_NE(refused("size * index", "underlying").find("differs within the group"), std::string::npos);
  EXPECT_NE(refused("sum(size)", "all").find("not in usd"), std::string::npos);
  EXPECT_NE(refused("sqrt(sum(value))", "all").find("could be negative"), std::string::npos);
  EXPECT_EQ(refused("value", "asset"), "");
}

TEST(Language, ALevelThatCouldBeNegativeIsFlooredAtZeroUnderItsName) {
  const Revalued of =
      under("components: {signed: {value: \"sum(value)\"}}\nlevels: {initial: signed, maintenance: signed}\n");
  const MarginReport report = assessed(of, {"a", {}, {position("BTC-27MAR26-64000-P", -30)}});
  EXPECT_LT(report.components[0].amount, Usd{});
  EXPECT_EQ(report.initial(of.loaded.recipe), Usd{});
  EXPECT_EQ(of.loaded.recipe.components[of.loaded.recipe.initial].name, "initial");
}

TEST(Language, AParameterDiffersByUnderlyingAndATableIsContinuous) {
  const Revalued of = under(
      "parameters: {fee: {value: '0.02', by: {ETH: '0.03'}}}\n"
      "tables: {brackets: {kind: marginal, of: usd, rows: [[0, '0.01'], [100000, '0.02']]}}\n"
      "components:\n"
      "  flat: {each: underlying, value: fee * sum(abs(notional))}\n"
      "  tiers: {each: underlying, value: brackets(abs(sum(notional)))}\n"
      "levels: {initial: flat, maintenance: tiers}\n");
  const Book book{"a", {}, {position("BTC_USDC-PERPETUAL", 1000), position("ETH_USDC-PERPETUAL", -500)}};
  const MarginReport report = assessed(of, book);
  const double btc = std::fabs(size_of(book.positions[0])) * 67020.1;
  const double eth =
      std::fabs(size_of(book.positions[1])) * market().state.instruments[book.positions[1].instrument.index()].mark;
  EXPECT_NEAR(dollars(report.components[0].amount), 0.02 * btc + 0.03 * eth, 1e-6);
  const auto tiers = [](double x) { return x < 100000 ? 0.01 * x : 1000 + 0.02 * (x - 100000); };
  EXPECT_NEAR(dollars(report.components[1].amount), tiers(btc) + tiers(eth), 1e-6);
}

RC_GTEST_PROP(Language, ThePayoffIsTheLowestOverZeroAndAllStrikes, (std::uint64_t seed)) {
  static const Revalued of =
      under("components: {loss: {payoff: worst, each: expiry}}\nlevels: {initial: loss, maintenance: loss}\n");
  const Book book = random_book(seed, true);
  const MarginReport report = assessed(of, book);
  std::map<std::pair<std::uint32_t, std::int64_t>, std::vector<Position>> expiries;
  for (const Position& held : book.positions) {
    const Instrument& instrument = market().registry[held.instrument];
    expiries[{instrument.underlying.value, instrument.expiry.ns}].push_back(held);
  }
  double expected = 0;
  for (const auto& [key, held] : expiries) {
    std::vector<double> prices{0};
    for (const Position& one : held) prices.push_back(market().registry[one.instrument].strike.to_double());
    double lowest = 0;
    for (const double price : prices) {
      double payoff = 0;
      for (const Position& one : held) {
        const Instrument& instrument = market().registry[one.instrument];
        const double gap = price - instrument.strike.to_double();
        payoff += size_of(one) * std::max(0.0, instrument.is_call ? gap : -gap);
      }
      lowest = std::min(lowest, payoff);
    }
    expected -= lowest;
  }
  RC_ASSERT(std::fabs(dollars(report.components[0].amount) - expected) <= 1e-9 * expected + 1e-6);
}

/// A recipe with one of everything that has contributions.
const Revalued& everything() {
  static const Revalued of = under(
      "parameters: {gain: '0.6', loss: '1.1'}\n"
      "scenarios: {moves: {kind: grid, spot: ['-0.2', '-0.1', '0', '0.1', '0.2'], vol: ['0.3', '0', '-0.3']}}\n"
      "components:\n"
      "  gains: {each: expiry, value: gain}\n"
      "  losses: {each: underlying, value: loss}\n"
      "  scan: {measure: worst, scenarios: moves, balances: true, transform: {each: expiry, kinds: [option], of: "
      "value, "
      "gains: gains, losses: losses}}\n"
      "  turned: {measure: worst, scenarios: moves, group: underlying, transform: {each: expiry, sign: worst}}\n"
      "  payoff_loss: {payoff: worst, each: underlying}\n"
      "  naked: {each: strike, kinds: [option], value: \"max(0, -sum(size))\"}\n"
      "  square: {each: underlying, value: \"sqrt(sum(abs(notional)) * 1[usd])\"}\n"
      "  contingency: {each: underlying, value: 0.01 * naked * index + square}\n"
      "levels:\n"
      "  initial: {value: \"max(scan, turned, payoff_loss) + contingency\"}\n"
      "  maintenance: {value: \"0.8 * max(scan, turned) + contingency\"}\n");
  return of;
}

RC_GTEST_PROP(Language, ContributionsSumExactlyToEveryCharge, (std::uint64_t seed)) {
  const MarginReport report = assessed(everything(), random_book(seed, false));
  for (std::size_t c = 0; c < report.components.size(); ++c) {
    if (!everything().loaded.recipe.is_charge(everything().loaded.recipe.components[c])) continue;
    Usd sum;
    for (const Usd part : report.components[c].by_line) sum += part;
    RC_ASSERT(sum == report.components[c].amount);
  }
}

RC_GTEST_PROP(Language, BriefAndFullReportsAgreeToTheUnit, (std::uint64_t seed)) {
  const Book book = random_book(seed, false);
  const MarginReport full = assessed(everything(), book);
  const Revalued& of = everything();
  const auto brief =
      assess_brief({market().registry, of.revaluation.array, of.index, of.loaded.recipe, best_isa()}, book);
  RC_ASSERT(brief.has_value());
  for (std::size_t c = 0; c < full.components.size(); ++c)
    if (of.loaded.recipe.components[c].is_needed) RC_ASSERT(full.components[c].amount == brief->components[c].amount);
}

RC_GTEST_PROP(Language, TheOrderOfPositionsChangesNothing, (std::uint64_t seed)) {
  Book book = random_book(seed, false);
  const MarginReport before = assessed(everything(), book);
  std::reverse(book.positions.begin(), book.positions.end());
  const MarginReport after = assessed(everything(), book);
  const Recipe& recipe = everything().loaded.recipe;
  RC_ASSERT(before.initial(recipe) == after.initial(recipe));
  RC_ASSERT(before.maintenance(recipe) == after.maintenance(recipe));
}

/// The transformed worst case by doubles, from the entries of the array.
RC_GTEST_PROP(Language, ATransformFactorsEachGroupByItsSign, (std::uint64_t seed)) {
  const Revalued& of = everything();
  const Book book = random_book(seed, false);
  const MarginReport report = assessed(of, book);
  const RiskArray& array = of.revaluation.array;
  const auto portfolio = make_portfolio(market().registry, of.index, array, book);
  const auto value = [&](const Holding& holding, std::uint32_t column) {
    return static_cast<double>(holding.quantity) *
           std::ldexp(static_cast<double>(array.entry(holding.row, column)), array.exponent(holding.row));
  };
  const ScenarioRange& range = *array.find_range("moves");
  double worst = 0, gross = 0;
  for (std::uint32_t c = range.begin; c < range.end; ++c) {
    std::map<std::pair<std::uint32_t, std::int64_t>, std::pair<double, double>> expiries;  // now, then
    double profit = 0;
    for (const Line& line : portfolio->lines) {
      const Instrument& instrument = market().registry[line.instrument];
      double now = value(line.position, 0), then = value(line.position, c);
      if (line.leg) now += value(*line.leg, 0), then += value(*line.leg, c);
      gross += std::fabs(then) + std::fabs(now);
      if (instrument.kind == Kind::option) {
        auto& sums = expiries[{instrument.underlying.value, instrument.expiry.ns}];
        sums.first += now, sums.second += then;
      } else {
        profit += then - now;
      }
    }
    for (const Holding& balance : portfolio->balances) profit += value(balance, c) - value(balance, 0);
    for (const auto& [key, sums] : expiries) profit += sums.second * (sums.second >= 0 ? 0.6 : 1.1) - sums.first;
    worst = std::max(worst, -profit);
  }
  const double computed = dollars(report.components[component(of, "scan")].amount);
  RC_ASSERT(std::fabs(computed - worst) <= 1e-12 * gross + 1e-8);
}

}  // namespace
}  // namespace margrave
