#include <fmt/core.h>

#include <algorithm>

#include "scenario/revalue.h"
#include "scenario/sample_market.h"
#include "walk/book_walk.h"
#include "walk/walk_fixture.h"
#include "yardstick.h"

namespace margrave::bench {
namespace {

constexpr std::size_t scenarios = 3750;

/// 2,000 options on five coins, and joint moves of all.
BenchRow revaluation_row() {
  const Market market = sample_market({.coins = 5, .expiries = 10, .strikes = 20, .first = 1, .forwards = false}, 1);
  const std::vector<ScenarioSet> sets{sample_scenarios(market, scenarios, 1, true)};
  RevalueOptions options{.isa = best_isa(), .threads = 1};
  const auto first = revalue(market, sets, options);
  CHECK(first.has_value());
  // The rows are listed: their exponents are fixed, as they are on a venue between two rescales.
  for (const RowListing& row : first->array.plan().rows) options.listed.emplace_back(row.name, row.exponent);
  const Digest expected = revalue(market, sets, options)->array.digest();
  bool right = first->unpriced.empty();
  std::vector<double> times;
  for (int i = 0; i < 9; ++i) {
    const double start = thread_time();
    const auto again = revalue(market, sets, options);
    times.push_back((thread_time() - start) * 1e-6);
    right = right && again->array.digest() == expected;
  }
  const double ours = median(times);
  fmt::print(stderr, "A4: {} instruments, {} rows, {} columns\n", market.registry.instruments().size(),
             first->array.rows(), first->array.columns());
  return row_against(
      {.id = "A4", .what = "2,000 instruments x 3,750 joint scenarios revalued", .unit = "ms", .limit = 100}, ours,
      right && market.registry.instruments().size() >= 2000);
}

/// Five years of hourly updates in a minute on two cores.
constexpr double walk_limit_ms = 2 * 60'000.0 / (5 * 365.25 * 24);

/// Eighty-one hourly updates of dynamic-es over 30 coins and both sides of each, behind 1,200 days of bars.
BenchRow walk_row() {
  std::vector<Bars> bars;
  for (std::uint64_t i = 0; i < 30; ++i) {
    bars.push_back(draw_bars(
        {.coin = fmt::format("C{:02}", i), .hours = 24 * 1200, .seed = 100 + i, .price = i % 3 == 0 ? 20000.0 : 0.4}));
  }
  const ReadRecipe read = read_preset_recipe("dynamic-es");
  const std::vector<Listing> contracts = bar_perpetuals(bars);
  const std::vector<WalkBook> books = single_books(coins_of(bars));
  BookWalkSpec spec;
  spec.every_ms = hour_ms;
  spec.to_ms = 24 * 1200 * hour_ms;
  spec.from_ms = spec.to_ms - 4 * 24 * hour_ms + spec.window_ms;
  const BookWalkInputs inputs{read.recipe, read.scenarios, bars, contracts, books};
  std::vector<double> times;
  bool right = true;
  for (int i = 0; i < 5; ++i) {
    const auto walk = walk_books(inputs, spec, {.threads = 1, .isa = best_isa()});
    CHECK(walk.has_value());
    times.push_back(1000 * walk->cpu_seconds / static_cast<double>(walk->computed_updates));
    right = right && walk->computed_updates >= 80 &&
            std::all_of(walk->updates.begin(), walk->updates.end(), [](const UpdateCell& cell) {
              return cell.state == CellState::good && cell.initial > cell.maintenance && cell.maintenance > 0;
            });
  }
  const double ours = median(times);
  return row_against({.id = "A5",
                      .what = "one hourly update of dynamic-es, 60 linear books on 30 coins",
                      .unit = "ms",
                      .limit = walk_limit_ms,
                      .floor = 0},
                     ours, right);
}

}  // namespace

std::vector<BenchRow> walk_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  if (selection.wants("A4")) rows.push_back(revaluation_row());
  if (selection.wants("A5")) rows.push_back(walk_row());
  return rows;
}

}  // namespace margrave::bench
