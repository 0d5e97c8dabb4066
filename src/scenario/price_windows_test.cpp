#include "scenario/price_windows.h"

#include <gtest/gtest.h>

#include <cmath>

#include "market/state.h"

namespace margrave {
namespace {

constexpr std::int64_t hour = 3'600'000, length = 8 * hour;

/// Hourly bars that open at the given hours and close at 100 times 1.01 to the number of the hour.
Bars hourly(std::int64_t from, std::int64_t to, double factor = 1) {
  Bars bars;
  bars.step_ms = hour;
  for (std::int64_t i = from; i < to; ++i) {
    const double close = factor * 100 * std::pow(1.01, static_cast<double>(i)), open = close / 1.01;
    bars.t_ms.push_back(i * hour);
    bars.open.push_back(open);
    bars.low.push_back(open);
    bars.high.push_back(close);
    bars.close.push_back(close);
  }
  return bars;
}

TEST(PriceWindows, EndAtMultiplesOfTheirLengthAndRunFromCloseToClose) {
  const Bars bars = hourly(3, 30);
  const PriceWindows windows = price_windows({&bars}, length, 0, 100 * hour, 0.15);
  ASSERT_EQ(windows.end_ms, (std::vector<std::int64_t>{length, 2 * length, 3 * length}));
  EXPECT_TRUE(std::isnan(windows.log_return[0]));  // no close at hour 0
  EXPECT_NEAR(windows.log_return[1], 8 * std::log(1.01), 1e-14);
  // Eight bars of one range each, by Parkinson.
  EXPECT_NEAR(windows.variance[1], 8 * std::pow(std::log(1.01), 2) / (4 * std::log(2.0)), 1e-16);
}

// A ticker whose second file stands at another price makes no return of the difference.
TEST(PriceWindows, OneWindowComesFromOneFile) {
  const Bars first = hourly(0, 20), second = hourly(17, 50, 7.0);
  const PriceWindows windows = price_windows({&first, &second}, length, 0, 100 * hour, 0.15);
  ASSERT_EQ(windows.end_ms.size(), 6u);
  EXPECT_TRUE(std::isnan(windows.log_return[2]));  // 16 to 24: neither file has both ends
  for (const std::size_t w : {1u, 3u, 4u, 5u}) EXPECT_NEAR(windows.log_return[w], 8 * std::log(1.01), 1e-14) << w;
}

TEST(PriceWindows, AreThoseThatEndInTheSpan) {
  const Bars bars = hourly(0, 200);
  const PriceWindows windows = price_windows({&bars}, length, length, 3 * length, 0.15);
  EXPECT_EQ(windows.end_ms, (std::vector<std::int64_t>{2 * length, 3 * length}));
  EXPECT_TRUE(price_windows({&bars}, length, 1000 * hour, 2000 * hour, 0.15).end_ms.empty());
}

TEST(PriceWindows, AMissingBarTakesTheVarianceAndNotTheReturn) {
  Bars bars = hourly(0, 40);
  for (auto* column : {&bars.open, &bars.low, &bars.high, &bars.close}) column->erase(column->begin() + 20);
  bars.t_ms.erase(bars.t_ms.begin() + 20);
  const PriceWindows windows = price_windows({&bars}, length, 0, 100 * hour, 0.15);
  EXPECT_FALSE(std::isnan(windows.log_return[2]));
  EXPECT_TRUE(std::isnan(windows.variance[2]));
}

}  // namespace
}  // namespace margrave
