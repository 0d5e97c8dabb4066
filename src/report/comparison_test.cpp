#include "report/comparison.h"

#include <gtest/gtest.h>

#include "report/margin_books.h"

namespace margrave {
namespace {

constexpr std::string_view market =
    "{as_of: 2026-03-01T08:00:00Z, assets: {USDC: {decimals: 6, usd: 1}, BTC: {decimals: 8}, ETH: {decimals: 8}},"
    " underlyings: {BTC: {index: 60000}, ETH: {index: 2000}}, instruments: ["
    "{name: BTC-PERP, kind: perpetual, style: linear, underlying: BTC, settlement: USDC, lot: 0.1, mark: 60000},"
    "{name: ETH-PERP, kind: perpetual, style: linear, underlying: ETH, settlement: USDC, lot: 0.1, mark: 2000}]}";
constexpr std::string_view rates =
    "{recipe: rates, version: '1', components: {charge: {rate: '0.1', base: notional}},"
    " levels: {initial: {scale: charge, by: '2'}, maintenance: charge}}";
constexpr std::string_view scan =
    "{recipe: scan, version: '2', scenarios: {moves: {kind: grid, spot: ['-0.2', '0', '0.1']}},"
    " components: {scan: {measure: worst, scenarios: moves, group: underlying}, least: {rate: '0.15', base: notional},"
    " charge: {max: [scan, least]}}, levels: {initial: {scale: charge, by: '2'}, maintenance: charge}}";
constexpr std::string_view book =
    "{account: a, balances: {USDC: '20000'},"
    " positions: [{instrument: BTC-PERP, size: '1'}, {instrument: ETH-PERP, size: '-3'}]}";

/// The account under both recipes; the owners live as long.
struct Both {
  MarginedBooks first = *margin_books({.market = market, .recipe = rates, .book = book});
  MarginedBooks second = *margin_books({.market = market, .recipe = scan, .book = book});
  Comparison comparison =
      *compare({{"rates", first.context(), first.accounts[0]}, {"scan.yaml", second.context(), second.accounts[0]}});
};

std::string joined(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& name : path) text += "/" + name;
  return text;
}

TEST(Comparison, ComponentsOfOneNameBelowOneParentAreOneRow) {
  const Both both;
  std::vector<std::string> paths;
  for (const ComparedComponent& row : both.comparison.initial) paths.push_back(joined(row.path));
  EXPECT_EQ(paths,
            (std::vector<std::string>{"/initial", "/initial/charge", "/initial/charge/scan", "/initial/charge/least"}));
  const ComparedComponent& charge = both.comparison.initial[1];
  EXPECT_EQ(to_string(*charge.amounts[0]), "6600.000000000");   // a tenth of 60,000 and of 6,000
  EXPECT_EQ(to_string(*charge.amounts[1]), "12600.000000000");  // a fifth of 60,000, a tenth of 6,000
  EXPECT_FALSE(both.comparison.initial[2].amounts[0].has_value());
}

TEST(Comparison, WhatLostAMaximumIsInNoSum) {
  const Both both;
  EXPECT_TRUE(both.comparison.initial[2].counted[1]);
  EXPECT_FALSE(both.comparison.initial[3].counted[1]);
  EXPECT_NE(comparison_text(both.comparison, {}).find("(9,900.00)"), std::string::npos);
}

TEST(Comparison, DifferencesByPositionSumToTheDifferenceOfTheMargins) {
  const Both both;
  const std::vector<Usd>& parts = both.comparison.differences[1];
  ASSERT_EQ(parts.size(), 3u);  // the last is of the balances
  EXPECT_EQ(to_string(parts[0]), "12000.000000000");
  EXPECT_EQ(to_string(parts[1]), "0.000000000");
  EXPECT_EQ(to_string(parts[0] + parts[1] + parts[2]), "12000.000000000");
}

TEST(Comparison, EquityIsTheSameAndTheAnswerIsNoWhenOneRecipeSaysNo) {
  Both both;
  EXPECT_TRUE(both.comparison.same_equity());
  EXPECT_TRUE(both.comparison.all_well());
  EXPECT_NE(comparison_text(both.comparison, {}).find("Equity is the same under every recipe: 20,000.00 USD."),
            std::string::npos);
  both.comparison.recipes[1].account.report.equity = Usd{12599 * power_of_ten(Usd::decimals)};
  EXPECT_FALSE(both.comparison.same_equity());
  EXPECT_FALSE(both.comparison.all_well());
  EXPECT_NE(comparison_text(both.comparison, {}).find("Equity differs: 20,000.00 USD under rates; 12,599.00"),
            std::string::npos);
}

TEST(Comparison, IncompleteNumbersHaveAStar) {
  Both both;
  EXPECT_EQ(comparison_text(both.comparison, {}).find('*'), std::string::npos);
  both.comparison.recipes[1].account.report.omissions = {{"ETH-PERP", "no history"}};
  const std::string text = comparison_text(both.comparison, {});
  EXPECT_NE(text.find("25,200.00*"), std::string::npos);
  EXPECT_EQ(text.find("13,200.00*"), std::string::npos);
  EXPECT_NE(text.find("* INCOMPLETE: scan leaves out ETH-PERP, no history"), std::string::npos);
}

}  // namespace
}  // namespace margrave
