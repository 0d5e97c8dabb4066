#include "scenario/episodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/embedded.h"
#include "document/read.h"
#include "market/bars.h"
#include "scenario/made_bars_test.h"
#include "scenario/price_windows.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

Result<ScenarioSpec> spec_of(const std::string& rest) {
  const Document document = TRY(parse_document("s: {kind: episodes" + rest + "}\n", "r.yaml", ErrorKind::config));
  const std::vector<ScenarioSpec> specs = TRY(read_scenario_specs(Cursor(document)));
  return specs[0];
}

std::string spec_error(const std::string& rest) {
  const auto spec = spec_of(rest);
  return spec ? "" : to_string(spec.error());
}

std::string file_error(const std::string& text) {
  const auto document = parse_document(text, "e.yaml", ErrorKind::config);
  if (!document) return to_string(document.error());
  const auto episodes = read_episode_file(Cursor(*document), 8 * 3600);
  return episodes ? "" : to_string(episodes.error());
}

TEST(Episodes, MoveWhatTheyNameAndAllOthersByTheMedian) {
  const auto spec = spec_of(", horizon: 8h, files: ['2020-03-12', '2024-08-05'], vol_term: {power_short: 0.3}");
  ASSERT_TRUE(spec) << to_string(spec.error());
  EXPECT_EQ(scenario_count(*spec), 2u);
  EXPECT_FALSE(reads_bars(*spec));
  Market market = market_of({"BTC", "NEW"}, 1000);
  ASSERT_TRUE(market.registry.list(Asset{"USDC", 6}));
  market.state.asset_usd.push_back(1);
  const auto set = make_scenarios(*spec, market, {});
  ASSERT_TRUE(set);
  EXPECT_EQ(set->names, (std::vector<std::string>{"2020-03-12, 8h to 2020-03-13T02:00:00Z",
                                                  "2024-08-05, 8h to 2024-08-05T07:00:00Z"}));
  EXPECT_EQ(set->price[0], (std::vector<double>{1 - 0.3245, 1 - 0.1214}));
  EXPECT_EQ(set->price[1][0], 1 + (-0.2985 + -0.2938) / 2) << "ten coins: the two in the middle";
  EXPECT_EQ(set->price[2], (std::vector<double>{1, 1})) << "a dollar stays";
  EXPECT_EQ(set->vol_shock, (std::vector<double>{0, 0.65}));
  EXPECT_EQ(set->uncovered, std::vector<bool>(3, false));
}

// A depeg, as docs/methods/scenarios.md says it: a settlement asset loses value and no price quoted in it moves.
TEST(Episodes, ARecipesOwnMoveMayBeADepeg) {
  const auto spec = spec_of(", own: [{name: USDC at 0.90, returns: {USDC: '-0.1'}, others: '0'}]");
  ASSERT_TRUE(spec) << to_string(spec.error());
  Market market = market_of({"BTC"}, 1000);
  ASSERT_TRUE(market.registry.list(Asset{"USDC", 6}));
  market.state.asset_usd.push_back(1);
  const auto set = make_scenarios(*spec, market, {});
  ASSERT_TRUE(set);
  EXPECT_EQ(set->price[0], std::vector<double>{1});
  EXPECT_EQ(set->price[1], std::vector<double>{0.9});
}

TEST(Episodes, EveryFileIsReadOverEightHoursAndADay) {
  const std::vector<std::string> names = embedded_names("scenarios/", ".yaml");
  EXPECT_EQ(names, (std::vector<std::string>{"2020-03-12", "2021-05-19", "2022-05-11", "2022-11-09", "2024-08-05",
                                             "2025-10-10"}));
  for (const std::string& name : names) {
    for (const char* horizon : {"8h", "24h", "1d"}) {
      EXPECT_TRUE(spec_of(std::string(", horizon: ") + horizon + ", files: ['" + name + "']")) << name << horizon;
    }
    EXPECT_NE(spec_error(", horizon: 4h, files: ['" + name + "']").find("no moves over 14400 seconds"),
              std::string::npos);
  }
}

TEST(EpisodesSpec, RefusesWhatIsWrongAndSaysWhatIsRight) {
  EXPECT_NE(spec_error("").find("the set has no episode"), std::string::npos);
  EXPECT_NE(spec_error(", files: ['2020-03-12']").find("need a horizon"), std::string::npos);
  EXPECT_NE(spec_error(", horizon: 8h, files: [tulips]").find("use one of 2020-03-12"), std::string::npos);
  EXPECT_NE(spec_error(", horizon: 8h, files: ['../recipes/hs-es']").find("there is no episode"), std::string::npos);
  EXPECT_NE(spec_error(", own: [{name: a, returns: {}}]").find("nothing moves"), std::string::npos);
  EXPECT_NE(spec_error(", own: [{name: a, returns: {BTC: '-1'}}]").find("s.own[0].returns.BTC: a move of -1"),
            std::string::npos);
  EXPECT_NE(spec_error(", own: [{name: a, returns: {BTC: '0.1'}, vol: '-2'}]").find("out of range"), std::string::npos);
  EXPECT_NE(spec_error(", own: [{returns: {BTC: '0.1'}}]").find("name"), std::string::npos);
  const std::string head = "episode: x\nsource: y\nmoves:\n  - {horizon: 8h, end: ";
  EXPECT_EQ(file_error(head + "2020-01-01T00:00:00Z, returns: {BTC: '-0.1'}}\n"), "");
  EXPECT_NE(file_error(head + "yesterday, returns: {BTC: '-0.1'}}\n").find("e.yaml:4"), std::string::npos);
  EXPECT_NE(file_error(head + "2020-01-01T00:00:00Z, returns: {BTC: lots}}\n").find("moves[0].returns.BTC"),
            std::string::npos);
  EXPECT_NE(file_error("episode: x\nmoves: []\n").find("source"), std::string::npos);
}

const std::string data = MARGRAVE_SHARED_DIR "/data/";

/// The files that an episode's numbers come from, and the hours in which its end was looked for.
struct Origin {
  const char* name;
  std::vector<std::string> folders;
  Timestamp from, to;
};
std::vector<Origin> origins() {
  const std::string spot = data + "spot_ohlcv/binance_spot_1h", more = data + "spot_ohlcv/binance_spot_1h_2021_2023";
  const auto at = [](int year, int month, int day, int hour) { return Timestamp::from_civil(year, month, day, hour); };
  return {{"2020-03-12", {spot, more}, at(2020, 3, 12, 0), at(2020, 3, 14, 0)},
          {"2021-05-19", {spot, more}, at(2021, 5, 19, 0), at(2021, 5, 20, 12)},
          {"2022-05-11", {spot, more}, at(2022, 5, 8, 0), at(2022, 5, 13, 0)},
          {"2022-11-09", {spot, more}, at(2022, 11, 8, 0), at(2022, 11, 10, 12)},
          {"2024-08-05", {spot, data + "perp/binance_usdm_1h"}, at(2024, 8, 4, 0), at(2024, 8, 6, 0)},
          {"2025-10-10", {data + "crash_windows/2025-10-10"}, at(2025, 10, 10, 12), at(2025, 10, 12, 0)}};
}

/// The first file of each coin, by coin; LUNA and UST under the names they have now.
std::vector<Bars> first_files(const std::vector<std::string>& folders) {
  std::vector<Bars> files;
  std::set<std::string> seen;
  auto all = read_bar_folders(folders);
  for (Bars& bars : *all) {
    if (bars.symbol.ends_with("USDT") && seen.insert(bars.coin).second) files.push_back(std::move(bars));
  }
  return files;
}

double return_to(const Bars& bars, std::int64_t end_ms, std::int64_t horizon_ms) {
  return close_at(bars, end_ms) / close_at(bars, end_ms - horizon_ms) - 1;
}

bool is_pegged(const std::string& coin) { return coin == "USDC" || coin == "BUSD" || coin == "UST" || coin == "USTC"; }

/// NaN where BTC or more than all but four coins have no return.
double median_return(const std::vector<Bars>& files, std::int64_t end_ms, std::int64_t horizon_ms) {
  std::vector<double> returns;
  bool has_bitcoin = false;
  for (const Bars& bars : files) {
    const double move = return_to(bars, end_ms, horizon_ms);
    if (std::isnan(move) || is_pegged(bars.coin)) continue;
    returns.push_back(move);
    has_bitcoin = has_bitcoin || bars.coin == "BTC";
  }
  if (!has_bitcoin || returns.size() < 5) return absent;
  std::sort(returns.begin(), returns.end());
  const std::size_t n = returns.size();
  return n % 2 == 1 ? returns[n / 2] : (returns[n / 2 - 1] + returns[n / 2]) / 2;
}

// Every number of scenarios/ from the bars: the end is the whole hour at which the median return of all coins of the
// files is lowest, and each return is that of closes.
TEST(Episodes, NumbersAreThoseOfTheRecordedBars) {
  if (!std::filesystem::exists(data)) {
    ASSERT_STRNE(std::getenv("CI"), "true") << data << " is not there";
    GTEST_SKIP() << data << " is not there";
  }
  std::size_t checked = 0;
  std::vector<std::string> read;
  std::vector<Bars> files;
  for (const Origin& origin : origins()) {
    if (origin.folders != read) files = first_files(read = origin.folders);
    for (const std::int64_t hours : {8, 24}) {
      const std::int64_t horizon_ms = hours * hour_ms;
      std::int64_t worst_end = 0;
      double worst = 1;
      for (std::int64_t end = origin.from.ns / 1'000'000; end <= origin.to.ns / 1'000'000; end += hour_ms) {
        const double move = median_return(files, end, horizon_ms);
        if (!(move < worst)) continue;
        worst = move;
        worst_end = end;
      }
      const auto spec =
          spec_of(", horizon: " + std::to_string(hours) + "h, files: ['" + std::string(origin.name) + "']");
      ASSERT_TRUE(spec);
      const Episode& episode = std::get<EpisodesSpec>(spec->kind).episodes.at(0);
      EXPECT_TRUE(episode.name.ends_with(to_string(Timestamp::from_ms(worst_end)))) << episode.name << " " << worst_end;
      for (const auto& [coin, move] : episode.returns) {
        const bool old_name = origin.name == std::string("2022-05-11") && (coin == "LUNC" || coin == "USTC");
        const std::string file_coin = !old_name ? coin : coin == "LUNC" ? "LUNA" : "UST";
        const auto bars =
            std::find_if(files.begin(), files.end(), [&](const Bars& one) { return one.coin == file_coin; });
        ASSERT_NE(bars, files.end()) << coin;
        EXPECT_NEAR(move.to_double(), return_to(*bars, worst_end, horizon_ms), 5.001e-5) << episode.name << " " << coin;
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 150u);
}

}  // namespace
}  // namespace margrave
