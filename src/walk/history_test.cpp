#include "walk/history.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "scenario/historical.h"
#include "scenario/revalue.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

/// Coins that come and go: one from the start, one later, one with holes, one that ends early and goes on in a second
/// file, one in two files with different steps, a dollar.
std::vector<Bars> uneven_bars() {
  std::vector<Bars> bars{draw_bars({.coin = "AAA", .hours = 24 * 400, .seed = 1}),
                         draw_bars({.coin = "BBB", .hours = 24 * 250, .seed = 2, .from_hour = 24 * 150}),
                         draw_bars({.coin = "CCC", .hours = 24 * 400, .seed = 3, .price = 0.0004}),
                         draw_bars({.coin = "DDD", .hours = 24 * 200, .seed = 4}),
                         draw_bars({.coin = "DDD", .hours = 24 * 220, .seed = 5, .from_hour = 24 * 180}),
                         draw_bars({.coin = "EEE", .hours = 24 * 30, .seed = 6, .from_hour = 24 * 365}),
                         draw_bars({.coin = "USDC", .hours = 24 * 390, .seed = 7, .price = 1, .vol = 1e-4})};
  Random random{.seed = 8};
  for (int hole = 0; hole < 40; ++hole) {
    const std::size_t begin = random.below(bars[2].t_ms.size() - 60);
    erase_bars(bars[2], begin, begin + 1 + random.below(50));
  }
  return bars;
}

void expect_same(const ScenarioSet& got, const ScenarioSet& expected, const std::string& where) {
  EXPECT_EQ(got.name, expected.name) << where;
  EXPECT_EQ(got.names, expected.names) << where;
  ASSERT_EQ(got.price.size(), expected.price.size()) << where;
  for (std::size_t a = 0; a < got.price.size(); ++a) EXPECT_EQ(got.price[a], expected.price[a]) << where << " " << a;
  EXPECT_EQ(got.uncovered, expected.uncovered) << where;
  EXPECT_EQ(got.weights, expected.weights) << where;
  EXPECT_EQ(got.horizon_seconds, expected.horizon_seconds);
  EXPECT_EQ(got.at_horizon, expected.at_horizon);
  ASSERT_EQ(got.findings.size(), expected.findings.size()) << where;
  for (std::size_t i = 0; i < got.findings.size(); ++i) {
    EXPECT_EQ(got.findings[i].kind, expected.findings[i].kind) << where;
    EXPECT_EQ(got.findings[i].subject, expected.findings[i].subject) << where;
    EXPECT_EQ(got.findings[i].text, expected.findings[i].text) << where;
  }
}

struct Case {
  const char* name;
  HistoricalSpec history;
};
std::vector<Case> cases() {
  std::vector<Case> all;
  all.push_back({"plain", {.window_days = 100, .step_seconds = 8 * 3600, .least_share = Decimal{3, 1}}});
  all.push_back({"filtered", {.window_days = 60, .step_seconds = 8 * 3600, .least_share = Decimal{3, 1}}});
  all.back().history.filter = FilterSpec{.decay = 0.97};
  all.push_back({"worst", {.window_days = 20000, .step_seconds = 8 * 3600, .least_share = Decimal{0, 0}}});
  all.back().history.worst = WorstSpec{.count = 80, .trailing = 30};
  all.push_back({"both, of days", {.window_days = 200, .step_seconds = 86400, .least_share = Decimal{1, 1}}});
  all.back().history.filter = FilterSpec{};
  all.back().history.worst = WorstSpec{.count = 50, .trailing = 9};
  return all;
}

// The reference is the function that every other verb calls, given the bars that had ended by then and nothing else.
TEST(History, MakesTheSetsOfHistoricalScenarios) {
  const std::vector<Bars> bars = uneven_bars();
  const std::uint64_t seed = 20;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random{.seed = seed};
  for (const Case& one : cases()) {
    ScenarioSpec spec{.name = one.name, .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = one.history};
    const auto history = History::read(spec, bars, 2, best_isa());
    ASSERT_TRUE(history) << to_string(history.error());
    std::size_t made = 0;
    for (int draw = 0; draw < 40; ++draw) {
      const std::int64_t at_ms = static_cast<std::int64_t>(random.below(24 * 430 * 60)) * 60'000;
      const Result<Market> market = walk_market(bars, bar_perpetuals(bars), Timestamp::from_ms(at_ms));
      ASSERT_TRUE(market);
      const std::string where = std::string(one.name) + " at " + to_string(market->state.as_of);
      const auto expected = historical_scenarios(spec, one.history, *market, bars_until(bars, at_ms));
      const auto got = history->at(*market);
      ASSERT_EQ(got.has_value(), expected.has_value()) << where;
      if (!got) {
        EXPECT_EQ(got.error().message, expected.error().message) << where;
        continue;
      }
      expect_same(*got, *expected, where);
      ++made;
    }
    EXPECT_GT(made, 25u) << one.name;
  }
}

TEST(History, IsTheSameOnEveryNumberOfThreadsAndInstructionSet) {
  const std::vector<Bars> bars = uneven_bars();
  const Case filtered = cases()[1];
  ScenarioSpec spec{.name = "set", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = filtered.history};
  const Market market = *walk_market(bars, bar_perpetuals(bars), Timestamp::from_ms(24 * 390 * hour_ms));
  const ScenarioSet one = *History::read(spec, bars, 1, Isa::portable)->at(market);
  for (const Isa isa : supported_isas()) expect_same(*History::read(spec, bars, 3, isa)->at(market), one, "isa");
}

TEST(History, NeedsBarsWhoseStepDividesTheHorizon) {
  std::vector<Bars> bars{draw_bars({.coin = "AAA", .hours = 500})};
  bars[0].step_ms = 7 * hour_ms;
  ScenarioSpec spec{.name = "set", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = HistoricalSpec{}};
  const auto history = History::read(spec, bars, 1, Isa::portable);
  ASSERT_FALSE(history);
  EXPECT_NE(history.error().message.find("no bar file has a step that divides the horizon of 8h"), std::string::npos);
}

}  // namespace
}  // namespace margrave
