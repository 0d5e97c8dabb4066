#include "walk/walk_sets.h"

#include <gtest/gtest.h>

#include "document/read.h"
#include "scenario/set_maker.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

std::vector<ScenarioSpec> every_kind() {
  const auto document = parse_document(R"(s:
  past: {kind: historical, horizon: 8h, value_at: horizon, window_days: 60, filter: {decay: "0.97"}}
  together: {kind: historical, horizon: 24h, value_at: horizon, window_days: 60, filter: {correlation: {}}}
  break: {kind: correlation_break, horizon: 8h, value_at: horizon, window_days: 60}
  drawn: {kind: monte_carlo, horizon: 8h, value_at: horizon, window_days: 60, count: 300, seed: 1}
  normal: {kind: normal, horizon: 4h, value_at: horizon, window_days: 60, decay: "0.94", count: 256, seed: 1}
  told: {kind: episodes, horizon: 8h, value_at: horizon, files: ["2020-03-12"]}
  moves: {kind: grid, spot: ["-0.1", "0.1"]}
)",
                                       "sets.yaml", ErrorKind::config);
  return read_scenario_specs(*Cursor(*document).find("s")).value();
}

// Hour after hour, over ends of steps and the day on which a coin comes.
TEST(WalkSets, AreWhatWouldBeMadeAnewAtEveryUpdate) {
  const std::vector<ScenarioSpec> specs = every_kind();
  const std::vector<Bars> bars{draw_bars({.coin = "AAA", .hours = 24 * 90, .seed = 21}),
                               draw_bars({.coin = "BBB", .hours = 24 * 90, .seed = 22}),
                               draw_bars({.coin = "CCC", .hours = 24 * 20, .seed = 23, .from_hour = 24 * 70 + 3})};
  std::vector<History> histories;
  for (const ScenarioSpec& spec : specs) {
    if (WalkSets::has_history(spec)) histories.push_back(History::read(spec, bars, 1, Isa::portable).value());
  }
  ASSERT_EQ(histories.size(), 1u);
  WalkSets kept(specs, histories, bars, Isa::portable);
  for (std::int64_t hour = 24 * 70 - 6; hour < 24 * 71; ++hour) {
    const Market market = *walk_market(bars, bar_perpetuals(bars), Timestamp::from_ms(hour * hour_ms + 5 * 60'000));
    const Result<void> followed = kept.follow(market);
    ASSERT_TRUE(followed) << to_string(followed.error());
    ASSERT_EQ(kept.sets().size(), specs.size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const ScenarioSet anew = *make_scenarios(specs[i], market, bars);
      const std::string where = specs[i].name + " at " + to_string(market.state.as_of);
      EXPECT_EQ(kept.sets()[i].price, anew.price) << where;
      EXPECT_EQ(kept.sets()[i].uncovered, anew.uncovered) << where;
      EXPECT_EQ(kept.sets()[i].weights, anew.weights) << where;
      EXPECT_EQ(kept.sets()[i].names.back(), anew.names.back().substr(0, 15)) << where;
    }
    EXPECT_EQ(kept.path().price(AssetId{0}).size(), kept.path().columns());
  }
}

}  // namespace
}  // namespace margrave
