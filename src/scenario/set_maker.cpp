#include "scenario/set_maker.h"

#include "scenario/correlation_break.h"
#include "scenario/episodes.h"
#include "scenario/grid.h"
#include "scenario/historical.h"
#include "scenario/monte_carlo.h"
#include "scenario/normal_returns.h"
#include "scenario/skew.h"

namespace margrave {

Result<ScenarioSet> make_scenarios(const ScenarioSpec& spec, const Market& market, const std::vector<Bars>& bars) {
  if (const auto* grid = std::get_if<GridSpec>(&spec.kind)) return grid_scenarios(spec, *grid, market);
  if (const auto* skew = std::get_if<SkewSpec>(&spec.kind)) return skew_scenarios(spec, *skew, market);
  if (const auto* parting = std::get_if<CorrelationBreakSpec>(&spec.kind))
    return correlation_break_scenarios(spec, *parting, market, bars);
  if (const auto* told = std::get_if<EpisodesSpec>(&spec.kind)) return episode_scenarios(spec, *told, market);
  if (const auto* drawn = std::get_if<MonteCarloSpec>(&spec.kind))
    return monte_carlo_scenarios(spec, *drawn, market, bars);
  if (const auto* normal = std::get_if<NormalSpec>(&spec.kind)) return normal_scenarios(spec, *normal, market, bars);
  return historical_scenarios(spec, std::get<HistoricalSpec>(spec.kind), market, bars);
}

}  // namespace margrave
