#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "document/read.h"
#include "margin/extends.h"
#include "margin/recipe_reader.h"
#include "market/bars.h"
#include "scenario/scenario_spec.h"
#include "walk/book_walk.h"
#include "walk/walk_market.h"

namespace margrave {

inline constexpr std::int64_t hour_ms = 3'600'000;

/// What hourly bars of a random walk look like.
struct DrawnBars {
  std::string coin;
  std::size_t hours{0};
  std::uint64_t seed{1};
  std::int64_t from_hour{0};
  double price{100}, vol{0.01};  ///< vol per hour, doubled in every fourth month
};

inline Bars draw_bars(const DrawnBars& of) {
  Bars bars;
  bars.symbol = of.coin + "USDT";
  bars.coin = of.coin;
  bars.file = of.coin + "USDT_1h.csv";
  bars.step_ms = hour_ms;
  Random random{.seed = of.seed};
  double price = of.price;
  for (std::size_t i = 0; i < of.hours; ++i) {
    const double open = price, vol = (i / 720) % 4 == 3 ? 2 * of.vol : of.vol;
    double high = price, low = price;
    for (int tick = 0; tick < 4; ++tick) {
      price *= std::exp(vol * (random.uniform() - 0.5) * 1.7);
      high = std::max(high, price);
      low = std::min(low, price);
    }
    bars.t_ms.push_back((of.from_hour + static_cast<std::int64_t>(i)) * hour_ms);
    bars.open.push_back(open);
    bars.high.push_back(high);
    bars.low.push_back(low);
    bars.close.push_back(price);
  }
  return bars;
}

/// The bars [begin, end) taken out.
inline void erase_bars(Bars& bars, std::size_t begin, std::size_t end) {
  const auto cut = [&](auto& column) {
    column.erase(column.begin() + static_cast<std::ptrdiff_t>(begin),
                 column.begin() + static_cast<std::ptrdiff_t>(end));
  };
  cut(bars.t_ms);
  for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) cut(*column);
}

/// The bars that ended at or before an instant.
inline std::vector<Bars> bars_until(std::vector<Bars> bars, std::int64_t at_ms) {
  std::vector<Bars> known;
  for (Bars& file : bars) {
    const auto end = std::upper_bound(file.t_ms.begin(), file.t_ms.end(), at_ms - file.step_ms);
    erase_bars(file, static_cast<std::size_t>(end - file.t_ms.begin()), file.t_ms.size());
    if (!file.t_ms.empty()) known.push_back(std::move(file));
  }
  return known;
}

struct ReadRecipe {
  Recipe recipe;
  std::vector<ScenarioSpec> scenarios;
};
inline ReadRecipe read_preset_recipe(const std::string& name) {
  const Document merged = extend_recipe(read_preset(name).value(), Parents::presets).value();
  ReadRecipe read;
  read.recipe = read_recipe(merged).value();
  if (const auto scenarios = Cursor(merged).find("scenarios")) read.scenarios = read_scenario_specs(*scenarios).value();
  return read;
}

inline std::vector<std::string> coins_of(const std::vector<Bars>& bars) {
  std::vector<std::string> coins;
  for (const Listing& contract : bar_perpetuals(bars)) coins.push_back(contract.coin);
  return coins;
}

}  // namespace margrave
