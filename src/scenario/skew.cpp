#include "scenario/skew.h"

namespace margrave {

ScenarioSet skew_scenarios(const ScenarioSpec& spec, const SkewSpec& skew, const Market& market) {
  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  set.price.resize(market.registry.assets().size());
  set.uncovered.assign(market.registry.assets().size(), false);
  set.skew_width = skew.width;
  for (const SkewScenario& scenario : skew.scenarios) {
    set.names.push_back(scenario.name);
    set.weights.push_back(scenario.weight);
    set.skew.push_back(scenario.move);
  }
  set.dampening.assign(set.size(), 1.0);
  set.vol_shock.assign(set.size(), 0.0);
  set.vol_floor.assign(set.size(), 0.0);
  set.basis_shift.assign(set.size(), 0.0);
  set.rate_shift.assign(set.size(), 0.0);
  return set;
}

}  // namespace margrave
