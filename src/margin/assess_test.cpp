#include "margin/assess.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/random.h"
#include "margin/apportion.h"
#include "margin/margin_fixture.h"

namespace margrave {
namespace {

TEST(Assess, WorstPerUnderlyingIsTheLargestLossOfEachAndContributionsSumToIt) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {scan: {measure: worst, scenarios: moves, group: underlying}}\nlevels: {initial: scan, maintenance: "
      "scan}\n");
  // 10 lots of BTC perpetual lose 100 on the way down; short 20 calls gain 80 there: the worst is up: +100 - 140 = -40.
  // 5 lots of short ETH lose 20 on the way up.
  const Book book{
      "a", {}, {venue.position("BTC-PERP", 10), venue.position("BTC-27MAR26-C", -20), venue.position("ETH-PERP", -5)}};
  const MarginReport report = assess_with(venue, recipe, book);
  const ComponentAmount& scan = report.components[0];
  EXPECT_TRUE(scan.amount.raw == usd(60));
  ASSERT_EQ(scan.groups.size(), 2u);
  EXPECT_TRUE(scan.groups[0].amount.raw == usd(40));
  EXPECT_EQ(venue.array->scenario(scan.groups[0].tail[0]), "up");
  EXPECT_TRUE(scan.by_line[0].raw == usd(-100));
  EXPECT_TRUE(scan.by_line[1].raw == usd(140));
  EXPECT_TRUE(scan.by_line[2].raw == usd(20));
}

TEST(Assess, AJointMeasureLetsUnderlyingsOffset) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: scan, maintenance: scan}\n");
  const Book book{"a", {}, {venue.position("BTC-PERP", 2), venue.position("ETH-PERP", -5)}};
  EXPECT_TRUE(assess_with(venue, recipe, book).components[0].amount.raw == 0);  // -20 + 20 down, +20 - 20 up
}

TEST(Assess, ExpectedShortfallOfTheWholeTailIsItsMeanRoundedUp) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {es: {measure: es, confidence: '0', scenarios: history}}\nlevels: {initial: es, maintenance: es}\n");
  const Book book{"a", {}, {venue.position("BTC-PERP", 1)}};
  const MarginReport report = assess_with(venue, recipe, book);
  EXPECT_TRUE(report.components[0].amount.raw == usd(10));  // (20 + 0) / 2
  EXPECT_EQ(report.components[0].groups[0].tail.size(), 2u);
}

TEST(Assess, AGainInEveryScenarioNeedsNoMargin) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {scan: {measure: worst, scenarios: history}}\nlevels: {initial: scan, maintenance: scan}\n");
  const Book book{"a", {}, {venue.position("BTC-PERP", -1)}};
  EXPECT_TRUE(assess_with(venue, recipe, book).components[0].amount.raw == 0);
}

TEST(Assess, EntryPricesMakeEquityOfUnrealisedProfit) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {fixed: {rate: '0.1', base: notional}}\nlevels: {initial: fixed, maintenance: fixed}\n");
  // 10 lots = 0.01 BTC entered at 45,000: cost 450 USDC of 2^-20 * 10^6 USD each; worth 500 now.
  const Book book{"a", {{*venue.registry.asset("USDC"), 1000 * 1000000}}, {venue.position("BTC-PERP", 10, "45000")}};
  const MarginReport report = assess_with(venue, recipe, book);
  const double usdc = 1e6 * 0x1p-20;
  EXPECT_NEAR(static_cast<double>(report.equity.raw) * 1e-9, 500 + (1000 - 450) * usdc, 1e-9);
  EXPECT_NEAR(static_cast<double>(report.lines[0].unrealised_pnl.raw) * 1e-9, 500 - 450 * usdc, 1e-9);
  EXPECT_TRUE(report.components[0].amount.raw == usd(50));
}

TEST(Assess, WithoutAnEntryPriceAPositionIsWorthNothingToOneUnitOfItsAsset) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: scan, maintenance: scan}\n");
  for (const char* name : {"BTC-PERP", "BTC-INVERSE"}) {
    for (const std::int64_t lots : {1, -1, 777, -12345}) {
      const MarginReport report = assess_with(venue, recipe, {"a", {}, {venue.position(name, lots)}});
      EXPECT_TRUE(report.equity.raw <= 0) << name << " " << lots;
      EXPECT_GT(static_cast<double>(report.equity.raw) * 1e-9, -0.000501) << name << " " << lots;
      EXPECT_TRUE(report.lines[0].entered_at_mark);
    }
  }
}

TEST(Assess, AnInversePerpetualLosesThroughItsLegInTheCoin) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: scan, maintenance: scan}\n");
  // Long 50,000 USD entered at 50,000 is long 1 BTC in coin: it loses a fifth of it when the coin falls by a fifth.
  const MarginReport report = assess_with(venue, recipe, {"a", {}, {venue.position("BTC-INVERSE", 50000, "50000")}});
  EXPECT_NEAR(static_cast<double>(report.components[0].amount.raw) * 1e-9, 10000, 1e-2);
}

TEST(Assess, BalancesAreInTheScenariosOnlyWhenTheRecipeSaysSo) {
  const Venue venue;
  const Book book{"a", {{*venue.registry.asset("BTC"), 100000000}}, {venue.position("BTC-PERP", -1000)}};
  const Recipe with = recipe_of(
      "components: {scan: {measure: worst, scenarios: moves, balances: true}}\nlevels: {initial: scan, maintenance: "
      "scan}\n");
  const Recipe without =
      recipe_of("components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: scan, maintenance: scan}\n");
  EXPECT_LT(static_cast<double>(assess_with(venue, with, book).components[0].amount.raw) * 1e-9,
            0.01);  // hedged by the coin
  EXPECT_TRUE(assess_with(venue, without, book).components[0].amount.raw == usd(10000));
}

TEST(Assess, MaxTakesTheFirstLargestAndItsContributions) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components:\n  scan: {measure: worst, scenarios: moves}\n  least: {rate: '0.5', base: notional}\n"
      "  charge: {max: [scan, least]}\nlevels: {initial: charge, maintenance: {scale: charge, by: "
      "'0.333333333333'}}\n");
  const MarginReport report = assess_with(venue, recipe, {"a", {}, {venue.position("BTC-PERP", 3)}});
  EXPECT_EQ(report.components[2].chosen, 1u);
  EXPECT_TRUE(report.initial(recipe).raw == usd(75));
  EXPECT_EQ(to_string(report.maintenance(recipe)), "25.000000000");  // 24.999999999975, against the account
}

TEST(Assess, AnInstrumentWithoutARowIsAnErrorThatNamesIt) {
  Venue venue;
  EXPECT_TRUE(venue.registry.list(
      Instrument{.name = "SOL-PERP", .kind = Kind::perpetual, .underlying = {0}, .settlement = {0}}));
  venue.index = index_rows(venue.registry, *venue.array);
  const Recipe recipe =
      recipe_of("components: {fixed: {rate: '0.1', base: notional}}\nlevels: {initial: fixed, maintenance: fixed}\n");
  const auto report = assess({venue.registry, *venue.array, venue.index, recipe, Isa::portable},
                             {"a", {}, {venue.position("SOL-PERP", 1)}});
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("SOL-PERP"), std::string::npos);
}

// |net| has no slope at zero: what a line adds would depend on the sign that a rounding left.
TEST(Assess, AGroupThatOffsetsToNothingHasNoContributions) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {fixed: {rate: '0.1', base: notional, group: underlying}}\nlevels: {initial: fixed, maintenance: "
      "fixed}\n");
  const MarginReport report =
      assess_with(venue, recipe, {"a", {}, {venue.position("BTC-PERP", 7), venue.position("BTC-27MAR26-C", -7)}});
  EXPECT_TRUE(report.initial(recipe).raw == 0);
  for (const Usd part : report.components[0].by_line) EXPECT_TRUE(part.raw == 0);
}

TEST(Assess, ASumThatLeaves128BitsIsAnErrorAndNotANumber) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components:\n  a: {rate: '1', base: notional}\n  b: {scale: a, by: '1000'}\n  c: {scale: b, by: '1000'}\n"
      "  d: {scale: c, by: '1000'}\n  e: {scale: d, by: '1000'}\n  f: {sum: [e, e, e]}\nlevels: {initial: a, "
      "maintenance: f}\n");
  // 50 USD a lot: e is 5e37 units of 1e-9 USD with 1e15 lots, and three times that with 2e15 lots is beyond 2^127.
  for (const auto& [lots, fits] : {std::pair{1'000'000'000'000'000, true}, std::pair{2'000'000'000'000'000, false}}) {
    const Book book{"a", {}, {venue.position("BTC-PERP", lots)}};
    const auto report = assess({venue.registry, *venue.array, venue.index, recipe, Isa::portable}, book);
    EXPECT_EQ(report.has_value(), fits);
    EXPECT_TRUE(fits || report.error().kind == ErrorKind::overflow);
  }
}

TEST(Assess, WhatTheBookLeftOutMakesTheNumberIncomplete) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {scan: {measure: worst, scenarios: moves, group: underlying}}\nlevels: {initial: scan, maintenance: "
      "scan}\n");
  Book book{"a", {}, {venue.position("BTC-PERP", 10)}};
  EXPECT_TRUE(assess_with(venue, recipe, book).complete());
  book.excluded = {"MOON-PERP", "MOON-PERP"};
  const MarginReport report = assess_with(venue, recipe, book);
  ASSERT_EQ(report.omissions.size(), 1u);
  EXPECT_EQ(report.omissions[0].subject, "MOON-PERP");
}

TEST(Assess, ThePositionsOfTheLargestSizesAreExact) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: scan, maintenance: scan}\n");
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(),
                         least = std::numeric_limits<std::int64_t>::min();
  const MarginReport report = assess_with(
      venue, recipe, {"a", {}, {venue.position("BTC-PERP", most, "50000"), venue.position("ETH-PERP", least, "2000")}});
  // Up: 10 x (2^63 - 1) - 4 x 2^63 gained; down: the same lost.
  EXPECT_TRUE(report.initial(recipe).raw == (i128{6} * (i128{1} << 63) - 10) * power_of_ten(9));
  EXPECT_TRUE(report.components[0].by_line[0].raw == 10 * i128{most} * power_of_ten(9));
}

Book random_book(const Venue& venue, Random& random) {
  static const char* const names[] = {"BTC-PERP", "ETH-PERP", "BTC-27MAR26-C", "BTC-INVERSE"};
  Book book{"random", {{AssetId{0}, static_cast<i128>(random.below(1000000000000)) - 500000000000}}, {}};
  const std::size_t count = random.below(12);
  for (std::size_t i = 0; i < count; ++i) {
    const auto lots = static_cast<std::int64_t>(random.below(2000001)) - 1000000;
    if (lots != 0) book.positions.push_back(venue.position(names[random.below(4)], lots));
  }
  return book;
}

/// What must hold for every book and recipe: parts sum exactly, brief equals full, the order of positions is nothing.
TEST(Assess, AmountsAndContributionsSumExactlyForRandomBooks) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components:\n  scan: {measure: worst, scenarios: moves, group: underlying}\n"
      "  es: {measure: es, confidence: '0.4', scenarios: history, balances: true}\n"
      "  least: {rate: '0.037', rates: {ETH: '0.11'}, base: notional, group: instrument}\n"
      "  gains: {rate: '1', base: unrealised_gain}\n  charge: {max: [scan, least]}\n  all: {sum: [charge, es, gains]}\n"
      "levels: {initial: {scale: all, by: '1.3'}, maintenance: all}\n");
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    Random random{.seed = seed};
    Book book = random_book(venue, random);
    const auto full = assess(inputs, book);
    const auto brief = assess_brief(inputs, book);
    ASSERT_TRUE(full && brief) << "seed " << seed;
    for (std::size_t c = 0; c < recipe.components.size(); ++c) {
      Usd sum, groups;
      for (const Usd part : full->components[c].by_line) sum += part;
      for (const GroupAmount& group : full->components[c].groups) groups += group.amount;
      EXPECT_EQ(sum, full->components[c].amount) << "seed " << seed << " component " << recipe.components[c].name;
      const bool grouped = !full->components[c].groups.empty();
      EXPECT_EQ(groups, grouped ? full->components[c].amount : Usd{}) << "seed " << seed;
      EXPECT_EQ(brief->components[c].amount, full->components[c].amount) << "seed " << seed;
    }
    std::reverse(book.positions.begin(), book.positions.end());
    const auto reversed = assess_brief(inputs, book);
    EXPECT_EQ(reversed->equity, full->equity) << "seed " << seed;
    EXPECT_EQ(reversed->initial(recipe), full->initial(recipe)) << "seed " << seed;
  }
}

TEST(Assess, ThreadsDoNotChangeABatch) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: scan, maintenance: scan}\n");
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  std::vector<Book> books;
  Random random{.seed = 11};
  for (int i = 0; i < 300; ++i) books.push_back(random_book(venue, random));
  const auto one = assess_all(inputs, books, 1), many = assess_all(inputs, books, 7);
  for (std::size_t i = 0; i < books.size(); ++i) {
    ASSERT_TRUE(one[i] && many[i]);
    EXPECT_EQ(one[i]->equity, many[i]->equity);
    EXPECT_EQ(one[i]->initial(recipe), many[i]->initial(recipe));
  }
}

TEST(DistanceToMaintenance, PutsTheAccountNearestToItFirst) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {fixed: {rate: '0.1', base: notional}}\nlevels: {initial: fixed, maintenance: fixed}\n");
  const auto usdc = [&](std::int64_t dollars) { return Balance{AssetId{0}, static_cast<i128>(dollars) * 1048576}; };
  const std::vector<Book> books{{"safe", {usdc(1000)}, {venue.position("BTC-PERP", 10)}},
                                {"free", {usdc(5)}, {}},
                                {"near", {usdc(60)}, {venue.position("BTC-PERP", 10)}},
                                {"broken", {}, {venue.position("BTC-PERP", 10, "60000")}}};
  const auto reports = assess_all({venue.registry, *venue.array, venue.index, recipe, Isa::portable}, books, 1);
  EXPECT_EQ(by_distance_to_maintenance(recipe, reports), (std::vector<std::size_t>{3, 2, 0, 1}));
}

TEST(DistanceToMaintenance, RatiosBeyond128BitsAreTheFarthestOrTheNearest) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {fixed: {rate: '0.1', base: notional}}\nlevels: {initial: fixed, maintenance: fixed}\n");
  const auto account = [](i128 equity) {
    MarginReport report;
    report.equity.raw = equity;
    report.components.resize(1);
    report.components[0].amount.raw = 1;
    return Result<MarginReport>(report);
  };
  const i128 huge = i128{1} << 120;
  const std::vector<Result<MarginReport>> reports{account(huge), account(5), account(-huge), account(-7),
                                                  account(-huge)};
  EXPECT_EQ(by_distance_to_maintenance(recipe, reports), (std::vector<std::size_t>{2, 4, 3, 1, 0}));
}

TEST(DistanceToMaintenance, ADebtWithoutRequirementStandsAtHealthZero) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {fixed: {rate: '0.1', base: notional}}\nlevels: {initial: fixed, maintenance: fixed}\n");
  const auto account = [](i128 equity, i128 maintenance) {
    MarginReport report;
    report.equity.raw = equity;
    report.components.resize(1);
    report.components[0].amount.raw = maintenance;
    return Result<MarginReport>(report);
  };
  const std::vector<Result<MarginReport>> reports{account(9, 0), account(1, 5), account(-3, 0), account(-1, 5)};
  EXPECT_EQ(by_distance_to_maintenance(recipe, reports), (std::vector<std::size_t>{3, 2, 1, 0}));
}

TEST(Apportion, LargestRemaindersTakeTheUnitsThatAreMissing) {
  std::vector<i128> out;
  const i128 parts[] = {1, 1, 1};
  ASSERT_TRUE(apportion(parts, 10, 3, 10, out));  // 3.33 each; one unit is missing and goes to the first
  EXPECT_TRUE(out[0] == 4 && out[1] == 3 && out[2] == 3);
  const i128 mixed[] = {-7, 9};
  ASSERT_TRUE(apportion(mixed, 1, 2, 1, out));  // -3.5 and 4.5
  EXPECT_TRUE(out[0] == -3 && out[1] == 4);
}

}  // namespace
}  // namespace margrave
