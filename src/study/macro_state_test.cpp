#include "study/macro_state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// A random walk whose value of day d is known at (d + 1 + late) days.
std::vector<KnownValue> walk_of(std::size_t days, std::uint64_t seed, std::int64_t late = 0) {
  Random random{.seed = seed};
  std::vector<KnownValue> values;
  double value = 10;
  for (std::size_t d = 0; d < days; ++d) {
    value += random.uniform() - 0.5;
    values.push_back({(static_cast<std::int64_t>(d) + 1 + late) * day_ms, value});
  }
  return values;
}

KnownSeries series_of(std::vector<KnownValue> values) { return *KnownSeries::from(std::move(values)); }

MacroSeries some_series(std::size_t days) {
  return {.vix = series_of(walk_of(days, 1)),
          .dollar = series_of(walk_of(days, 2, 7)),
          .stress = series_of(walk_of(days, 3, 7)),
          .two_years = series_of(walk_of(days, 4)),
          .ten_years = series_of(walk_of(days, 5))};
}

TEST(KnownSeries, CarriesTheLastKnownValueAndSeesNoneBeforeItsTime) {
  const KnownSeries series = series_of({{10, 1.5}, {20, 2.5}});
  EXPECT_TRUE(std::isnan(series.value_at(9)));
  EXPECT_EQ(series.value_at(10), 1.5);
  EXPECT_EQ(series.value_at(19), 1.5);
  EXPECT_EQ(series.value_at(20), 2.5);
  EXPECT_EQ(series.value_at(1'000'000), 2.5);
  EXPECT_FALSE(KnownSeries::from({{10, 1}, {10, 2}}));
  EXPECT_FALSE(KnownSeries::from({{10, std::nan("")}}));
}

TEST(StandardChange, IsTheChangeOverItsUsualSize) {
  std::vector<KnownValue> values;
  for (int d = 0; d < 60; ++d) values.push_back({d * day_ms, static_cast<double>(d % 2)});
  values.push_back({60 * day_ms, 5});
  const ChangeRule rule{.over = 1, .trailing = 50};
  EXPECT_NEAR(std::fabs(standard_change(series_of(values), rule, 59 * day_ms)), 1, 1e-12);
  EXPECT_NEAR(standard_change(series_of(values), rule, 60 * day_ms), 4 / std::sqrt((49.0 + 16) / 50), 1e-12);
  EXPECT_TRUE(std::isnan(standard_change(series_of(values), rule, 49 * day_ms)));
  EXPECT_FALSE(std::isnan(standard_change(series_of(values), rule, 50 * day_ms)));
}

// Deleting what became known later changes no state; a late publication is not seen on its day.
TEST(MacroState, SeesNothingOfWhatIsKnownLater) {
  const MacroSeries all = some_series(600);
  const MacroRule rule{.daily = {20, 250}, .weekly = {4, 52}, .contracts_from = 0.5, .shifts_from = 1};
  std::size_t contracts = 0, shifts = 0;
  for (std::int64_t day = 280; day < 600; ++day) {
    MacroSeries cut = all;
    for (KnownSeries* series : {&cut.vix, &cut.dollar, &cut.stress, &cut.two_years, &cut.ten_years}) {
      std::vector<KnownValue> values(series->values().begin(), series->values().end());
      values.resize(series->known_at(day * day_ms));
      values.push_back({day * day_ms + 1, 1e6});
      *series = series_of(values);
    }
    const MacroState one = macro_state(all, rule, day * day_ms), other = macro_state(cut, rule, day * day_ms);
    EXPECT_EQ(one.liquidity_contracts, other.liquidity_contracts) << day;
    EXPECT_EQ(one.rates_shift, other.rates_shift) << day;
    contracts += one.liquidity_contracts ? 1u : 0u;
    shifts += one.rates_shift ? 1u : 0u;
  }
  EXPECT_GT(contracts, 0u);
  EXPECT_GT(shifts, 0u);
}

TEST(MacroState, RaisesTheWeightOfTheWorstTimesWithinItsBounds) {
  EXPECT_EQ(stress_weight({}, 0.4, 0.5), 0.4);
  EXPECT_NEAR(stress_weight({.liquidity_contracts = true, .rates_shift = false}, 0.4, 0.5), 0.45, 1e-15);
  EXPECT_NEAR(stress_weight({.liquidity_contracts = true, .rates_shift = true}, 0.4, 0.5), 0.5, 1e-15);
}

TEST(RollingBeta, IsTheSlopeAboutZero) {
  const std::vector<double> x{1, -2, 3, 0.5}, y{2, -4, 6, 1};
  const RollingBeta rolling = rolling_beta(x, y, 3);
  EXPECT_TRUE(std::isnan(rolling.beta[1]));
  EXPECT_NEAR(rolling.beta[2], 2, 1e-15);
  EXPECT_NEAR(rolling.correlation[3], 1, 1e-15);
}

}  // namespace
}  // namespace margrave
