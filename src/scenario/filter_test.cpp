#include <gtest/gtest.h>

#include <cmath>

#include "scenario/historical.h"
#include "scenario/made_bars_test.h"
#include "scenario/step_variance.h"

namespace margrave {
namespace {

struct Past {
  Market market;
  ScenarioSpec spec{.name = "past", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = {}};
  HistoricalSpec history{.window_days = 200, .step_seconds = 8 * 3600, .least_share = Decimal{5, 1}};

  explicit Past(std::int64_t hours) : market(market_of({"AAA", "BBB"}, hours)) {}
  ScenarioSet set(const std::vector<Bars>& bars) const {
    auto made = historical_scenarios(spec, history, market, bars);
    EXPECT_TRUE(made) << (made ? "" : to_string(made.error()));
    return made ? *made : ScenarioSet{};
  }
};

double mean_square(const std::vector<double>& multipliers, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t t = begin; t < end; ++t) sum += std::log(multipliers[t]) * std::log(multipliers[t]);
  return sum / static_cast<double>(end - begin);
}

// A coin whose volatility quadrupled two months ago: filtered, its quiet past moves as wide as it does now, up to the
// bound of 3; one that never changed moves as it did.
TEST(Filter, BringsThePastToTheVolatilityOfNow) {
  const std::size_t hours = 24 * 400, turn = 24 * 340;
  std::vector<double> changing(hours, 0.002), steady(hours, 0.004);
  for (std::size_t i = turn; i < hours; ++i) changing[i] = 0.008;
  const std::vector<Bars> bars{walk("AAA", changing, 1), walk("BBB", steady, 2)};
  Past past(static_cast<std::int64_t>(hours));
  const ScenarioSet raw = past.set(bars);
  past.history.filter = FilterSpec{.decay = 0.94};
  const ScenarioSet filtered = past.set(bars);
  ASSERT_EQ(raw.names, filtered.names);
  ASSERT_EQ(raw.size(), 600u);
  const std::size_t quiet = 400;  // scenarios before the turn, less some days
  EXPECT_NEAR(mean_square(filtered.price[0], 0, quiet) / mean_square(raw.price[0], 0, quiet), 9.0, 0.01);
  EXPECT_NEAR(mean_square(filtered.price[0], 480, 600) / mean_square(raw.price[0], 480, 600), 1.0, 0.25);
  EXPECT_NEAR(mean_square(filtered.price[1], 0, 600) / mean_square(raw.price[1], 0, 600), 1.0, 0.15);
}

TEST(Filter, OfOneVolatilityChangesNothing) {
  const FilterSpec filter;
  const std::vector<double> same(500, 1e-4);
  for (const double factor : filter_factors(same, filter)) EXPECT_DOUBLE_EQ(factor, 1.0);
  EXPECT_EQ(filter_factors({}, filter), std::vector<double>{});
  EXPECT_EQ(filter_factors({absent, 0.0, 1e-4}, filter), (std::vector<double>{1, 1, 1}));  // too little to say
}

TEST(Filter, FactorsAreThoseOfTheRecursionByHand) {
  // Start: mean of 1 and 3 = 2. Before: 2, 1.5, 2.25; after: 2.25 + 0 (no variance).
  const FilterSpec filter{.decay = 0.5, .least = 0.1, .most = 10};
  const std::vector<double> factors = filter_factors({1.0, 3.0, absent}, filter);
  EXPECT_DOUBLE_EQ(factors[0], std::sqrt(2.25 / 2.0));
  EXPECT_DOUBLE_EQ(factors[1], std::sqrt(2.25 / 1.5));
  EXPECT_DOUBLE_EQ(factors[2], 1.0);
}

TEST(Filter, WhatComesAfterAsOfIsNotSeen) {
  const std::size_t hours = 24 * 300;
  std::vector<Bars> bars{walk("AAA", std::vector<double>(hours + 500, 0.004), 3),
                         walk("BBB", std::vector<double>(hours + 500, 0.003), 4)};
  Past past(static_cast<std::int64_t>(hours));
  past.history.filter = FilterSpec{};
  const ScenarioSet all = past.set(bars);
  for (Bars& file : bars) {
    for (auto* column : {&file.open, &file.high, &file.low, &file.close}) column->resize(hours);
    file.t_ms.resize(hours);
  }
  const ScenarioSet known = past.set(bars);
  EXPECT_EQ(all.names, known.names);
  EXPECT_EQ(all.price, known.price);
}

double spread_deviation(const ScenarioSet& set, std::size_t begin, std::size_t end) {
  double sum = 0;
  for (std::size_t t = begin; t < end; ++t) {
    const double spread = std::log(set.price[0][t] / set.price[1][t]);
    sum += spread * spread;
  }
  return std::sqrt(sum / static_cast<double>(end - begin));
}

// Correlation fell from 0.9 to 0.1 three months ago: the spread of the past is three times as wide with today's, the
// coins alone are as wide as they were. Volatility by itself sees nothing.
TEST(CorrelationFilter, BringsThePastToTheCorrelationOfNow) {
  const std::size_t hours = 24 * 400, turn = 24 * 310;
  std::vector<double> correlation(hours, 0.9);
  for (std::size_t i = turn; i < hours; ++i) correlation[i] = 0.1;
  const std::vector<Bars> bars = pair(correlation, 11);
  Past past(static_cast<std::int64_t>(hours));
  past.history.filter = FilterSpec{};
  const ScenarioSet own = past.set(bars);
  past.history.filter->correlation = CorrelationFilter{.decay = 0.98};
  const ScenarioSet joint = past.set(bars);
  ASSERT_EQ(own.names, joint.names);
  const std::size_t before = 300;  // scenarios, of 600, that lie before the turn by a month
  EXPECT_NEAR(spread_deviation(joint, 0, before) / spread_deviation(own, 0, before), 3, 0.6);
  EXPECT_NEAR(spread_deviation(joint, 500, 600) / spread_deviation(own, 500, 600), 1, 0.1);
  for (const std::size_t coin : {0u, 1u}) {
    EXPECT_NEAR(mean_square(joint.price[coin], 0, before) / mean_square(own.price[coin], 0, before), 1, 0.1);
  }
}

TEST(CorrelationFilter, OfOneCoinIsTheFilterAlone) {
  const std::vector<Bars> bars{walk("AAA", std::vector<double>(24 * 300, 0.004), 3)};
  Past past(24 * 300);
  past.history.least_share = Decimal{};
  past.history.filter = FilterSpec{};
  const ScenarioSet own = past.set(bars);
  past.history.filter->correlation = CorrelationFilter{};
  const ScenarioSet joint = past.set(bars);
  for (std::size_t t = 0; t < own.size(); ++t) EXPECT_NEAR(joint.price[0][t], own.price[0][t], 1e-14);
}

TEST(CorrelationFilter, WhatComesAfterAsOfIsNotSeen) {
  const std::size_t hours = 24 * 300;
  std::vector<Bars> bars = pair(std::vector<double>(hours + 500, 0.7), 12);
  for (std::size_t i = hours; i < hours + 500; ++i) bars[1].close[i] = bars[1].low[i];  // later on it is another world
  Past past(static_cast<std::int64_t>(hours));
  past.history.filter = FilterSpec{.correlation = CorrelationFilter{}};
  const ScenarioSet all = past.set(bars);
  for (Bars& file : bars) {
    for (auto* column : {&file.open, &file.high, &file.low, &file.close}) column->resize(hours);
    file.t_ms.resize(hours);
  }
  const ScenarioSet known = past.set(bars);
  EXPECT_EQ(all.names, known.names);
  EXPECT_EQ(all.price, known.price);
}

// A coin and its twin from another listing: their correlation is 1 and no inverse of it exists.
TEST(CorrelationFilter, SurvivesACoinThatIsThereTwice) {
  std::vector<Bars> bars{walk("AAA", std::vector<double>(24 * 300, 0.004), 5)};
  bars.push_back(bars[0]);
  bars[1].coin = "BBB";
  Past past(24 * 300);
  past.history.filter = FilterSpec{.correlation = CorrelationFilter{.shrink = 0}};
  const ScenarioSet set = past.set(bars);
  for (std::size_t t = 0; t < set.size(); ++t) {
    EXPECT_TRUE(std::isfinite(set.price[0][t]));
    EXPECT_NEAR(set.price[0][t], set.price[1][t], 1e-12);
  }
}

TEST(StepVariance, NeedsEveryBarAndTakesTheFirstFileThatHasThem) {
  Bars gap = walk("AAA", std::vector<double>(32, 0.01), 5), whole = walk("AAA", std::vector<double>(32, 0.01), 6);
  const std::vector<std::int64_t> ends{step_ms, 2 * step_ms, 5 * step_ms};
  const std::vector<double> own = step_variances({&gap}, ends, step_ms, 0.15);
  gap.t_ms.erase(gap.t_ms.begin() + 10);
  for (auto* column : {&gap.open, &gap.high, &gap.low, &gap.close}) column->erase(column->begin() + 10);
  const std::vector<double> first = step_variances({&gap}, ends, step_ms, 0.15);
  EXPECT_EQ(first[0], own[0]);
  EXPECT_TRUE(std::isnan(first[1]) && std::isnan(first[2]));
  const std::vector<double> both = step_variances({&gap, &whole}, ends, step_ms, 0.15);
  EXPECT_EQ(both[0], own[0]);
  EXPECT_EQ(both[1], step_variances({&whole}, ends, step_ms, 0.15)[1]);
}

// One bad print of a tenth of the price: without a cap it is the largest move of all.
TEST(StepVariance, AWickIsCapped) {
  Bars bars = walk("AAA", std::vector<double>(8, 0.01), 7);
  bars.low[3] /= 10;
  const double capped = step_variances({&bars}, {step_ms}, step_ms, 0.15)[0];
  const double whole = step_variances({&bars}, {step_ms}, step_ms, 10)[0];
  EXPECT_GT(whole, 1.5);
  EXPECT_LT(capped, 0.03);
}

// A storm of a week in a quiet year: all its dates are among the worst, and no quiet ones from before it.
TEST(Worst, AreTheDatesOfTheStormInTheirOrder) {
  const std::size_t hours = 24 * 360, begin = 24 * 200, end = begin + 24 * 7;
  std::vector<double> vol(hours, 0.001);
  for (std::size_t i = begin; i < end; ++i) vol[i] = 0.02;
  const std::vector<Bars> bars{walk("AAA", vol, 8), walk("BBB", vol, 9)};
  Past past(static_cast<std::int64_t>(hours));
  past.history.window_days = 360;
  const ScenarioSet all = past.set(bars);
  past.history.worst = WorstSpec{.count = 30, .trailing = 9};
  const ScenarioSet worst = past.set(bars);
  ASSERT_EQ(worst.size(), 30u);
  EXPECT_TRUE(std::is_sorted(worst.names.begin(), worst.names.end()));
  std::size_t in_storm = 0;
  for (std::size_t t = 0; t < worst.size(); ++t) {
    const std::string from = to_string(Timestamp::from_ms(static_cast<std::int64_t>(begin) * hour_ms));
    EXPECT_GT(worst.names[t], from);
    in_storm += worst.names[t] <= to_string(Timestamp::from_ms(static_cast<std::int64_t>(end) * hour_ms)) ? 1u : 0u;
    const auto at = std::find(all.names.begin(), all.names.end(), worst.names[t]);
    ASSERT_NE(at, all.names.end());
    EXPECT_EQ(worst.price[0][t], all.price[0][static_cast<std::size_t>(at - all.names.begin())]);
  }
  EXPECT_EQ(in_storm, 21u);
  past.history.worst = WorstSpec{.count = 5000, .trailing = 9};
  EXPECT_EQ(past.set(bars).names, all.names);
}

/// Two coins that go through a storm, and one of twice their volatility whose last `returns` steps alone are recorded.
struct LateCoin {
  std::vector<Bars> bars;
  Past past{hours};

  static constexpr std::int64_t hours = 24 * 360;
  explicit LateCoin(std::size_t returns) {
    std::vector<double> vol(hours, 0.001), twice(hours, 0.002);
    for (std::size_t i = 24 * 200; i < 24 * 207; ++i) vol[i] = 0.02;
    bars = {walk("AAA", vol, 8), walk("BBB", vol, 9), walk("CCC", twice, 10)};
    // A step's return has a close at both its ends, so the first bar is the one that ends where the first step begins.
    const std::size_t first = hours - 8 * returns - 1;
    const auto cut = [&](auto& column) {
      column.erase(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(first));
    };
    cut(bars[2].t_ms);
    for (auto* column : {&bars[2].open, &bars[2].high, &bars[2].low, &bars[2].close}) cut(*column);
    past.market = market_of({"AAA", "BBB", "CCC"}, hours);
    past.history.window_days = 360;
    past.history.least_share = Decimal{0, 0};
  }
  ScenarioSet worst() {
    past.history.worst = WorstSpec{.count = 21, .trailing = 3};
    return past.set(bars);
  }
};

// Its ratio comes from all dates: on none of the worst it has a return.
TEST(Worst, ACoinThatCameAfterTheStormMovesInItByProxy) {
  LateCoin late(400);
  const ScenarioSet all = late.past.set(late.bars), worst = late.worst();
  ASSERT_EQ(worst.size(), 21u);
  EXPECT_FALSE(worst.uncovered[2]);
  double own = 0, market = 0;
  for (std::size_t t = 0; t < worst.size(); ++t) {
    const auto at = static_cast<std::size_t>(std::ranges::find(all.names, worst.names[t]) - all.names.begin());
    ASSERT_LT(at, all.size());
    for (std::size_t a = 0; a < 3; ++a) EXPECT_EQ(worst.price[a][t], all.price[a][at]);
    own += std::fabs(worst.price[2][t] - 1);
    market += std::fabs((worst.price[0][t] + worst.price[1][t]) / 2 - 1);
  }
  EXPECT_GT(own, 1.5 * market);
  EXPECT_EQ(worst.findings.back().kind, Finding::Kind::assumed);
  EXPECT_EQ(worst.findings.back().subject, "CCC");
  EXPECT_EQ(worst.findings.back().text, "21 of 21 returns by proxy");
}

TEST(Worst, ACoinIsCoveredFromItsHundredthReturnOn) {
  const ScenarioSet young = LateCoin(99).worst(), old = LateCoin(100).worst();
  EXPECT_TRUE(young.uncovered[2]);
  EXPECT_EQ(young.findings.front().text, "returns on only 99 of 1080 dates");
  EXPECT_FALSE(old.uncovered[2]);
  for (std::size_t a = 0; a < 2; ++a) EXPECT_EQ(young.price[a], old.price[a]);
}

TEST(Worst, AShareThatIsAskedForIsOneOfAllDates) {
  LateCoin late(400);
  late.past.history.least_share = Decimal{4, 1};  // 432 of 1080
  EXPECT_TRUE(late.worst().uncovered[2]);
  late.past.history.least_share = Decimal{37, 2};
  EXPECT_FALSE(late.worst().uncovered[2]);
}

TEST(Worst, BarsThatEndWithTheirLastDateAreNotStale) {
  for (const Finding& finding : LateCoin(400).worst().findings) EXPECT_NE(finding.kind, Finding::Kind::stale);
}

}  // namespace
}  // namespace margrave
