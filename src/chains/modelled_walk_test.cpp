#include "chains/modelled_walk.h"

#include <gtest/gtest.h>

#include "chains/modelled_fixture.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

constexpr std::int64_t step_ms = 8 * hour_ms;

/// Margins of the standard books at some chains of a history.
std::vector<ChainMargins> walked(const ReadRecipe& of, const ModelledCoin& coin, const std::vector<Bars>& bars,
                                 int count) {
  const std::vector<OptionBookRule> rules = standard_option_books({"BTC"});
  ModelledChains chains = ModelledChains::of({coin}, bars).value();
  std::vector<ChainMargins> all;
  for (int i = 0; i < count; ++i) {
    const std::optional<Chain> chain = chains.next(Timestamp::from_ms(chains.first_ms() + i * step_ms));
    if (!chain) break;
    Result<ChainMargins> margins = modelled_margins(*chain, {of.recipe, of.scenarios, rules}, bars);
    EXPECT_TRUE(margins.has_value()) << to_string(margins.error());
    if (!margins) break;
    all.push_back(std::move(*margins));
  }
  return all;
}

TEST(ModelledMargins, CuttingLaterBarsAndDaysChangesNoEarlierNumber) {
  const ReadRecipe recipe = read_preset_recipe("fhs-es");
  std::vector<Bars> bars{made_bars(330)};
  ModelledCoin coin = made_coin(0.6);
  for (std::size_t i = 0; i < coin.dvol.open.size(); ++i) coin.dvol.open[i] += 0.01 * static_cast<double>(i % 7);
  const std::vector<ChainMargins> whole = walked(recipe, coin, bars, 5);
  ASSERT_EQ(whole.size(), 5u);
  // Five chains reach to 32 hours after the first.
  const auto last_ms = coin.dvol.first_ms + 4 * step_ms;
  erase_bars(bars[0], static_cast<std::size_t>(last_ms / hour_ms - made_from_hour), bars[0].t_ms.size());
  coin.dvol.open.resize(2);
  coin.dvol.close.resize(2);
  const std::vector<ChainMargins> cut = walked(recipe, coin, bars, 5);
  ASSERT_EQ(cut.size(), 5u);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(cut[i].option_usd, whole[i].option_usd);
    EXPECT_EQ(cut[i].index, whole[i].index);
    for (std::size_t b = 0; b < whole[i].cells.size(); ++b) {
      EXPECT_EQ(whole[i].cells[b].state, CellState::good);
      EXPECT_EQ(cut[i].cells[b].initial, whole[i].cells[b].initial);
      EXPECT_EQ(cut[i].cells[b].maintenance, whole[i].cells[b].maintenance);
    }
  }
}

TEST(ModelledMargins, AreMadeOfTheSetsAsOfTheChain) {
  const std::vector<Bars> bars{made_bars(330)};
  const ReadRecipe recipe = read_preset_recipe("fhs-es");
  ModelledChains chains = ModelledChains::of({made_coin(0.6)}, bars).value();
  const Chain chain = chains.next(Timestamp::from_ms(chains.first_ms() + step_ms)).value();
  const Market market = build_market(chain).value().market;
  const std::vector<Bars> known = ended_bars(bars, chain.time.ns / 1'000'000);
  EXPECT_EQ(known[0].t_ms.back() + hour_ms, chain.time.ns / 1'000'000);
  const ScenarioSet cut = make_scenarios(recipe.scenarios.front(), market, known).value();
  const ScenarioSet whole = make_scenarios(recipe.scenarios.front(), market, bars).value();
  ASSERT_GT(whole.size(), 100u);
  EXPECT_EQ(cut.price, whole.price);
}

TEST(ModelledMargins, AreNotMadeWithoutAPastOfThirtySteps) {
  const ReadRecipe grid = read_preset_recipe("scenario-grid");
  std::vector<Bars> bars{made_bars(330)};
  erase_bars(bars[0], 0, 24 * 298);
  for (const ChainMargins& chain : walked(grid, made_coin(0.6), bars, 3)) {
    for (const UpdateCell& cell : chain.cells) EXPECT_EQ(cell.state, CellState::young);
  }
}

TEST(ModelledWalk, AStraddleLosesWhatTheLevelOfVolTakes) {
  const ReadRecipe grid = read_preset_recipe("scenario-grid");
  std::vector<Bars> bars{made_bars(330)};
  // The index stands still; the vol index falls by a tenth on the second day.
  for (double& close : bars[0].close) close = 30'000;
  ModelledCoin coin = made_coin(0.6);
  for (std::size_t i = 1; i < coin.dvol.open.size(); ++i) coin.dvol.open[i] = 0.54;
  const std::vector<OptionBookRule> rules = standard_option_books({"BTC"});
  // Without a move there is no variance: the chains are priced and not margined.
  std::vector<ChainMargins> chains = walked(grid, coin, bars, 7);
  std::vector<double> worth;
  for (const ChainMargins& chain : chains) worth.push_back(chain.option_usd.at("BTC-20221125-30000-C"));
  for (std::size_t i = 1; i < worth.size(); ++i) EXPECT_LT(worth[i], worth[i - 1]);
  EXPECT_NEAR(worth[3] / worth[2], 0.9, 0.02);  // vol and eight hours
  EXPECT_GT(worth[4] / worth[3], 0.97);         // eight hours alone
  const ChainWalk walk = walk_chains(chains, rules).value();
  EXPECT_EQ(walk.walk.window_ms.size(), 6u);
  EXPECT_DOUBLE_EQ(walk.mean_hours, 8.0);
}

}  // namespace
}  // namespace margrave
