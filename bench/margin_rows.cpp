#include <fmt/core.h>

#include "base/embedded.h"
#include "document/read.h"
#include "margin/assess.h"
#include "margin/portfolio.h"
#include "margin/prepared_recipe.h"
#include "report/revalued.h"
#include "scenario/revalue.h"
#include "scenario/sample_market.h"
#include "yardstick.h"

namespace margrave::bench {
namespace {

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

/// One account of 64 options over eight expiries under derive-pm2: the array exists and the recipe is prepared for it,
/// the requirement is timed.
struct LanguageAccount {
  Market market = sample_market({.coins = 1, .expiries = 8, .strikes = 4, .first = 1, .forwards = true}, 1);
  std::optional<Revalued> revalued;
  std::optional<PreparedRecipe> prepared;
  Book book{"a", {}, {}};

  LanguageAccount() {
    for (std::uint32_t i = 0; i < market.registry.instruments().size() && book.positions.size() < options; ++i) {
      if (market.registry.instruments()[i].kind != Kind::option) continue;
      book.positions.push_back({InstrumentId{i}, Lots{i % 2 == 0 ? 7 : -5}, std::nullopt});
    }
    const auto document = parse_document(*embedded_file("recipes/derive-pm2.yaml"), "derive-pm2.yaml");
    auto loaded = load_recipe(*document);
    auto made = revalue_recipe(*std::move(loaded), market, {}, {.isa = best_isa(), .threads = 1});
    revalued = *std::move(made);
    prepared.emplace(inputs());
  }

  MarginInputs inputs() const {
    return {market.registry, revalued->revaluation.array,    revalued->index, revalued->loaded.recipe,
            best_isa(),      prepared ? &*prepared : nullptr};
  }

  Usd margin() const { return assess_brief(inputs(), book)->initial(revalued->loaded.recipe); }

  static constexpr std::size_t options = 64;
};

/// The median of the time of a call, in microseconds, and whether it always gave the same.
template <class Call>
std::pair<double, bool> timed(const Call& call) {
  const Usd expected = call();
  std::vector<double> times;
  bool right = true;
  for (int i = 0; i < repetitions; ++i) {
    const double start = thread_time();
    right = call() == expected && right;
    times.push_back((thread_time() - start) * 1e-3);
  }
  return {median(times), right};
}

BenchRow language_row() {
  const LanguageAccount account;
  const auto [ours, right] = timed([&] { return account.margin(); });
  fmt::print(stderr, "A3: {} options, initial margin {} USD\n", account.book.positions.size(),
             to_string(account.margin()));
  return row_against(
      {.id = "A3", .what = "derive-pm2 on one account of 64 options once the array exists", .unit = "us", .limit = 20},
      ours, right && account.book.positions.size() == LanguageAccount::options);
}

}  // namespace

std::vector<BenchRow> margin_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  if (selection.wants("A3")) rows.push_back(language_row());
  if (!selection.wants("A1")) return rows;
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
  rows.push_back(row_against({.id = "A1",
                              .what = "one account of 50 options x 3,750 scenarios revalued and measured",
                              .unit = "ms",
                              .limit = 1},
                             ours, right));
  return rows;
}

}  // namespace margrave::bench
