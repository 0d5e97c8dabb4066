#include "chains/chain_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chains/chains_fixture.h"
#include "chains/index_variance.h"
#include "math/elementary.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

TEST(ChainWindows, EndNearestToEightHoursAndDoNotOverlap) {
  std::vector<std::int64_t> at;
  for (const int hour : {0, 3, 7, 10, 20, 33, 36, 47}) at.push_back(hour * hour_ms);
  const std::vector<ChainWindow> windows = chain_windows(at);
  // 0-7 (7 is nearer to 8 than 10), 10 after 7 is too near and 20 too far: 10-20; 20-33 is too long; 33-36 too short;
  // 36-47.
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_EQ(windows[0].begin, 0u);
  EXPECT_EQ(windows[0].end, 2u);
  EXPECT_EQ(windows[1].begin, 3u);
  EXPECT_EQ(windows[1].end, 4u);
  EXPECT_EQ(windows[2].begin, 6u);
  EXPECT_EQ(windows[2].end, 7u);
  EXPECT_TRUE(chain_windows({}).empty());
}

ChainMargins prices(std::int64_t hour, double index, double option) {
  ChainMargins chain;
  chain.at_ms = hour * hour_ms;
  chain.index = {{"BTC", index}};
  if (option > 0) chain.option_usd = {{"C", option}};
  return chain;
}
ChainHolding call(double lots, double worth, std::int64_t expiry_hour) {
  ChainHolding holding;
  holding.terms.name = "C";
  holding.terms.kind = Kind::option;
  holding.terms.style = Style::inverse;
  holding.terms.strike = Decimal{100, 0};
  holding.terms.is_call = true;
  holding.terms.expiry = Timestamp::from_ms(expiry_hour * hour_ms);
  holding.underlying = "BTC";
  holding.lots = lots;
  holding.value = lots * worth;
  return holding;
}

TEST(LossBetweenChains, IsTheFallOfWorthAndAtExpiryThatOfTheNearerIndex) {
  const ChainMargins from = prices(0, 110, 12), later = prices(8, 120, 21);
  EXPECT_DOUBLE_EQ(*loss_between(from, later, {call(2, 12, 100)}), -18.0);
  EXPECT_DOUBLE_EQ(*loss_between(from, later, {call(-2, 12, 100)}), 18.0);
  // Nearer to the end: max(0, 120 - 100) / 120 coins at 120. Nearer to the beginning: 10 / 110 coins at 120.
  EXPECT_DOUBLE_EQ(*loss_between(from, later, {call(1, 12, 7)}), 12.0 - 20.0);
  EXPECT_DOUBLE_EQ(*loss_between(from, later, {call(1, 12, 1)}), 12.0 - 10.0 / 110 * 120);
  EXPECT_FALSE(loss_between(from, prices(8, 120, 0), {call(1, 12, 100)}).has_value());
}

TEST(IndexVariance, IsPerHourHoweverUnevenTheTimes) {
  IndexVariance variance;
  std::int64_t at = 0;
  double price = 100;
  variance.add(at, price);
  for (int i = 0; i < 400; ++i) {
    EXPECT_EQ(variance.is_known(), i >= 30);
    const int hours = i % 2 == 0 ? 4 : 9;
    at += hours * hour_ms;
    price *= std::exp((i % 4 < 2 ? 1 : -1) * 0.01 * std::sqrt(hours));
    variance.add(at, price);
  }
  EXPECT_NEAR(variance.value(), 1e-4, 1e-10);
}

class ChainSetsOfBars : public ::testing::Test {
 protected:
  std::vector<Bars> bars_{draw_bars({.coin = "BTC", .hours = 24 * 400, .seed = 3, .price = 80'000})};
  ReadRecipe filtered_ = read_preset_recipe("fhs-es");
  ReadRecipe plain_ = read_preset_recipe("hs-es");

  static ScenarioSet set_at(const ReadRecipe& of, const std::vector<Bars>& bars, double variance) {
    const Market market = made_market();
    return ChainSets(of.scenarios, bars).at(market, {{"BTC", variance}}).value().front();
  }
};

TEST_F(ChainSetsOfBars, FollowTheVolatilityOfTheChainsWhereTheyAreFiltered) {
  const double before = variances_of_bars(bars_).at("BTC");
  ASSERT_GT(before, 0);
  const Market market = made_market();
  const std::size_t coin = market.registry.asset("BTC")->index();
  const ScenarioSet same = set_at(filtered_, bars_, before), twice = set_at(filtered_, bars_, 4 * before),
                    far = set_at(filtered_, bars_, 1000 * before);
  const ScenarioSet plain = set_at(plain_, bars_, before), still = set_at(plain_, bars_, 4 * before);
  for (std::size_t s = 0; s < same.size(); ++s) {
    const double move = stable_log(same.price[coin][s]);
    EXPECT_NEAR(stable_log(twice.price[coin][s]), 2 * move, 1e-12);
    EXPECT_NEAR(stable_log(far.price[coin][s]), 3 * move, 1e-12);  // bounded
  }
  EXPECT_EQ(plain.price, still.price);
}

TEST(LevelHistory, HasStepsBetweenChainsFourToTwelveHoursApart) {
  LevelHistory history;
  const Timestamp first = Timestamp::from_civil(2026, 3, 1, 9);
  const Chain made = made_chain("BTC", 80'000, first);
  const auto add = [&](int hour, double index, double factor) {
    Chain chain = made;  // the same contracts, their vols all moved alike
    chain.time = Timestamp::from_ms(first.ns / 1'000'000 + hour * hour_ms);
    for (ChainQuote& quote : chain.quotes) quote.mark_vol *= factor;
    history.add(chain, {{"BTC", index}});
  };
  add(0, 80'000, 1);
  add(8, 76'000, 1.2);
  add(10, 76'000, 1.2);  // two hours
  add(30, 76'000, 1.2);  // twenty
  ASSERT_EQ(history.steps().size(), 1u);
  EXPECT_DOUBLE_EQ(history.steps()[0].log_return, stable_log(0.95));
  EXPECT_NEAR(history.steps()[0].moved[0], std::log(1.2), 0.05);
  EXPECT_NEAR(history.steps()[0].moved[1], 0, 0.01);
  EXPECT_GT(history.steps()[0].moved[3], 0) << "the level alone would have moved short vol more";
}

TEST_F(ChainSetsOfBars, MoveTheVolSurfaceWhereThereAreStepsEnough) {
  const Market market = made_market();
  const ChainSets sets(plain_.scenarios, bars_);
  std::vector<VolStep> steps;
  for (std::size_t i = 0; i + 1 < least_vol_steps; ++i)
    steps.push_back({0.01 * static_cast<double>(i % 5) - 0.02, {i % 2 == 0 ? 0.03 : -0.03, 0.01, absent, absent}});
  const ScenarioSet few = sets.at(market, {}, steps).value().front();
  EXPECT_TRUE(std::all_of(few.vol_shock.begin(), few.vol_shock.end(), [](double shock) { return shock == 0; }));
  EXPECT_TRUE(few.surface.empty());
  steps.push_back({0.015, {0.01, 0.02, absent, absent}});
  const ScenarioSet enough = sets.at(market, {}, steps).value().front();
  EXPECT_TRUE(std::all_of(enough.vol_shock.begin(), enough.vol_shock.end(), [](double shock) { return shock != 0; }));
  EXPECT_EQ(few.price, enough.price);
  ASSERT_EQ(enough.surface.size(), enough.size());
  EXPECT_NE(enough.surface.front().skew, 0);
  EXPECT_EQ(enough.surface.front().wings, 0) << "no step has one";
}

TEST_F(ChainSetsOfBars, RefuseBarsThatGoOnAfterTheChain) {
  const Market market = made_market();
  bars_.front() =
      draw_bars({.coin = "BTC", .hours = 24 * 400, .from_hour = market.state.as_of.ns / 1'000'000 / hour_ms});
  const auto sets = ChainSets(filtered_.scenarios, bars_).at(market, {});
  ASSERT_FALSE(sets.has_value());
  EXPECT_NE(to_string(sets.error()).find("go on after the chain"), std::string::npos) << to_string(sets.error());
}

TEST(ChainWalk, MarginsAndLossesOfMadeChainsAreJudged) {
  const ReadRecipe grid = read_preset_recipe("scenario-grid");
  const std::vector<OptionBookRule> rules = standard_option_books({"BTC", "ETH"});
  const std::vector<Bars> none;
  const ChainSets sets(grid.scenarios, none);
  std::vector<ChainMargins> chains;
  const Timestamp first = Timestamp::from_civil(2026, 3, 1, 9);
  for (int i = 0; i < 20; ++i) {
    const Timestamp at = Timestamp::from_ms(first.ns / 1'000'000 + i * 8 * hour_ms);
    // Two chains without a past; then one crash of a fifth.
    const KnownChain known{made_chain("BTC", i < 12 ? 80'000 : 64'000, at),
                           i < 2 ? std::map<std::string, double>{} : std::map<std::string, double>{{"BTC", 1e-5}}};
    chains.push_back(margins_at(known, {grid.recipe, grid.scenarios, rules}, sets).value());
  }
  const ChainWalk walk = walk_chains(chains, rules).value();
  EXPECT_EQ(walk.walk.window_ms.size(), 19u);
  EXPECT_DOUBLE_EQ(walk.mean_hours, 8.0);
  const WalkJudgement judged = judge_chains(walk, chains, {}).value();
  EXPECT_EQ(judged.without.size(), 28u);  // of ETH
  ASSERT_FALSE(judged.books.empty());
  const auto find = [&](const std::string& name) {
    return *std::find_if(judged.books.begin(), judged.books.end(), [&](const auto& one) { return one.book == name; });
  };
  EXPECT_EQ(find("BTC long straddle").cells[static_cast<std::size_t>(CellState::young)], 2u);
  EXPECT_GT(find("BTC short call").mean_margin, 0.01);
  double most = 0;
  for (const BookJudgement& book : judged.books) most = std::max(most, book.worst_excess);
  EXPECT_LT(most, 0.2);
  std::size_t windows = 0;
  for (const KindJudgement& kind : by_kind(judged, rules)) windows += kind.windows;
  EXPECT_EQ(windows, judged.windows);
}

}  // namespace
}  // namespace margrave
