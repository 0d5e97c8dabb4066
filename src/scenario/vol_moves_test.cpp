#include "scenario/vol_moves.h"

#include <gtest/gtest.h>

#include <cmath>

#include "math/elementary.h"
#include "scenario/grid.h"
#include "scenario/sample_market.h"

namespace margrave {
namespace {

std::vector<VolStep> some_steps(std::size_t count) {
  std::vector<VolStep> steps;
  for (std::size_t i = 0; i < count; ++i) {
    const double r = 0.001 * (static_cast<double>(i * 37 % 41) - 20), off = i % 2 == 0 ? 0.01 : -0.01;
    steps.push_back({r, {0.002 - 0.8 * r + 1.5 * std::fabs(r) + off, 0.3 * r + off, 0.1 * std::fabs(r), -0.2 * r}});
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

TEST(VolMoves, FitFindsWhatTheStepsWereMadeOf) {
  const VolFit fit = fit_vol_moves(some_steps(82)).value();
  EXPECT_NEAR(fit.lines[0].slope, -0.8, 0.05);
  EXPECT_NEAR(fit.lines[0].size, 1.5, 0.1);
  EXPECT_NEAR(fit.lines[0].spread, 0.01, 0.001);
  EXPECT_NEAR(fit.lines[1].slope, 0.3, 0.05);
  EXPECT_NEAR(fit.lines[2].size, 0.1, 1e-12);
  EXPECT_NEAR(fit.lines[3].slope, -0.2, 1e-12);
  EXPECT_NEAR(fit.lines[3].spread, 0, 1e-12);
  EXPECT_NEAR(fit.lines[1].with_level, 1, 0.02) << "both are off by the same";
  EXPECT_NEAR(fit.lines[1].spread, 0, 0.001);
  EXPECT_EQ(fit.residuals.size(), 82u);
  EXPECT_FALSE(fit_vol_moves(some_steps(least_vol_steps - 1)).has_value());
  EXPECT_FALSE(fit_vol_moves(std::vector<VolStep>(50)).has_value());  // no return at all
}

TEST(VolMoves, AComponentThatTooFewStepsHaveDoesNotMove) {
  std::vector<VolStep> steps = some_steps(41);
  for (std::size_t i = 0; i + 5 < steps.size(); ++i) steps[i].moved[1] = absent;
  steps[0].moved[2] = absent;
  const VolFit fit = fit_vol_moves(steps).value();
  EXPECT_EQ(fit.lines[1].slope, 0);
  EXPECT_NEAR(fit.lines[2].size, 0.1, 1e-12);
  EXPECT_EQ(fit.residuals[0][2], 0);
}

TEST(VolMoves, StandBesideTheReturnsAndResidualsComeInTurn) {
  const Market market = sample_market({.coins = 2}, 5);
  ScenarioSet set = three_returns(market);
  VolFit fit;
  fit.lines[0] = {.constant = 0.01, .slope = -1, .size = 2};
  fit.lines[1] = {.slope = 0.5};
  fit.residuals = {{0.1, 0.01, 0, 0}, {-0.2, 0.02, 0, 0}};
  add_vol_moves(market.registry, fit, set);
  const double down = stable_log(0.95), up = stable_log(1.05);
  EXPECT_NEAR(set.vol_shock[0], std::exp(0.01 - down - 2 * down + 0.1) - 1, 1e-12);
  EXPECT_NEAR(set.vol_shock[1], std::exp(0.01 - 0.2) - 1, 1e-12);
  EXPECT_NEAR(set.vol_shock[2], std::exp(0.01 - up + 2 * up + 0.1) - 1, 1e-12);
  EXPECT_NEAR(set.surface[0].skew, 0.5 * down + 0.01, 1e-12);
  EXPECT_NEAR(set.surface[1].skew, 0.02, 1e-12);
  EXPECT_DOUBLE_EQ(set.vol_term.power_short, 0.3);
  fit.lines[0].constant = 9;
  add_vol_moves(market.registry, fit, set);  // vol moves already
  EXPECT_LT(set.vol_shock[1], 0);
}

TEST(VolMoves, OfTheLevelAreBoundedAndAloneHaveNoSurfaceMove) {
  const Market market = sample_market({.coins = 1}, 5);
  ScenarioSet set = three_returns(market);
  VolFit fit;
  fit.lines[0] = {.slope = -1000};
  fit.residuals = {{}};
  add_vol_moves(market.registry, fit, set);
  EXPECT_DOUBLE_EQ(set.vol_shock[0], 3);
  EXPECT_DOUBLE_EQ(set.vol_shock[2], -0.9);
  EXPECT_TRUE(set.surface.empty());
}

TEST(VolMoves, OfARecipeDependOnTheReturnAndTheNumberOfTheScenarioAlone) {
  const Market market = sample_market({.coins = 1}, 5);
  ScenarioSet set = three_returns(market);
  VolMovesSpec spec;
  spec.lines[0] = {.slope = -1, .spread = 0.05};
  spec.lines[3] = {.constant = 0.01};
  set_vol_moves(market.registry, spec, set);
  const ScenarioSet first = set;
  set_vol_moves(market.registry, spec, set);
  EXPECT_EQ(set.vol_shock, first.vol_shock) << "what was there is replaced";
  EXPECT_EQ(set.surface[2].term, 0.01);
  spec.lines[0].slope = 0;
  ScenarioSet still = three_returns(market);
  set_vol_moves(market.registry, spec, still);
  EXPECT_EQ(still.vol_shock[1], first.vol_shock[1]) << "its return is 0";
  EXPECT_NE(still.vol_shock[0], still.vol_shock[1]);
}

TEST(VolMoves, ResidualsOfARecipeHaveTheirSpreadAndNoMean) {
  const Market market = sample_market({.coins = 1}, 5);
  GridSpec grid;
  grid.spot.assign(1024, Decimal{});
  ScenarioSet set = grid_scenarios(ScenarioSpec{}, grid, market).value();
  VolMovesSpec spec;
  spec.lines[1].spread = 0.02;
  spec.lines[2].spread = 0.03;
  spec.lines[3].with_level = -0.5;
  set_vol_moves(market.registry, spec, set);
  double skew = 0, square = 0, product = 0;
  for (const SurfaceMove& move : set.surface) {
    skew += move.skew / 1024;
    square += move.skew * move.skew / 1024;
    product += move.skew * move.wings / 1024;
  }
  EXPECT_NEAR(skew, 0, 0.0002);
  EXPECT_NEAR(std::sqrt(square), 0.02, 0.0002);
  EXPECT_NEAR(product, 0, 0.02 * 0.03 * 0.02);
  EXPECT_TRUE(std::all_of(set.vol_shock.begin(), set.vol_shock.end(), [](double shock) { return shock == 0; }));
  EXPECT_EQ(set.surface[5].term, 0) << "there is no level to go with";
  spec.lines[0].spread = 0.1;
  set_vol_moves(market.registry, spec, set);
  EXPECT_NEAR(set.surface[5].term, -0.5 * std::log1p(set.vol_shock[5]), 1e-12);
}

}  // namespace
}  // namespace margrave
