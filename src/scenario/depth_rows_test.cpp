#include "scenario/depth_rows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "array/risk_array.h"
#include "scenario/revalue.h"
#include "scenario/sample_market.h"

namespace margrave {
namespace {

constexpr i128 unit = power_of_ten(12);

Market market_with(const DepthCurve& curve, double volume) {
  Market market = sample_market({.coins = 1, .expiries = 1, .strikes = 1}, 7);
  for (std::uint32_t i = 0; i < market.state.instruments.size(); ++i) {
    if (market.registry.instruments()[i].kind != Kind::perpetual) continue;
    market.state.instruments[i].depth.curve = curve;
    market.state.instruments[i].volume = volume;
    break;
  }
  return market;
}

InstrumentId first_perpetual(const Market& market) {
  std::uint32_t i = 0;
  while (market.registry.instruments()[i].kind != Kind::perpetual) ++i;
  return InstrumentId{i};
}

RiskArray array_of(const Market& market) {
  auto revaluation = revalue(market, {sample_scenarios(market, 4, 1, false)}, RevalueOptions{});
  return std::move(revaluation->array);
}

const DepthCurve curve{{Ratio{unit / 100}, Ratio{unit / 50}}, {{unit / 3}, {7 * unit}}, {{0}, {5 * unit}}};

TEST(DepthRows, CurvesBecomeLotsRoundedDown) {
  const Market market = market_with(curve, 1e6);
  const InstrumentId id = first_perpetual(market);
  const Instrument& instrument = market.registry[id];
  const RiskArray array = array_of(market);
  const std::uint32_t row = *array.find_row(instrument.name);
  const DepthLadder* ladder = array.find_ladder(row);
  ASSERT_NE(ladder, nullptr);
  EXPECT_EQ(ladder->distances, curve.distances);
  const double lot = instrument.lot.to_double();
  EXPECT_NEAR(static_cast<double>(ladder->bid[0]) * 1e-6 * lot, 1.0 / 3, 1e-6 * lot);
  EXPECT_LE(static_cast<double>(ladder->bid[0]) * 1e-6 * lot, 1.0 / 3);
  EXPECT_NEAR(static_cast<double>(ladder->bid[1]) * 1e-6 * lot, 7, 1e-6 * lot);
  EXPECT_TRUE(ladder->ask[0] == 0);
  EXPECT_EQ(static_cast<double>(*array.scalar(row, ScalarField::volume)), std::nearbyint(1e6 / lot));
  EXPECT_EQ(array.plan().ladders.size(), 1u);
}

TEST(DepthRows, AnArrayWithoutThemHasNoneAndAnotherDigest) {
  const Market with = market_with(curve, 1e6), without = market_with({}, absent);
  EXPECT_TRUE(array_of(without).plan().ladders.empty());
  EXPECT_NE(array_of(with).digest(), array_of(without).digest());
  EXPECT_NE(array_of(with).digest(), array_of(market_with(curve, 2e6)).digest());
  DepthCurve other = curve;
  other.ask[1].raw += unit;
  EXPECT_NE(array_of(with).digest(), array_of(market_with(other, 1e6)).digest());
}

TEST(DepthRows, AnArrayTakesNoLadderThatIsNone) {
  ArrayPlan plan;
  plan.rows = {{"A", 0}, {"B", 0}};
  plan.scenarios = {"now", "down"};
  const DepthLadder good{.row = 1, .distances = {Ratio{1}, Ratio{unit}}, .bid = {0, 5}, .ask = {5, 5}};
  std::vector<DepthLadder> wrong(8, good);
  wrong[0].row = 2;
  wrong[1].distances = {Ratio{1}, Ratio{1}};
  wrong[2].distances = {Ratio{0}, Ratio{1}};
  wrong[3].distances[1].raw += 1;
  wrong[4].bid = {5, 4};
  wrong[5].ask = {-1, 4};
  wrong[6].ask = {4};
  wrong[7] = {.row = 0};
  for (const DepthLadder& ladder : wrong) {
    plan.ladders = {ladder};
    EXPECT_FALSE(RiskArrayBuilder::create(plan).has_value());
  }
  plan.ladders = {good, good};
  EXPECT_FALSE(RiskArrayBuilder::create(plan).has_value());
  plan.ladders = {good};
  EXPECT_TRUE(RiskArrayBuilder::create(plan).has_value());
}

}  // namespace
}  // namespace margrave
