#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "market/bars.h"

/// Made-up bars for tests; test code only.
namespace margrave {

inline constexpr std::int64_t hour_ms = 3'600'000, step_ms = 8 * hour_ms;

/// Hourly bars of a random walk whose hourly volatility is given for each hour.
inline Bars walk(const char* coin, const std::vector<double>& vol, std::uint64_t seed) {
  Bars bars;
  bars.symbol = std::string(coin) + "USDT";
  bars.coin = bars.file = coin;
  bars.step_ms = hour_ms;
  Random random{.seed = seed};
  double price = 100;
  for (std::size_t i = 0; i < vol.size(); ++i) {
    const double open = price;
    double high = price, low = price;
    for (int tick = 0; tick < 16; ++tick) {
      price *= std::exp(vol[i] / 4 * (random.uniform() < 0.5 ? -1 : 1));
      high = std::max(high, price);
      low = std::min(low, price);
    }
    bars.t_ms.push_back(static_cast<std::int64_t>(i) * hour_ms);
    bars.open.push_back(open);
    bars.high.push_back(high);
    bars.low.push_back(low);
    bars.close.push_back(price);
  }
  return bars;
}

/// Two coins of one hourly volatility whose correlation is given for each hour.
inline std::vector<Bars> pair(const std::vector<double>& correlation, std::uint64_t seed) {
  std::vector<Bars> bars{walk("AAA", {}, seed), walk("BBB", {}, seed)};
  Random random{.seed = seed};
  double price[2] = {100, 100};
  for (std::size_t i = 0; i < correlation.size(); ++i) {
    const double open[2] = {price[0], price[1]};
    double high[2] = {price[0], price[1]}, low[2] = {price[0], price[1]};
    for (int tick = 0; tick < 16; ++tick) {
      const double first = random.uniform() < 0.5 ? -1 : 1;
      const double second = random.uniform() < 0.5 + 0.5 * correlation[i] ? first : -first;
      const double moves[2] = {0.001 * first, 0.001 * second};
      for (std::size_t c = 0; c < 2; ++c) {
        price[c] *= std::exp(moves[c]);
        high[c] = std::max(high[c], price[c]);
        low[c] = std::min(low[c], price[c]);
      }
    }
    for (std::size_t c = 0; c < 2; ++c) {
      bars[c].t_ms.push_back(static_cast<std::int64_t>(i) * hour_ms);
      bars[c].open.push_back(open[c]);
      bars[c].high.push_back(high[c]);
      bars[c].low.push_back(low[c]);
      bars[c].close.push_back(price[c]);
    }
  }
  return bars;
}

/// A market of coins at a price of 1 each, hours after 1970.
inline Market market_of(const std::vector<std::string>& coins, std::int64_t hours) {
  Market market;
  for (const std::string& name : coins) {
    const auto asset = market.registry.list(Asset{name, 8});
    CHECK(asset && market.registry.list(Underlying{name, *asset}));
    market.state.asset_usd.push_back(1);
    market.state.underlyings.push_back({.index = 1, .expiries = {}});
  }
  market.state.as_of = Timestamp::from_ms(hours * hour_ms);
  return market;
}

}  // namespace margrave
