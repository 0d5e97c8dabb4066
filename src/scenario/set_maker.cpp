#include "scenario/set_maker.h"

#include "scenario/correlation_break.h"
#include "scenario/episodes.h"
#include "scenario/grid.h"
#include "scenario/historical.h"
#include "scenario/monte_carlo.h"
#include "scenario/normal_returns.h"
#include "scenario/skew.h"
#include "scenario/vol_moves.h"

namespace margrave {

namespace {

Result<ScenarioSet> drawn_scenarios(const ScenarioSpec& spec, const Market& market, const std::vector<Bars>& bars) {
  if (const auto* drawn = std::get_if<MonteCarloSpec>(&spec.kind))
    return monte_carlo_scenarios(spec, *drawn, market, bars);
  return normal_scenarios(spec, std::get<NormalSpec>(spec.kind), market, bars);
}

}  // namespace

Result<ScenarioSet> make_scenarios(const ScenarioSpec& spec, const Market& market, const std::vector<Bars>& bars) {
  if (const auto* grid = std::get_if<GridSpec>(&spec.kind)) return grid_scenarios(spec, *grid, market);
  if (const auto* skew = std::get_if<SkewSpec>(&spec.kind)) return skew_scenarios(spec, *skew, market);
  if (const auto* parting = std::get_if<CorrelationBreakSpec>(&spec.kind))
    return correlation_break_scenarios(spec, *parting, market, bars);
  if (const auto* told = std::get_if<EpisodesSpec>(&spec.kind)) return episode_scenarios(spec, *told, market);
  if (const auto* history = std::get_if<HistoricalSpec>(&spec.kind))
    return historical_scenarios(spec, *history, market, bars);
  ScenarioSet set = TRY(drawn_scenarios(spec, market, bars));
  if (spec.vol_moves) set_vol_moves(market.registry, *spec.vol_moves, set);
  return set;
}

}  // namespace margrave
