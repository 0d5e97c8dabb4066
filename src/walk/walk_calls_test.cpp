#include "walk/walk_calls.h"

#include <gtest/gtest.h>

#include "walk/walk_fixture.h"

namespace margrave {
namespace {

TEST(WalkCalls, AnAccountMeetsEachLevelWhenItsEquityFirstIsBelow) {
  HeldPath path;
  path.at_ms = {0, 1, 2, 3, 4};
  path.loss = {0, 0.05, 0.02, 0.14, 0.25};
  path.initial = {0.15, 0.15, 0.15, 0.15, 0.15};
  path.warning = {0.13, 0.16, 0.13, 0.13, 0.13};
  path.maintenance = {0.1, 0.1, 0.1, 0.1, 0.1};
  path.backstop = {0.05, 0.05, 0.05, 0.05, 0.05};
  const HeldAccount account = follow(path, 5);
  EXPECT_TRUE(account.allowed);
  EXPECT_EQ(account.warned_ms, 1);
  EXPECT_EQ(account.called_ms, 3);
  EXPECT_NEAR(account.equity_at_call, 0.06, 1e-12);
  EXPECT_EQ(account.handed_over_ms, 4);
  EXPECT_EQ(account.broke_ms, 4);
  EXPECT_FALSE(follow(path, 10).allowed);
  EXPECT_FALSE(follow(path, 10).called_ms);
  EXPECT_FALSE(follow(path, 2).called_ms);
}

TEST(WalkCalls, ARecipeWithoutALevelNeverMeetsIt) {
  HeldPath path;
  path.at_ms = {0, 1, 2};
  path.loss = {0, 0.15, 0.25};
  path.initial = path.maintenance = {0.1, 0.1, 0.1};
  path.warning = path.backstop = {0, 0, 0};
  const HeldAccount account = follow(path, 5);
  EXPECT_EQ(account.called_ms, 1);
  EXPECT_FALSE(account.warned_ms);
  EXPECT_FALSE(account.handed_over_ms);
  EXPECT_EQ(account.broke_ms, 2);
}

// A held long book loses what its coin's price falls by, whatever the margin does.
TEST(WalkCalls, HeldBooksLoseWhatTheirCoinsFallBy) {
  const std::vector<Bars> bars{draw_bars({.coin = "AAA", .hours = 24 * 200, .seed = 3, .price = 50}),
                               draw_bars({.coin = "BBB", .hours = 24 * 200, .seed = 4, .price = 7})};
  const ReadRecipe read = read_preset_recipe("dynamic-es");
  const std::vector<Listing> contracts = bar_perpetuals(bars);
  const std::int64_t from = 24 * 150 * hour_ms, to = 24 * 170 * hour_ms;
  const Market market = *walk_market(bars, contracts, Timestamp::from_ms(from));
  const std::vector<HeldBook> held = *hold_books(single_books(coins_of(bars)), market, 1e6);
  ASSERT_EQ(held.size(), 4u);
  std::vector<WalkBook> books;
  for (const HeldBook& one : held) books.push_back(one.book);
  BookWalkSpec spec;
  spec.every_ms = hour_ms;
  spec.from_ms = from;
  spec.to_ms = to + spec.window_ms;
  spec.first = 100;
  const BookWalk walk =
      *walk_books({read.recipe, read.scenarios, bars, contracts, books}, spec, {.threads = 2, .isa = best_isa()});
  const WalkPrices prices(bars, spec.window_ms);
  const HeldPath path = path_of(walk, prices, held[2], 2, from, to);  // BBB long
  ASSERT_EQ(path.at_ms.size(), 24u * 20 + 1);
  EXPECT_EQ(path.at_ms.front(), from);
  const auto close = [&](std::int64_t at) { return bars[1].close[static_cast<std::size_t>(at / hour_ms) - 1]; };
  for (std::size_t i = 0; i < path.at_ms.size(); ++i) {
    EXPECT_NEAR(path.loss[i], 1 - close(path.at_ms[i]) / close(from), 1e-9);
    EXPECT_GT(path.initial[i], path.warning[i]);
    EXPECT_GT(path.warning[i], path.maintenance[i]);
    EXPECT_GT(path.maintenance[i], path.backstop[i]);
  }
}

}  // namespace
}  // namespace margrave
