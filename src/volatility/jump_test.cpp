#include "volatility/jump.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/price_velocity.h"
#include "volatility/range_variance.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

std::vector<double> normal_returns(std::size_t n, double vol) {
  std::vector<double> returns = some_normals(n, 99);
  for (double& value : returns) value *= vol;
  return returns;
}

// n = 1000, 1 %: (sqrt(2 ln n) - (ln pi + ln ln n)/(2 sqrt(2 ln n)))/c - ln(-ln .99)/(c sqrt(2 ln n)), c = sqrt(2/pi).
TEST(Jump, ThresholdByHand) {
  const double root = std::sqrt(2 * std::log(1000.0)), c = std::sqrt(2 / M_PI);
  const double center = root / c - (std::log(M_PI) + std::log(std::log(1000.0))) / (2 * c * root);
  EXPECT_NEAR(jump_threshold({.sample = 1000, .false_alarm = 0.01}), center + 4.600149226776579 / (c * root), 1e-12);
}

TEST(Jump, FindsPlantedJumpsAndFewOthers) {
  auto returns = normal_returns(20'000, 0.001);
  for (const std::size_t at : {1000u, 5000u, 15'000u}) returns[at] = at == 5000 ? -0.01 : 0.01;
  const auto verdicts = detect_jumps({.window = 240, .sample = 20'000, .false_alarm = 0.01}, returns);
  ASSERT_TRUE(verdicts);
  std::size_t found = 0;
  for (std::size_t i = 0; i < returns.size(); ++i) found += (*verdicts)[i].jump;
  EXPECT_TRUE((*verdicts)[1000].jump && (*verdicts)[5000].jump && (*verdicts)[15'000].jump);
  EXPECT_LE(found, 4u);
  EXPECT_TRUE(std::isnan((*verdicts)[238].statistic));
  EXPECT_FALSE(std::isnan((*verdicts)[239].statistic));
}

TEST(Jump, SlidingSumIsThatOfTheWindowAndScales) {
  auto returns = normal_returns(3000, 0.001);
  const JumpRule rule{.window = 50};
  const auto verdicts = detect_jumps(rule, returns);
  auto stream = JumpDetector::start(rule);
  for (std::size_t i = 0; i < returns.size(); ++i) {
    const auto verdict = stream->update(returns[i]);
    if (i < 49) continue;
    ASSERT_EQ(verdict->statistic, (*verdicts)[i].statistic);
    double sum = 0;
    for (std::size_t j = i - 48; j < i; ++j) sum += std::abs(returns[j]) * std::abs(returns[j - 1]);
    ASSERT_NEAR(verdict->statistic / (returns[i] / std::sqrt(sum / 48)), 1, 1e-13) << i;
  }
  for (double& value : returns) value *= 1024;
  const auto scaled = detect_jumps(rule, returns);
  for (std::size_t i = 49; i < returns.size(); ++i) ASSERT_EQ((*scaled)[i].statistic, (*verdicts)[i].statistic);
}

TEST(Jump, BipowerLeavesTheJumpOut) {
  auto returns = normal_returns(20'000, 0.001);
  const auto quiet = bipower_variation(returns);
  EXPECT_NEAR(quiet->variance, 0.02, 0.001);
  EXPECT_NEAR(quiet->bipower, 0.02, 0.001);
  returns[500] += 0.1;
  const auto jumpy = bipower_variation(returns);
  EXPECT_NEAR(jumpy->jump_share, 0.01 / 0.03, 0.02);
}

TEST(Jump, RefusesGapsAndShortSeries) {
  EXPECT_FALSE(JumpDetector::start({.window = 3}));
  EXPECT_EQ(detect_jumps({}, std::vector<double>(100, 0.1)).error().message,
            "returns has 100 values and needs at least 241");
  auto stream = JumpDetector::start({});
  EXPECT_FALSE(stream->update(std::nan("")));
  EXPECT_FALSE(bipower_variation(std::vector<double>(1, 0.1)));
  const auto constant = detect_jumps({.window = 10}, std::vector<double>(50, 0.0));
  EXPECT_TRUE(std::isnan(constant->back().statistic)) << "no variation, no verdict";
}

TEST(RangeVariance, FormulasByHand) {
  const PriceRange range{.open = 100, .high = 110, .low = 95, .close = 105};
  const double hl = std::log(110.0 / 95), co = std::log(1.05);
  EXPECT_NEAR(*parkinson_variance(range), hl * hl / (4 * std::log(2.0)), 1e-16);
  EXPECT_NEAR(*garman_klass_variance(range), 0.5 * hl * hl - (2 * std::log(2.0) - 1) * co * co, 1e-16);
}

// A random walk in 400 small steps: both estimate its variance, a little below it as the true extremes fall between.
TEST(RangeVariance, EstimatesTheVarianceOfAWalk) {
  const auto steps = normal_returns(400 * 3000, 0.001);
  double parkinson = 0, garman_klass = 0;
  for (std::size_t bar = 0; bar < 3000; ++bar) {
    double at = 0, high = 0, low = 0;
    for (std::size_t i = 0; i < 400; ++i) {
      at += steps[bar * 400 + i];
      high = std::max(high, at);
      low = std::min(low, at);
    }
    const PriceRange range{.open = 1, .high = std::exp(high), .low = std::exp(low), .close = std::exp(at)};
    parkinson += *parkinson_variance(range) / 3000;
    garman_klass += *garman_klass_variance(range) / 3000;
  }
  EXPECT_NEAR(parkinson / 4e-4, 0.94, 0.04);
  EXPECT_NEAR(garman_klass / 4e-4, 0.91, 0.04);
}

TEST(RangeVariance, BatchHasTheBitsOfTheScalarForm) {
  std::vector<PriceRange> ranges;
  for (int i = 0; i < 150; ++i) {
    const double x = 100 + std::sin(i);
    ranges.push_back({.open = x, .high = x + 1.5 + std::cos(i), .low = x - 2 - std::sin(3 * i), .close = x + 0.3});
  }
  std::vector<double> parkinson(150), garman_klass(150);
  ASSERT_TRUE(parkinson_variances(ranges, parkinson));
  ASSERT_TRUE(garman_klass_variances(ranges, garman_klass));
  for (std::size_t i = 0; i < 150; ++i) {
    EXPECT_EQ(parkinson[i], *parkinson_variance(ranges[i]));
    EXPECT_EQ(garman_klass[i], *garman_klass_variance(ranges[i]));
  }
  for (double PriceRange::*price : {&PriceRange::open, &PriceRange::high, &PriceRange::low, &PriceRange::close}) {
    for (const double bad : {0.0, -1.0, double{NAN}, double{INFINITY}}) {
      PriceRange broken = ranges[3];
      broken.*price = bad;
      EXPECT_FALSE(parkinson_variance(broken));
    }
  }
  ranges[7].low = 200;
  EXPECT_EQ(parkinson_variances(ranges, parkinson).error().field, "ranges[7]");
}

TEST(RangeVariance, WicksAreCapped) {
  const auto capped = cap_wicks({.open = 100, .high = 300, .low = 1, .close = 110}, 0.15);
  EXPECT_NEAR(capped->high, 110 * std::exp(0.15), 1e-12);
  EXPECT_NEAR(capped->low, 100 * std::exp(-0.15), 1e-12);
  EXPECT_FALSE(cap_wicks({.open = 100, .high = 99, .low = 90, .close = 95}, 0.15));
}

TEST(PriceVelocity, MovesInUnitsOfVolatility) {
  PriceVelocity stream;
  const double variance = 1e-6;
  Velocity last;
  for (std::int64_t minute = 1000; minute <= 1060; ++minute) {
    const double price = 100 * std::exp(minute == 1060 ? 0.01 : 0.0);
    last = *stream.update(minute, price, variance);
    if (minute == 1003) {
      EXPECT_EQ(last.one, 0);
      EXPECT_TRUE(std::isnan(last.five) && std::isnan(last.sixty));
    }
  }
  EXPECT_NEAR(last.one, 10, 1e-9);
  EXPECT_NEAR(last.five, 10 / std::sqrt(5.0), 1e-9);
  EXPECT_NEAR(last.sixty, 10 / std::sqrt(60.0), 1e-9);
}

TEST(PriceVelocity, BatchHasTheBitsOfTheStream) {
  std::vector<double> prices, variances;
  for (int i = 0; i < 200; ++i) {
    prices.push_back(100 + std::sin(i * i));
    variances.push_back(1e-6 * (1 + i % 7));
  }
  const auto batch = price_velocities(prices, variances);
  PriceVelocity stream;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto one = stream.update(static_cast<std::int64_t>(i) - 50, prices[i], variances[i]);
    if (i < 60) continue;
    EXPECT_EQ(one->one, (*batch)[i].one);
    EXPECT_EQ(one->five, (*batch)[i].five);
    EXPECT_EQ(one->sixty, (*batch)[i].sixty);
  }
}

TEST(PriceVelocity, RefusesAGap) {
  PriceVelocity stream;
  ASSERT_TRUE(stream.update(5, 100, 1e-6));
  EXPECT_EQ(stream.update(7, 100, 1e-6).error().message, "minute 7 follows minute 5");
  EXPECT_FALSE(stream.update(6, -1, 1e-6));
  EXPECT_FALSE(stream.update(6, 1, std::nan("")));
  EXPECT_TRUE(stream.update(6, 100, 0)) << "the refused ones left no trace";
}

}  // namespace
}  // namespace margrave
