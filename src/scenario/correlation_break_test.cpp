#include "scenario/correlation_break.h"

#include <gtest/gtest.h>

#include <cmath>

#include "document/read.h"
#include "scenario/made_bars_test.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

constexpr std::size_t hours = 24 * 400;

Result<ScenarioSpec> spec_of(const std::string& more) {
  const Document document =
      TRY(parse_document("s: {kind: correlation_break, horizon: 8h" + more + "}\n", "r.yaml", ErrorKind::config));
  const std::vector<ScenarioSpec> specs = TRY(read_scenario_specs(Cursor(document)));
  return specs[0];
}

std::string spec_error(const std::string& more) {
  const auto spec = spec_of(more);
  return spec ? "" : to_string(spec.error());
}

ScenarioSet set_of(const std::vector<std::string>& coins, const std::vector<Bars>& bars, const std::string& more = "") {
  const auto spec = spec_of(", window_days: 300" + more);
  EXPECT_TRUE(spec) << (spec ? "" : to_string(spec.error()));
  const auto set = make_scenarios(*spec, market_of(coins, hours), bars);
  EXPECT_TRUE(set) << (set ? "" : to_string(set.error()));
  return set ? *set : ScenarioSet{};
}

double move(const ScenarioSet& set, std::size_t coin, std::size_t scenario) {
  return std::log(set.price[coin][scenario]);
}

/// Deviation of a coin's log returns over eight hours.
double deviation(const Bars& bars) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 8; i < bars.close.size(); i += 8, ++count) {
    sum += std::log(bars.close[i] / bars.close[i - 8]) * std::log(bars.close[i] / bars.close[i - 8]);
  }
  return std::sqrt(sum / static_cast<double>(count));
}

// Two coins of one volatility whose correlation has been 0.9 all along. Returns of binomial sums of 128 steps are
// nearly normal: 99 % of one side is 2.33 deviations.
TEST(CorrelationBreak, SpreadsOfTwoCoinsMoveAsThoughTheyHadNoCorrelation) {
  const std::vector<Bars> bars = pair(std::vector<double>(hours, 0.9), 31);
  const ScenarioSet set = set_of({"AAA", "BBB"}, bars);
  EXPECT_EQ(set.names,
            (std::vector<std::string>{
                "all up, correlation 0", "all down, correlation 0", "AAA up against the rest, correlation 0",
                "AAA down against the rest, correlation 0", "all up, correlation 1", "all down, correlation 1"}));
  const double sigma = deviation(bars[0]);
  const double spread = 2.33 * sigma * std::sqrt(2.0);
  EXPECT_NEAR((move(set, 0, 2) - move(set, 1, 2)) / spread, 1, 0.15);
  EXPECT_NEAR((move(set, 1, 3) - move(set, 0, 3)) / spread, 1, 0.15);
  for (const std::size_t coin : {0u, 1u}) {
    EXPECT_NEAR(move(set, coin, 4) / (2.33 * sigma), 1, 0.15);
    EXPECT_NEAR(move(set, coin, 5) / (-2.33 * sigma), 1, 0.15);
    EXPECT_NEAR(move(set, coin, 0) / move(set, coin, 4), std::sqrt(0.5), 1e-12);
  }
  // As recorded the spread is narrower by the root of 1 - 0.9.
  const ScenarioSet recorded = set_of({"AAA", "BBB"}, bars, ", correlations: [0.9]");
  EXPECT_NEAR((move(set, 0, 2) - move(set, 1, 2)) / (move(recorded, 0, 2) - move(recorded, 1, 2)), std::sqrt(10), 1e-9);
}

// The numbers by a second way: sorted columns, definitions written out, three coins of different volatility.
TEST(CorrelationBreak, IsTheDefinitionWrittenOut) {
  std::vector<Bars> bars = pair(std::vector<double>(hours, 0.6), 32);
  bars.push_back(walk("CCC", std::vector<double>(hours, 0.006), 33));
  const ScenarioSet set =
      set_of({"AAA", "BBB", "CCC"}, bars, ", correlations: ['-0.5', 0.2], confidence: 0.95, decay: 0");
  ASSERT_EQ(set.size(), 16u);
  // With decay 0 sigma of a step is the range of the step before, so everything can be said in a few lines.
  const auto variance = [&](std::size_t coin, std::size_t step) {
    double sum = 0;
    for (std::size_t i = step * 8; i < step * 8 + 8; ++i) {
      const double range = std::log(bars[coin].high[i] / bars[coin].low[i]);
      sum += range * range / (4 * std::log(2.0));
    }
    return sum;
  };
  const std::size_t steps = hours / 8, first = steps - 900;
  std::vector<std::vector<double>> z(3);
  double sigma[3], rms[3];
  for (std::size_t coin = 0; coin < 3; ++coin) {
    double sum = 0;
    for (std::size_t step = first; step < steps; ++step) {
      const double r = std::log(bars[coin].close[step * 8 + 7] / bars[coin].close[step * 8 - 1]);
      z[coin].push_back(r / std::sqrt(variance(coin, step - 1)));
      sum += z[coin].back() * z[coin].back();
    }
    rms[coin] = std::sqrt(sum / 900);
    for (double& value : z[coin]) value /= rms[coin];
    sigma[coin] = std::sqrt(variance(coin, steps - 1)) * rms[coin];
  }
  const auto quantile = [](std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[854];  // the 855th of 900
  };
  EXPECT_EQ(set.names[0], "all up, correlation -0.5");
  for (std::size_t coin = 0; coin < 3; ++coin) {
    EXPECT_NEAR(move(set, coin, 0), std::sqrt(0.25) * quantile(z[coin]) * sigma[coin], 1e-12);
  }
  EXPECT_EQ(set.names[15], "CCC down against the rest, correlation 0.2");
  std::vector<double> m, x;
  double m_square = 0, x_square = 0;
  for (std::size_t t = 0; t < 900; ++t) {
    m.push_back((z[0][t] + z[1][t]) / 2);
    m_square += m[t] * m[t] / 900;
  }
  for (std::size_t t = 0; t < 900; ++t) {
    x.push_back(-(z[2][t] - m[t] / std::sqrt(m_square)));
    x_square += x[t] * x[t] / 900;
  }
  const double k = quantile(x) / std::sqrt(x_square);
  EXPECT_NEAR(move(set, 2, 15), -std::sqrt(0.4) * k * sigma[2], 1e-12);
  EXPECT_NEAR(move(set, 0, 15), std::sqrt(0.4) * k * sigma[0], 1e-12);
}

// Correlation was 0 for two months in the middle of the window: over 90 steps of 8 hours the least shows it.
TEST(CorrelationBreak, TheLeastTrailingCorrelationIsThatOfTheWorstMonth) {
  std::vector<double> correlation(hours, 0.95);
  for (std::size_t i = 24 * 200; i < 24 * 260; ++i) correlation[i] = 0;
  const std::vector<Bars> bars = pair(correlation, 34);
  const ScenarioSet set = set_of({"AAA", "BBB"}, bars, ", correlations: [], least_over: 90");
  ASSERT_EQ(set.size(), 2u);
  const double least = std::stod(set.names[0].substr(set.names[0].rfind(' ')));
  EXPECT_NEAR(least, 0, 0.25) << set.names[0];
  const ScenarioSet calm =
      set_of({"AAA", "BBB"}, pair(std::vector<double>(hours, 0.95), 34), ", correlations: [], least_over: 90");
  EXPECT_GT(std::stod(calm.names[0].substr(calm.names[0].rfind(' '))), 0.85);
}

TEST(CorrelationBreak, DependsOnNoOrderAndOnNothingAfterAsOf) {
  std::vector<Bars> bars = pair(std::vector<double>(hours + 400, 0.6), 35);
  bars.push_back(walk("CCC", std::vector<double>(hours + 400, 0.006), 36));
  const ScenarioSet all = set_of({"AAA", "BBB", "CCC"}, bars), turned = set_of({"CCC", "AAA", "BBB"}, bars);
  EXPECT_EQ(all.price[0][0], turned.price[1][0]);
  EXPECT_NEAR(all.price[2][6], turned.price[0][2], 1e-14);
  EXPECT_EQ(all.names[6], turned.names[2]);
  for (Bars& file : bars) {
    for (auto* column : {&file.open, &file.high, &file.low, &file.close}) column->resize(hours);
    file.t_ms.resize(hours);
  }
  EXPECT_EQ(set_of({"AAA", "BBB", "CCC"}, bars).price, all.price);
}

TEST(CorrelationBreak, CoinsWithoutHistoryAreUncoveredAndFollowersFollow) {
  const std::vector<Bars> bars = pair(std::vector<double>(hours, 0.5), 37);
  const ScenarioSet set = set_of({"AAA", "NEW", "BBB"}, bars);
  EXPECT_EQ(set.uncovered, (std::vector<bool>{false, true, false}));
  EXPECT_TRUE(set.price[1].empty());
  const auto spec = spec_of("");
  const auto none = make_scenarios(*spec, market_of({"NEW"}, hours), bars);
  ASSERT_FALSE(none);
  const ScenarioSet one = set_of({"AAA"}, bars);
  EXPECT_EQ(one.names.size(), 4u) << "one coin has nothing to come apart from";
}

TEST(CorrelationBreakSpec, RefusesWhatIsWrongAndSaysWhatIsRight) {
  EXPECT_NE(spec_error(", correlations: []").find("the set has no correlation"), std::string::npos);
  EXPECT_NE(spec_error(", correlations: [2]").find("s.correlations[0]: 2 is outside -1 to 1"), std::string::npos);
  EXPECT_NE(spec_error(", confidence: 1.5").find("s.confidence"), std::string::npos);
  EXPECT_NE(spec_error(", spot: [0]").find("spot"), std::string::npos);
  EXPECT_NE(spec_error(", least_share: 2").find("least_share lies in 0 to 1"), std::string::npos);
  EXPECT_FALSE(scenario_count(*spec_of("")));
  EXPECT_TRUE(reads_bars(*spec_of("")));
}

}  // namespace
}  // namespace margrave
