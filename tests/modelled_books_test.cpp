#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "chains/modelled_chain.h"
#include "chains/modelled_walk.h"
#include "dialect/deribit_chain.h"
#include "scenario/vol_marks.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

const std::string data = MARGRAVE_SHARED_DIR "/data/";

/// Modelled chains of the recorded vol index and of the shape of the three chains of the last days of 2025.
class ModelledOptionBooks : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(data + "options/deribit_btc_dvol_daily.csv.gz")) {
      if (std::getenv("CI")) FAIL() << "the reference data is missing";
      GTEST_SKIP() << "the reference data is missing";
    }
    coin_.name = "BTC";
    coin_.dvol = read_dvol(data + "options/deribit_btc_dvol_daily.csv.gz").value();
    bars_.push_back(read_bars(data + "spot_ohlcv/binance_spot_1h/BTCUSDT_1h.csv.gz").value());
    MeanShape shape("BTC");
    ASSERT_TRUE(stream_deribit_csv(data + "options/deribit_chain_2025-12.csv.gz", [&](const Chain& chain) {
                  shape.add(chain);
                  for (const ChainQuote& quote : chain.quotes) {
                    if (quote.instrument.underlying == "BTC") coin_.option = quote.instrument;
                  }
                  for (const Listing& perpetual : chain.perpetuals) {
                    if (perpetual.underlying == "BTC") coin_.perpetual = perpetual;
                  }
                  return true;
                }).has_value());
    EXPECT_EQ(shape.chains(), 3u);
    coin_.shape = shape.mean().value();
  }

  ModelledCoin coin_{.name = "", .dvol = {}, .shape = {}};
  std::vector<Bars> bars_;
};

TEST_F(ModelledOptionBooks, HaveALevelAtTheMoneySomewhatBelowTheIndex) {
  ModelledChains chains = ModelledChains::of({coin_}, bars_).value();
  for (int day = 0; day < 600; day += 60) {
    const std::int64_t at_ms = chains.first_ms() + day * 86'400'000LL;
    const Chain chain = chains.next(Timestamp::from_ms(at_ms)).value();
    const double ratio = month_level(chain, "BTC") / *coin_.dvol.known_at(at_ms);
    EXPECT_GT(ratio, 0.85);
    EXPECT_LT(ratio, 1.0);
  }
}

TEST_F(ModelledOptionBooks, AreMarginedAndLoseWhatTheyShouldOverDays) {
  const ReadRecipe grid = read_preset_recipe("scenario-grid");
  const std::vector<OptionBookRule> rules = standard_option_books({"BTC"});
  ModelledChains chains = ModelledChains::of({coin_}, bars_).value();
  // The days of August 2024 in which the index fell by a sixth.
  const std::int64_t from_ms = Timestamp::from_civil(2024, 8, 4).ns / 1'000'000;
  std::vector<ChainMargins> margins;
  for (int step = 0; step < 7; ++step) {
    const Chain chain = chains.next(Timestamp::from_ms(from_ms + step * 8 * hour_ms)).value();
    margins.push_back(modelled_margins(chain, {grid.recipe, grid.scenarios, rules}, bars_).value());
  }
  const ChainWalk walk = walk_chains(margins, rules).value();
  const WalkJudgement judged = judge_chains(walk, margins, {}).value();
  EXPECT_EQ(judged.windows, 6u * rules.size());
  EXPECT_TRUE(judged.without.empty());
  EXPECT_GT(judged.mean_margin, 0.01);
  EXPECT_LT(judged.mean_margin, 0.2);
  double index_low = 1e9;
  for (const ChainMargins& one : margins) index_low = std::min(index_low, one.index.at("BTC"));
  EXPECT_LT(index_low, 0.88 * margins.front().index.at("BTC"));
}

}  // namespace
}  // namespace margrave
