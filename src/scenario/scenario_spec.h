#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "document/cursor.h"
#include "scenario/scenario_set.h"

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

/// Returns brought to today's volatility: each coin's by the ratio of its volatility now to that of the day.
struct FilterSpec {
  double decay{0.99};                  ///< of the exponentially weighted variance, per step
  double least{1.0 / 3.0}, most{3.0};  ///< bounds of the ratio
  double wick_cap{0.15};               ///< of a bar beyond its body, in logarithm
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
  std::variant<GridSpec, HistoricalSpec, SkewSpec> kind;
};

/// How many scenarios a set has; none for a historical one, which has as many as the bars give.
std::optional<std::size_t> scenario_count(const ScenarioSpec& spec);

/// The `scenarios:` section of a recipe. The cursor stands on its mapping; errors name file, line, field and remedy.
Result<std::vector<ScenarioSpec>> read_scenario_specs(const Cursor& section);

/// "8h", "1d", "30m", "90s", "0s" in seconds; nothing for what is no duration, or longer than 400 days.
std::optional<std::int64_t> parse_duration(std::string_view text);
Result<std::int64_t> read_duration(const Cursor& at);

}  // namespace margrave
