#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/embedded.h"
#include "dialect/hyperliquid_book.h"
#include "document/read.h"
#include "margin/assess.h"
#include "margin/recipe_reader.h"
#include "market/bars.h"
#include "scenario/grid.h"
#include "scenario/historical.h"
#include "scenario/revalue.h"

namespace margrave {
namespace {

/// Everything the 18,183 recorded account snapshots came to under one recipe.
struct Totals {
  std::size_t accounts{0}, incomplete{0}, below_maintenance{0}, in_128_bits{0}, checked_equity{0};
  double worst_equity_error{0};
  std::set<std::string> omitted;
  std::size_t omissions{0};
};

struct Preset {
  Recipe recipe;
  std::vector<ScenarioSpec> specs;
};

Preset preset(const std::string& name) {
  const auto document = parse_document(*embedded_file("recipes/" + name + ".yaml"), name, ErrorKind::config);
  Preset loaded{*read_recipe(*document), {}};
  if (const auto scenarios = Cursor(*document).find("scenarios")) loaded.specs = *read_scenario_specs(*scenarios);
  return loaded;
}

void assess_snapshot(const Preset& preset, const HyperliquidSnapshot& snapshot, const std::vector<Bars>& bars,
                     Totals& totals) {
  const auto books = hyperliquid_books(snapshot);
  ASSERT_TRUE(books) << to_string(books.error());
  std::vector<ScenarioSet> sets;
  for (const ScenarioSpec& spec : preset.specs) {
    auto set = historical_scenarios(spec, std::get<HistoricalSpec>(spec.kind), books->market, bars);
    ASSERT_TRUE(set) << to_string(set.error());
    sets.push_back(*std::move(set));
  }
  if (sets.empty()) {
    GridSpec grid;
    grid.spot = {Decimal{}};
    sets.push_back(*grid_scenarios(ScenarioSpec{}, grid, books->market));
  }
  const auto revaluation = revalue(books->market, sets, {.isa = best_isa(), .threads = 0});
  ASSERT_TRUE(revaluation) << to_string(revaluation.error());
  EXPECT_TRUE(revaluation->unpriced.empty());
  const RowIndex index = index_rows(books->market.registry, revaluation->array);
  const auto reports =
      assess_all({books->market.registry, revaluation->array, index, preset.recipe, best_isa()}, books->books, 0);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    ASSERT_TRUE(reports[i]) << to_string(reports[i].error());
    const MarginReport& report = *reports[i];
    ++totals.accounts;
    totals.incomplete += report.complete() ? 0u : 1u;
    totals.below_maintenance += report.equity < report.maintenance(preset.recipe) ? 1u : 0u;
    totals.in_128_bits += report.in_128_bits ? 1u : 0u;
    totals.omissions += report.omissions.size();
    for (const Omission& omission : report.omissions) totals.omitted.insert(omission.subject);
    const double value = snapshot.accounts[i].account_value;
    if (std::isnan(value)) continue;
    ++totals.checked_equity;
    // Equity is the printed account value but for one cent of the printed figures.
    const double error = std::fabs(static_cast<double>(report.equity.raw) * 1e-9 - value);
    totals.worst_equity_error = std::max(totals.worst_equity_error, error);
    EXPECT_LE(error, 0.01) << report.account;
  }
}

class RealAccounts : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared_ + "/accounts")) {
      if (std::getenv("CI") != nullptr) FAIL() << "the reference data is missing";
      GTEST_SKIP() << "the reference data is missing";
    }
    auto snapshots = read_hyperliquid(shared_ + "/accounts/hyperliquid_top_account_positions_2026-02.csv.gz",
                                      shared_ + "/accounts/hyperliquid_top_accounts_2026-02.csv.gz");
    ASSERT_TRUE(snapshots) << to_string(snapshots.error());
    snapshots_ = *std::move(snapshots);
  }

  Totals run(const std::string& recipe, const std::vector<Bars>& bars) {
    const Preset loaded = preset(recipe);
    Totals totals;
    for (const HyperliquidSnapshot& snapshot : snapshots_) assess_snapshot(loaded, snapshot, bars, totals);
    std::printf(
        "%s: %zu account snapshots, %zu incomplete, %zu coins without bars, %zu below maintenance, %zu in 128 bits, "
        "worst error of equity %.6f USD over %zu\n",
        recipe.c_str(), totals.accounts, totals.incomplete, totals.omitted.size(), totals.below_maintenance,
        totals.in_128_bits, totals.worst_equity_error, totals.checked_equity);
    return totals;
  }

  std::string shared_ = MARGRAVE_SHARED_DIR "/data";
  std::vector<HyperliquidSnapshot> snapshots_;
};

TEST_F(RealAccounts, AllSnapshotsAreMarginedUnderCrossFixed) {
  const Totals totals = run("cross-fixed", {});
  EXPECT_EQ(totals.accounts, 18'183u);
  EXPECT_EQ(totals.incomplete, 0u);
}

// What has no bars is listed and makes the number incomplete; it is never silently smaller.
TEST_F(RealAccounts, AllSnapshotsAreMarginedUnderHistoricalShortfallAndWhatHasNoBarsIsNamed) {
  const auto bars = read_bar_folders({shared_ + "/spot_ohlcv/binance_spot_1h", shared_ + "/perp/binance_usdm_1h",
                                      shared_ + "/spot_ohlcv/binance_spot_1h_2021_2023",
                                      shared_ + "/spot_ohlcv/binance_spot_1h_2023_2026"});
  ASSERT_TRUE(bars) << to_string(bars.error());
  std::set<std::string> with_bars;
  for (const Bars& series : *bars) with_bars.insert(series.coin);
  const Totals totals = run("hs-es", *bars);
  EXPECT_EQ(totals.accounts, 18'183u);
  EXPECT_GT(totals.incomplete, 0u);
  EXPECT_LT(totals.incomplete, totals.accounts);
  std::size_t without_bars = 0;
  for (const std::string& name : totals.omitted) {
    const std::string coin = hyperliquid_coin(name.substr(0, name.rfind('-'))).coin;
    without_bars += with_bars.contains(coin) ? 0u : 1u;
  }
  EXPECT_GT(without_bars, 100u);
  for (const char* coin : {"BTC-PERP", "ETH-PERP", "SOL-PERP", "DOGE-PERP"})
    EXPECT_FALSE(totals.omitted.contains(coin));
}

}  // namespace
}  // namespace margrave
