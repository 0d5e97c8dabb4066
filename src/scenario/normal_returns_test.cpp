#include "scenario/normal_returns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "document/read.h"
#include "math/elementary.h"
#include "scenario/joint_returns.h"
#include "scenario/made_bars_test.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

constexpr std::size_t hours = 24 * 500;

Result<ScenarioSpec> spec_of(const std::string& more) {
  const Document document =
      TRY(parse_document("s: {kind: normal, horizon: 8h" + more + "}\n", "r.yaml", ErrorKind::config));
  const std::vector<ScenarioSpec> specs = TRY(read_scenario_specs(Cursor(document)));
  return specs[0];
}

std::string spec_error(const std::string& more) {
  const auto spec = spec_of(more);
  return spec ? "" : to_string(spec.error());
}

ScenarioSet set_of(const Market& market, const std::vector<Bars>& bars, const std::string& more) {
  const auto spec = spec_of(more);
  EXPECT_TRUE(spec) << (spec ? "" : to_string(spec.error()));
  const auto set = make_scenarios(*spec, market, bars);
  EXPECT_TRUE(set) << (set ? "" : to_string(set.error()));
  return set ? *set : ScenarioSet{};
}

/// The k-th worst loss of a book in dollars by coin, k = ceil(count / 100).
double var_of(const ScenarioSet& set, const std::vector<double>& book) {
  std::vector<double> losses(set.size(), 0.0);
  for (std::size_t i = 0; i < book.size(); ++i) {
    for (std::size_t s = 0; s < losses.size(); ++s) losses[s] -= book[i] * (set.price[i][s] - 1);
  }
  const auto at = static_cast<std::ptrdiff_t>((losses.size() + 99) / 100) - 1;
  std::nth_element(losses.begin(), losses.begin() + at, losses.end(), std::greater<>());
  return losses[static_cast<std::size_t>(at)];
}

/// sqrt(d' S d), each product of returns weighed by decay^age over the sum of the weights.
double deviation_of(const std::vector<std::vector<double>>& returns, const std::vector<double>& book, double decay) {
  const std::size_t dates = returns[0].size();
  double sum = 0, weights = 0;
  for (std::size_t t = 0; t < dates; ++t) {
    double profit = 0;
    for (std::size_t i = 0; i < book.size(); ++i) profit += book[i] * returns[i][t];
    const double weight = std::pow(decay, static_cast<double>(dates - 1 - t));
    sum += weight * profit * profit;
    weights += weight;
  }
  return std::sqrt(sum / weights);
}

/// Closes over closes eight hours before, of the last `dates` steps that end at or before `end_ms`.
std::vector<double> returns_of(const Bars& bars, std::int64_t end_ms, std::size_t dates) {
  const auto close_at = [&](std::int64_t t) {
    const auto at = std::lower_bound(bars.t_ms.begin(), bars.t_ms.end(), t - bars.step_ms);
    return bars.close[static_cast<std::size_t>(at - bars.t_ms.begin())];
  };
  std::vector<double> returns;
  for (std::size_t back = dates; back-- > 0;) {
    const std::int64_t end = end_ms - static_cast<std::int64_t>(back) * step_ms;
    returns.push_back(close_at(end) / close_at(end - step_ms) - 1);
  }
  return returns;
}

TEST(NormalReturns, ValueAtRiskOfALinearBookIsItsClosedForm) {
  const std::vector<Bars> bars = pair(std::vector<double>(hours, 0.6), 51);
  const Market market = market_of({"AAA", "BBB"}, hours);
  const std::int64_t end = static_cast<std::int64_t>(hours) * hour_ms;
  const std::vector<std::vector<double>> returns{returns_of(bars[0], end, 1200), returns_of(bars[1], end, 1200)};
  for (const double decay : {1.0, 0.94}) {
    const ScenarioSet set = set_of(market, bars, ", window_days: 400" + std::string(decay < 1 ? ", decay: 0.94" : ""));
    for (const auto& book : {std::vector<double>{1, 1}, {1, -1}, {-3, 1}, {0, -1}}) {
      const double exact = normal_quantile(0.99) * deviation_of(returns, book, decay);
      EXPECT_NEAR(var_of(set, book) / exact, 1, 0.01) << book[0] << " " << book[1] << " decay " << decay;
    }
  }
}

TEST(NormalReturns, AScenarioIsAFunctionOfTheSeedAndItsNumber) {
  const std::vector<Bars> bars = pair(std::vector<double>(hours, 0.6), 52);
  const Market market = market_of({"AAA", "BBB"}, hours);
  const ScenarioSet few = set_of(market, bars, ", count: 64"), many = set_of(market, bars, ", count: 512");
  for (const std::size_t coin : {0u, 1u}) {
    EXPECT_EQ(few.price[coin], std::vector<double>(many.price[coin].begin(), many.price[coin].begin() + 64));
    EXPECT_NE(few.price[coin], set_of(market, bars, ", count: 64, seed: 2").price[coin]);
    EXPECT_NE(few.price[coin], set_of(market, bars, ", count: 64, points: philox").price[coin]);
  }
}

TEST(NormalReturns, WhatComesAfterAsOfIsNotSeen) {
  std::vector<Bars> bars = pair(std::vector<double>(hours + 300, 0.6), 53);
  const Market market = market_of({"AAA", "BBB"}, hours);
  const ScenarioSet all = set_of(market, bars, ", count: 64, decay: 0.94");
  for (Bars& file : bars) {
    for (auto* column : {&file.open, &file.high, &file.low, &file.close}) column->resize(hours);
    file.t_ms.resize(hours);
  }
  EXPECT_EQ(set_of(market, bars, ", count: 64, decay: 0.94").price, all.price);
}

TEST(NormalReturns, ACoinWithoutReturnsIsUncoveredAndOneAloneHasItsOwn) {
  const std::vector<Bars> bars{walk("AAA", std::vector<double>(hours, 0.004), 54)};
  const ScenarioSet set = set_of(market_of({"AAA", "BBB"}, hours), bars, "");
  EXPECT_FALSE(set.uncovered[0]);
  EXPECT_TRUE(set.uncovered[1]);
  EXPECT_EQ(set.size(), 8192u);
  const auto spec = spec_of("");
  const auto none = make_scenarios(*spec, market_of({"CCC"}, hours), bars);
  ASSERT_FALSE(none);
}

TEST(NormalReturns, RefuseWhatIsWrongAndSayWhatIsRight) {
  EXPECT_NE(spec_error(", count: 3").find("count is odd"), std::string::npos);
  EXPECT_NE(spec_error(", points: halton").find("use philox or sobol"), std::string::npos);
  EXPECT_NE(spec_error(", decay: 0.1").find("s.decay: 0.1 is outside 0.5"), std::string::npos);
  EXPECT_NE(spec_error(", tails: pareto").find("tails"), std::string::npos);
  EXPECT_EQ(scenario_count(*spec_of(", count: 600")), 600u);
  EXPECT_TRUE(reads_bars(*spec_of("")));
}

// On the record: five coins, books of all kinds, both covariances against z sqrt(d' S d) from the closes.
TEST(NormalReturns, ValueAtRiskOnTheRecordIsItsClosedForm) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/spot_ohlcv/binance_spot_1h/";
  if (!std::filesystem::exists(folder)) {
    ASSERT_STRNE(std::getenv("CI"), "true") << folder << " is not there";
    GTEST_SKIP() << folder << " is not there";
  }
  const std::vector<std::string> names{"BTC", "ETH", "SOL", "XRP", "DOGE"};
  std::vector<Bars> bars;
  for (const std::string& name : names) bars.push_back(*read_bars(folder + name + "USDT_1h.csv.gz"));
  Market market = market_of(names, 0);
  market.state.as_of = Timestamp::from_civil(2024, 12, 31, 16);
  std::vector<std::vector<double>> returns;
  for (const Bars& file : bars) returns.push_back(returns_of(file, market.state.as_of.ns / 1'000'000, 1200));
  for (const double decay : {1.0, 0.94}) {
    const ScenarioSet set = set_of(market, bars, ", window_days: 400" + std::string(decay < 1 ? ", decay: 0.94" : ""));
    Random random{.seed = 3};
    double largest = 0;
    for (int trial = 0; trial < 50; ++trial) {
      std::vector<double> book;
      for (std::size_t i = 0; i < names.size(); ++i) book.push_back(normal_quantile(random.uniform()));
      const double exact = normal_quantile(0.99) * deviation_of(returns, book, decay);
      largest = std::max(largest, std::fabs(var_of(set, book) / exact - 1));
    }
    std::printf("decay %g: largest difference from the closed form %.4f\n", decay, largest);
    EXPECT_LT(largest, 0.03);
  }
}

}  // namespace
}  // namespace margrave
