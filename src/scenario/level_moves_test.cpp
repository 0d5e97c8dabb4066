#include "scenario/level_moves.h"

#include <gtest/gtest.h>

#include <cmath>

#include "market/model_chain.h"
#include "math/elementary.h"
#include "scenario/grid.h"
#include "scenario/sample_market.h"

namespace margrave {
namespace {

std::vector<LevelStep> some_steps(std::size_t count) {
  std::vector<LevelStep> steps;
  for (std::size_t i = 0; i < count; ++i) {
    const double r = 0.001 * (static_cast<double>(i * 37 % 41) - 20);
    steps.push_back({r, 0.002 - 0.8 * r + 1.5 * std::fabs(r) + (i % 2 == 0 ? 0.01 : -0.01)});
  }
  return steps;
}

/// What returns of -5 %, 0 and 5 % are as a set of its own.
ScenarioSet three_returns(const Market& market) {
  GridSpec grid;
  grid.spot = {Decimal{-5, 2}, Decimal{}, Decimal{5, 2}};
  ScenarioSpec spec;
  spec.name = "returns";
  return grid_scenarios(spec, grid, market).value();
}

TEST(LevelMoves, FitFindsWhatTheStepsWereMadeOf) {
  const LevelFit fit = fit_level(some_steps(82)).value();
  EXPECT_NEAR(fit.slope, -0.8, 0.05);
  EXPECT_NEAR(fit.size, 1.5, 0.1);
  EXPECT_EQ(fit.residuals.size(), 82u);
  EXPECT_FALSE(fit_level(some_steps(least_level_steps - 1)).has_value());
  EXPECT_FALSE(fit_level(std::vector<LevelStep>(50)).has_value());  // no return at all
}

TEST(LevelMoves, StandBesideTheReturnsAndResidualsComeInTurn) {
  const Market market = sample_market({.coins = 2}, 5);
  ScenarioSet set = three_returns(market);
  add_level_moves(market.registry, {.constant = 0.01, .slope = -1, .size = 2, .residuals = {0.1, -0.2}}, set);
  const double down = stable_log(0.95), up = stable_log(1.05);
  EXPECT_NEAR(set.vol_shock[0], std::exp(0.01 - down - 2 * down + 0.1) - 1, 1e-12);
  EXPECT_NEAR(set.vol_shock[1], std::exp(0.01 - 0.2) - 1, 1e-12);
  EXPECT_NEAR(set.vol_shock[2], std::exp(0.01 - up + 2 * up + 0.1) - 1, 1e-12);
  EXPECT_DOUBLE_EQ(set.vol_term.power_short, 0.3);
  add_level_moves(market.registry, {.constant = 9, .residuals = {0}}, set);  // vol moves already
  EXPECT_LT(set.vol_shock[1], 0);
}

TEST(LevelMoves, AreBounded) {
  const Market market = sample_market({.coins = 1}, 5);
  ScenarioSet set = three_returns(market);
  add_level_moves(market.registry, {.slope = -1000, .residuals = {0}}, set);
  EXPECT_DOUBLE_EQ(set.vol_shock[0], 3);
  EXPECT_DOUBLE_EQ(set.vol_shock[2], -0.9);
}

TEST(LevelMoves, LevelIsTheVolOfThirtyDaysAtTheMoney) {
  ModelChain model;
  model.as_of = Timestamp::from_civil(2026, 3, 1, 8);
  model.noise = 0;
  model.options = 400;
  const Chain low = model_chain(model);
  model.vol = 0.66;
  const Chain high = model_chain(model);
  EXPECT_NEAR(month_level(high, "BTC") / month_level(low, "BTC"), 1.2, 0.05);
  EXPECT_TRUE(std::isnan(month_level(low, "ETH")));
}

}  // namespace
}  // namespace margrave
