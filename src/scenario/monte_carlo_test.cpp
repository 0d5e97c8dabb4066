#include "scenario/monte_carlo.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "document/read.h"
#include "math/elementary.h"
#include "scenario/begin_set.h"
#include "scenario/historical.h"
#include "scenario/made_bars_test.h"
#include "scenario/set_maker.h"
#include "scenario/standard_returns.h"

namespace margrave {
namespace {

constexpr std::size_t hours = 24 * 500;

Result<ScenarioSpec> spec_of(const std::string& more) {
  const Document document =
      TRY(parse_document("s: {kind: monte_carlo, horizon: 8h" + more + "}\n", "r.yaml", ErrorKind::config));
  const std::vector<ScenarioSpec> specs = TRY(read_scenario_specs(Cursor(document)));
  return specs[0];
}

std::string spec_error(const std::string& more) {
  const auto spec = spec_of(more);
  return spec ? "" : to_string(spec.error());
}

ScenarioSet set_of(const std::vector<std::string>& coins, const std::vector<Bars>& bars, const std::string& more) {
  const auto spec = spec_of(", window_days: 400" + more);
  EXPECT_TRUE(spec) << (spec ? "" : to_string(spec.error()));
  const auto set = make_scenarios(*spec, market_of(coins, hours), bars);
  EXPECT_TRUE(set) << (set ? "" : to_string(set.error()));
  return set ? *set : ScenarioSet{};
}

/// Mean of the worst 2.5 %.
double shortfall(std::vector<double> losses) {
  std::sort(losses.rbegin(), losses.rend());
  const auto worst = static_cast<std::size_t>(std::ceil(0.025 * static_cast<double>(losses.size())));
  double sum = 0;
  for (std::size_t i = 0; i < worst; ++i) sum += losses[i];
  return sum / static_cast<double>(worst);
}

std::vector<double> log_losses(const ScenarioSet& set, std::size_t coin, double sign = 1) {
  std::vector<double> losses;
  for (const double price : set.price[coin]) losses.push_back(-sign * std::log(price));
  return losses;
}

double log_correlation(const ScenarioSet& set, std::size_t a, std::size_t b) {
  double aa = 0, ab = 0, bb = 0;
  for (std::size_t s = 0; s < set.size(); ++s) {
    const double x = std::log(set.price[a][s]), y = std::log(set.price[b][s]);
    aa += x * x;
    ab += x * y;
    bb += y * y;
  }
  return ab / std::sqrt(aa * bb);
}

// One coin has no copula: its scenarios are its recorded returns at today's volatility, and both tails must be theirs.
TEST(MonteCarlo, ShortfallOfOneCoinIsThatOfItsRecordedReturns) {
  const std::vector<Bars> bars{walk("AAA", std::vector<double>(hours, 0.004), 41)};
  const Market market = market_of({"AAA"}, hours);
  const ScenarioSpec named{.name = "s", .kind = {}};
  ScenarioSet unused = begin_set(named, market);
  const auto coins = standard_returns(named, {.window_days = 400, .step_seconds = 8 * 3600}, market, bars, unused);
  ASSERT_TRUE(coins);
  const ScenarioSet set = set_of({"AAA"}, bars, ", jumps: false, count: 40000");
  for (const double sign : {1.0, -1.0}) {
    std::vector<double> recorded;
    for (const double z : (*coins)[0].z) recorded.push_back(-sign * z * (*coins)[0].sigma);
    EXPECT_NEAR(shortfall(log_losses(set, 0, sign)) / shortfall(recorded), 1, 0.03);
  }
}

TEST(MonteCarlo, TodaysCorrelationIsThatOfTheScenarios) {
  std::vector<double> correlation(hours, 0.9);
  for (std::size_t i = 24 * 380; i < hours; ++i) correlation[i] = 0.1;
  const std::vector<Bars> bars = pair(correlation, 42);
  const ScenarioSet now = set_of({"AAA", "BBB"}, bars, ", jumps: false, nu: 8");
  EXPECT_NEAR(log_correlation(now, 0, 1), 0.1, 0.15);
  const ScenarioSet calm = set_of({"AAA", "BBB"}, pair(std::vector<double>(hours, 0.9), 42), ", jumps: false, nu: 8");
  EXPECT_NEAR(log_correlation(calm, 0, 1), 0.9, 0.04);
}

/// Both coins fall by a tenth at once on each of some dates; the first alone rises by an eighth on others.
std::vector<Bars> with_jumps() {
  std::vector<Bars> bars = pair(std::vector<double>(hours, 0.5), 43);
  const auto shift = [&](std::size_t coin, std::size_t from, double factor) {
    for (std::size_t i = from; i < hours; ++i) {
      for (auto* column : {&bars[coin].open, &bars[coin].high, &bars[coin].low, &bars[coin].close})
        (*column)[i] *= factor;
    }
    bars[coin].open[from] = bars[coin].close[from - 1];
    bars[coin].high[from] = std::max(bars[coin].high[from], bars[coin].open[from]);
    bars[coin].low[from] = std::min(bars[coin].low[from], bars[coin].open[from]);
  };
  for (std::size_t day = 150; day < 490; day += 17) {
    shift(0, 24 * day + 3, 0.9);
    shift(1, 24 * day + 3, 0.9);
  }
  for (std::size_t day = 155; day < 490; day += 34) shift(0, 24 * day + 3, 1.125);
  return bars;
}

TEST(MonteCarlo, JumpsComeAsOftenAndAsTogetherAsRecorded) {
  const ScenarioSet set = set_of({"AAA", "BBB"}, with_jumps(), ", nu: 8, count: 40000");
  // 20 common dates and 10 own of 1,200; single jumps scaled to today's volatility stay far beyond it.
  std::size_t together = 0, own = 0;
  for (std::size_t s = 0; s < set.size(); ++s) {
    const bool first_falls = set.price[0][s] < 0.95, second_falls = set.price[1][s] < 0.95;
    together += first_falls && second_falls ? 1u : 0u;
    own += set.price[0][s] > 1.05 ? 1u : 0u;
  }
  EXPECT_NEAR(static_cast<double>(together) / 40000, 20.0 / 1200, 0.004);
  EXPECT_NEAR(static_cast<double>(own) / 40000, 10.0 / 1200, 0.004);
  const auto finding =
      std::find_if(set.findings.begin(), set.findings.end(), [](const Finding& one) { return one.subject == "s"; });
  ASSERT_NE(finding, set.findings.end());
  EXPECT_NE(finding->text.find("nu 8 as given"), std::string::npos) << finding->text;
  EXPECT_NE(finding->text.find("common jumps on 1.6"), std::string::npos) << finding->text;
}

TEST(MonteCarlo, AScenarioIsAFunctionOfTheSeedAndItsNumber) {
  const std::vector<Bars> bars = with_jumps();
  const ScenarioSet few = set_of({"AAA", "BBB"}, bars, ", nu: 5, count: 100");
  const ScenarioSet many = set_of({"AAA", "BBB"}, bars, ", nu: 5, count: 2000");
  const ScenarioSet other = set_of({"AAA", "BBB"}, bars, ", nu: 5, count: 100, seed: 2");
  EXPECT_EQ(few.names, std::vector<std::string>(many.names.begin(), many.names.begin() + 100));
  for (const std::size_t coin : {0u, 1u}) {
    EXPECT_EQ(few.price[coin], std::vector<double>(many.price[coin].begin(), many.price[coin].begin() + 100));
    EXPECT_NE(few.price[coin], other.price[coin]);
  }
}

// One coin of its own returns and no jumps: its shortfall is that of a fixed distribution, and two seeds of even points
// agree on it better than two of random draws.
TEST(MonteCarlo, SobolPointsOfTwoSeedsAgreeBetterThanRandomDraws) {
  const std::vector<Bars> bars = pair(std::vector<double>(hours, 0.5), 45);
  const auto spread_of = [&](const std::string& points) {
    std::vector<double> found;
    for (const std::string seed : {"1", "2", "3", "4"}) {
      const ScenarioSet set =
          set_of({"AAA", "BBB"}, bars, ", jumps: false, nu: 6, count: 4096, points: " + points + ", seed: " + seed);
      found.push_back(shortfall(log_losses(set, 0)));
    }
    const auto [least, most] = std::minmax_element(found.begin(), found.end());
    return *most / *least - 1;
  };
  EXPECT_LT(spread_of("sobol"), 0.5 * spread_of("philox"));
}

TEST(MonteCarlo, WhatComesAfterAsOfIsNotSeen) {
  std::vector<Bars> bars = pair(std::vector<double>(hours + 300, 0.6), 44);
  const ScenarioSet all = set_of({"AAA", "BBB"}, bars, ", count: 50, tails: pareto");
  for (Bars& file : bars) {
    for (auto* column : {&file.open, &file.high, &file.low, &file.close}) column->resize(hours);
    file.t_ms.resize(hours);
  }
  EXPECT_EQ(set_of({"AAA", "BBB"}, bars, ", count: 50, tails: pareto").price, all.price);
}

TEST(MonteCarloSpec, RefusesWhatIsWrongAndSaysWhatIsRight) {
  EXPECT_NE(spec_error(", count: 3").find("count is odd"), std::string::npos);
  EXPECT_NE(spec_error(", tails: thin").find("use recorded or pareto"), std::string::npos);
  EXPECT_NE(spec_error(", nu: 1").find("s.nu: 1 is outside 2.05"), std::string::npos);
  EXPECT_NE(spec_error(", correlation: {decay: 2}").find("s.correlation.decay"), std::string::npos);
  EXPECT_NE(spec_error(", points: halton").find("use philox or sobol"), std::string::npos);
  EXPECT_NE(spec_error(", jumps: perhaps").find("s.jumps"), std::string::npos);
  EXPECT_EQ(scenario_count(*spec_of(", count: 600")), 600u);
  EXPECT_TRUE(reads_bars(*spec_of("")));
}

// On the record: the drawn shortfall of a coin and of two is near that of the recorded returns at the same volatility.
TEST(MonteCarlo, LiesNearFilteredHistoryOnTheRecord) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/spot_ohlcv/binance_spot_1h/";
  if (!std::filesystem::exists(folder)) {
    ASSERT_STRNE(std::getenv("CI"), "true") << folder << " is not there";
    GTEST_SKIP() << folder << " is not there";
  }
  const std::vector<std::string> names{"BTC", "ETH", "SOL"};
  std::vector<Bars> bars;
  for (const std::string& name : names) bars.push_back(*read_bars(folder + name + "USDT_1h.csv.gz"));
  Market market = market_of(names, 0);
  market.state.as_of = Timestamp::from_civil(2024, 12, 31, 16);
  const ScenarioSpec base{.name = "h", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = {}};
  const HistoricalSpec past{
      .window_days = 1000, .step_seconds = 8 * 3600, .least_share = Decimal{}, .filter = FilterSpec{}};
  const auto history = historical_scenarios(base, past, market, bars);
  ASSERT_TRUE(history);
  for (const char* tails : {"recorded", "pareto"}) {
    const auto spec = spec_of(std::string(", count: 20000, tails: ") + tails);
    const auto drawn = make_scenarios(*spec, market, bars);
    ASSERT_TRUE(drawn) << to_string(drawn.error());
    for (const Finding& finding : drawn->findings)
      std::printf("%s: %s\n", finding.subject.c_str(), finding.text.c_str());
    for (std::size_t coin = 0; coin < 3; ++coin) {
      for (const double sign : {1.0, -1.0}) {
        const double ratio = shortfall(log_losses(*drawn, coin, sign)) / shortfall(log_losses(*history, coin, sign));
        std::printf("%s %s %s: %.3f\n", tails, names[coin].c_str(), sign > 0 ? "long" : "short", ratio);
        EXPECT_GT(ratio, 0.8);
        EXPECT_LT(ratio, 1.3);
      }
    }
  }
}

}  // namespace
}  // namespace margrave
