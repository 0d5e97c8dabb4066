#include <fmt/core.h>

#include "margin/assess.h"
#include "margin/portfolio.h"
#include "row.h"
#include "scenario/revalue.h"
#include "scenario/sample_market.h"

namespace margrave::bench {
namespace {

constexpr double limit_ms = 1.0;
constexpr std::size_t scenarios = 3750;  ///< 1,250 days of steps of eight hours
constexpr int repetitions = 201;

/// One account of 50 options on one coin over five expiries from one day to three months, and the history-like moves of
/// hs-es: joint price moves, valued at the horizon, no move of vol.
struct OneAccount {
  Market market = sample_market({.coins = 1, .expiries = 5, .strikes = 5, .first = 1, .forwards = false}, 1);
  std::vector<ScenarioSet> sets{sample_scenarios(market, scenarios, 1, true)};
  Recipe recipe;
  Book book{"a", {}, {}};
  RevalueOptions options{.isa = best_isa(), .threads = 1};

  OneAccount() {
    ScenarioSet& set = sets.front();
    for (auto* moves : {&set.vol_shock, &set.vol_floor, &set.basis_shift, &set.rate_shift})
      moves->assign(scenarios, 0.0);
    set.dampening.assign(scenarios, 1.0);
    constexpr Ratio confidence{975 * power_of_ten(Ratio::decimals - 3)};
    recipe.components.push_back({"es", Source::assumed,
                                 ScenarioMeasure{.kind = ScenarioMeasure::Kind::es,
                                                 .set = set.name,
                                                 .confidence = confidence,
                                                 .group = Grouping::all,
                                                 .with_balances = true}});
    for (std::uint32_t i = 0; i < market.registry.instruments().size(); ++i) {
      if (market.registry.instruments()[i].kind != Kind::option) continue;
      book.positions.push_back({InstrumentId{i}, Lots{i % 2 == 0 ? 7 : -5}, std::nullopt});
    }
  }

  /// What is timed: market and moves to array, book to requirement.
  Usd margin() const {
    const auto revaluation = revalue(market, sets, options);
    const RowIndex index = index_rows(market.registry, revaluation->array);
    return assess_brief({market.registry, revaluation->array, index, recipe, options.isa}, book)->components[0].amount;
  }
};

}  // namespace

std::vector<BenchRow> margin_rows(const Selection& selection) {
  if (!selection.wants("A1")) return {};
  OneAccount account;
  const auto first = revalue(account.market, account.sets, account.options);
  const Usd expected = account.margin();
  // From here on the rows are listed: their exponents are fixed, as they are on a venue between two rescales.
  for (const RowListing& row : first->array.plan().rows) account.options.listed.emplace_back(row.name, row.exponent);
  std::vector<double> times;
  bool right = account.book.positions.size() == 50;
  for (int i = 0; i < repetitions; ++i) {
    const double start = thread_time();
    right = account.margin() == expected && right;
    times.push_back((thread_time() - start) * 1e-6);
  }
  const double ours = median(times);
  fmt::print(stderr, "A1: {} options, {} scenarios, {} rows, expected shortfall {} USD\n",
             account.book.positions.size(), scenarios, first->array.rows(), to_string(expected));
  return {{.id = "A1",
           .what = "one account of 50 options x 3,750 scenarios revalued and measured, one core, against 1 ms",
           .isa = std::string(to_string(best_isa())),
           .ours = ours,
           .peer = limit_ms,
           .unit = "ms",
           .ratio = right ? limit_ms / ours : 0.0,
           .floor = 1.0,
           .goal = 1.0}};
}

}  // namespace margrave::bench
