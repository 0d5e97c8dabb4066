#include "scenario/skew.h"

#include "scenario/begin_set.h"

namespace margrave {

ScenarioSet skew_scenarios(const ScenarioSpec& spec, const SkewSpec& skew, const Market& market) {
  ScenarioSet set = begin_set(spec, market);
  set.skew_width = skew.width;
  for (const SkewScenario& scenario : skew.scenarios) {
    set.names.push_back(scenario.name);
    set.skew.push_back(scenario.move);
  }
  leave_unmoved(set);
  for (std::size_t s = 0; s < set.size(); ++s) set.weights[s] = skew.scenarios[s].weight;
  return set;
}

}  // namespace margrave
