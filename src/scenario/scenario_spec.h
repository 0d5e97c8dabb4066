#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "document/cursor.h"
#include "scenario/correlation_break_spec.h"
#include "scenario/duration.h"
#include "scenario/episodes_spec.h"
#include "scenario/monte_carlo_spec.h"
#include "scenario/normal_returns_spec.h"
#include "scenario/scenario_set.h"
#include "scenario/vol_moves_spec.h"

namespace margrave {

/// One named scenario of a grid beside its matrix.
struct ExtraScenario {
  std::string name;
  Decimal spot, vol, basis, rate;
  double dampening{1};
  Ratio weight{power_of_ten(Ratio::decimals)};
  std::vector<std::pair<std::string, Decimal>> spot_of;  ///< by underlying, instead of spot
};

/// Every combination of spot, vol, basis and rate moves; moves are relative (spot, vol) or per year (basis, rate).
struct GridSpec {
  /// By underlying: what it moves by where others move by spot; each list has spot's length.
  std::vector<std::pair<std::string, std::vector<Decimal>>> spot_of;
  std::vector<Decimal> spot;  ///< empty: the set is its extra scenarios
  std::vector<Decimal> vol{Decimal{}}, basis{Decimal{}}, rate{Decimal{}};
  VolTerm vol_term;
  double vol_floor{0};  ///< holds in scenarios that raise vol
  double dampening{1};
  std::vector<ExtraScenario> extra;
};

/// Past returns given today's correlation in place of that of their day. volatility/recorrelation.h
struct CorrelationFilter {
  double decay{0.99};  ///< of products of returns, per step
  double shrink{0.1};  ///< weight of the mean correlation in each
  double floor{0.01};  ///< least eigenvalue
};

/// Returns brought to today's volatility: each coin's by the ratio of its volatility now to that of the day.
struct FilterSpec {
  double decay{0.99};                  ///< of the exponentially weighted variance, per step
  double least{1.0 / 3.0}, most{3.0};  ///< bounds of the ratio
  double wick_cap{0.15};               ///< of a bar beyond its body, in logarithm
  std::optional<CorrelationFilter> correlation{};
};

/// The dates of the worst times of a window alone: those with the largest mean absolute return of all coins over the
/// steps that end with them.
struct WorstSpec {
  std::size_t count{750};    ///< of dates; all where there are no more
  std::size_t trailing{90};  ///< steps
};

/// Joint returns of the same dates, from bar files.
struct HistoricalSpec {
  std::int64_t window_days{1250};
  std::int64_t step_seconds{8 * 3600};
  Decimal least_share{5, 1};  ///< a coin with returns on a smaller share of the dates counts as uncovered
  std::optional<FilterSpec> filter{};
  std::optional<WorstSpec> worst{};
};

/// One named move of vol by strike.
struct SkewScenario {
  std::string name;
  SkewMove move;
  Ratio weight{power_of_ten(Ratio::decimals)};
};

/// Scenarios that change vol by strike and leave everything else where it is.
struct SkewSpec {
  std::vector<SkewScenario> scenarios;
  SkewWidth width;
};

struct ScenarioSpec {
  std::string name;
  std::int64_t horizon_seconds{0};
  bool at_horizon{false};
  std::variant<GridSpec, HistoricalSpec, SkewSpec, CorrelationBreakSpec, EpisodesSpec, MonteCarloSpec, NormalSpec> kind;
  std::optional<VolMovesSpec> vol_moves{};  ///< beside the returns of a set that reads bars
};

/// True when its moves come from bars.
bool reads_bars(const ScenarioSpec& spec);

/// How many scenarios a set has; none where that depends on the bars and the market.
std::optional<std::size_t> scenario_count(const ScenarioSpec& spec);

/// The `scenarios:` section of a recipe. The cursor stands on its mapping; errors name file, line, field and remedy.
Result<std::vector<ScenarioSpec>> read_scenario_specs(const Cursor& section);

}  // namespace margrave
