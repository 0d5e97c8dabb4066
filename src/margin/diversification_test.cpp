#include "margin/diversification.h"

#include <gtest/gtest.h>

#include "margin/leverage.h"
#include "margin/margin_fixture.h"

namespace margrave {
namespace {

const char* const worst_of_all =
    "components: {scan: {measure: worst, scenarios: moves}}\nlevels: {initial: {scale: scan, by: '2'}, maintenance: "
    "scan}\n";

Diversification of_book(const Venue& venue, const Recipe& recipe, const Book& book) {
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  const auto report = assess_brief(inputs, book);
  EXPECT_TRUE(report.has_value());
  auto credit = diversification(inputs, book, *report);
  EXPECT_TRUE(credit.has_value());
  return *std::move(credit);
}

// 10 lots of BTC lose 100 on the way down; 5 lots of short ETH lose 20 on the way up, and gain 20 on the way down.
TEST(Diversification, IsWhatThePartsNeedAloneLessWhatTheyNeedTogether) {
  const Venue venue;
  const Book book{"a", {}, {venue.position("BTC-PERP", 10), venue.position("ETH-PERP", -5)}};
  const Diversification of = of_book(venue, recipe_of(worst_of_all), book);
  EXPECT_TRUE(of.parts_alone.maintenance.raw == usd(120));
  EXPECT_TRUE(of.together.maintenance.raw == usd(80));
  EXPECT_TRUE(of.credit.maintenance.raw == usd(40));
  EXPECT_TRUE(of.credit.initial.raw == usd(80));
  EXPECT_FALSE(of.balances_alone.has_value());
  ASSERT_EQ(of.pairs.size(), 1u);
  EXPECT_EQ(of.underlyings[of.pairs[0].first].name, "BTC");
  EXPECT_TRUE(of.pairs[0].credit == of.credit);
}

TEST(Diversification, WithinAnUnderlyingItIsInTheTotalAndInNoPair) {
  const Venue venue;
  const Book book{"a", {}, {venue.position("BTC-PERP", 10), venue.position("BTC-27MAR26-C", -20)}};
  const Diversification of = of_book(venue, recipe_of(worst_of_all), book);
  EXPECT_TRUE(of.credit.maintenance.raw == usd(100 + 140 - 40));
  EXPECT_TRUE(of.pairs.empty());
  ASSERT_EQ(of.underlyings.size(), 1u);
  EXPECT_TRUE(of.underlyings[0].requirement.maintenance.raw == usd(40));
}

TEST(Diversification, BalancesStandAloneWhereTheRecipePutsThemIntoScenarios) {
  const Venue venue;
  const Book book{"a", {{*venue.registry.asset("BTC"), 100000000}}, {venue.position("BTC-PERP", -1000)}};
  const Recipe recipe = recipe_of(
      "components: {scan: {measure: worst, scenarios: moves, balances: true}}\nlevels: {initial: scan, maintenance: "
      "scan}\n");
  const Diversification of = of_book(venue, recipe, book);
  ASSERT_TRUE(of.balances_alone.has_value());
  EXPECT_NEAR(static_cast<double>(of.balances_alone->initial.raw) * 1e-9, 10000, 0.01);
  EXPECT_NEAR(static_cast<double>(of.credit.initial.raw) * 1e-9, 20000, 0.02);  // each hedges the other
}

TEST(Diversification, OfOnePositionIsNothing) {
  const Venue venue;
  const Diversification of = of_book(venue, recipe_of(worst_of_all), {"a", {}, {venue.position("ETH-PERP", 7)}});
  EXPECT_TRUE(of.credit == LevelAmounts{});
  const Diversification empty = of_book(venue, recipe_of(worst_of_all), {"a", {}, {}});
  EXPECT_TRUE(empty.credit == LevelAmounts{} && empty.parts == 0);
}

// Of two scenarios a value at risk of k = 2 takes the better one: alone each gains there, together one loss is left.
TEST(Diversification, ACreditMayBeBelowZero) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {tail: {measure: var, confidence: '0', scenarios: moves}}\nlevels: {initial: tail, maintenance: "
      "tail}\n");
  // Down: -10 + 8; up: +10 - 14. Alone both have a scenario without loss; together the better one loses 2.
  const Book book{"a", {}, {venue.position("BTC-PERP", 1), venue.position("BTC-27MAR26-C", -2)}};
  const Diversification of = of_book(venue, recipe, book);
  EXPECT_TRUE(of.parts_alone.initial.raw == 0);
  EXPECT_TRUE(of.credit.initial.raw == usd(-2));
}

TEST(Diversification, AboveItsLimitUnderlyingsStandAlone) {
  const Venue venue;
  Book book{"a", {}, {}};
  for (std::size_t i = 0; i <= Diversification::most_positions; ++i) {
    book.positions.push_back(venue.position(i % 2 == 0 ? "BTC-PERP" : "ETH-PERP", i % 2 == 0 ? 1 : -1));
  }
  const Diversification of = of_book(venue, recipe_of(worst_of_all), book);
  EXPECT_TRUE(of.by_underlying);
  EXPECT_EQ(of.parts, 2u);
  EXPECT_TRUE(of.pairs.empty());
  EXPECT_TRUE(of.credit.maintenance.raw == usd(8000));  // 1,000 short ETH gain 4 each where 1,001 BTC lose 10 each
}

TEST(Diversification, ThreadsChangeNothing) {
  const Venue venue;
  const Recipe recipe = recipe_of(worst_of_all);
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  Book book{"a", {}, {}};
  for (int i = 1; i < 40; ++i)
    book.positions.push_back(venue.position(i % 3 == 0 ? "BTC-PERP" : "ETH-PERP", i - 20 == 0 ? 1 : i - 20));
  const auto report = assess_brief(inputs, book);
  EXPECT_TRUE(diversification(inputs, book, *report, 1)->credit == diversification(inputs, book, *report, 5)->credit);
}

TEST(GrossNotional, LongAndShortAreAdded) {
  const Venue venue;
  const Recipe recipe = recipe_of(worst_of_all);
  const MarginReport report =
      assess_with(venue, recipe, {"a", {}, {venue.position("BTC-PERP", 10), venue.position("ETH-PERP", -5)}});
  ASSERT_TRUE(report.gross_notional.has_value());
  EXPECT_TRUE(report.gross_notional->raw == usd(600));
  EXPECT_EQ(to_string(*maximum_leverage(report.gross_notional, report.initial(recipe))), "3.750000");
}

}  // namespace
}  // namespace margrave
