#include "scenario/begin_set.h"

namespace margrave {

ScenarioSet begin_set(const ScenarioSpec& spec, const Market& market) {
  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  set.price.resize(market.registry.assets().size());
  set.uncovered.assign(market.registry.assets().size(), false);
  return set;
}

}  // namespace margrave
