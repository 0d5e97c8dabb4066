#include "margin/set_in_array.h"

namespace margrave {

Result<SetInArray> find_set(const RiskArray& array, const std::string& name) {
  for (std::size_t s = 0; s < array.ranges().size(); ++s) {
    if (array.ranges()[s].name == name) return SetInArray{&array.ranges()[s], s};
  }
  return fail({.kind = ErrorKind::config,
               .message = "the risk array has no scenario set '" + name + "'",
               .remedy = "revalue the market under the recipe's scenarios"});
}

bool covers(const RiskArray& array, std::uint32_t row, std::size_t set) {
  const i128 mask = array.scalar(row, ScalarField::uncovered_sets).value_or(0);
  return ((mask >> set) & 1) == 0;
}

Result<Measured> measure_of(const RiskArray& array, const ScenarioMeasure& rule, const Outcomes& outcomes) {
  if (rule.kind == ScenarioMeasure::Kind::worst) return worst(outcomes);
  if (rule.kind == ScenarioMeasure::Kind::weighted_worst) return weighted_worst(outcomes, array);
  const std::size_t k = TRY(tail_count(rule.confidence, outcomes.size()));
  return rule.kind == ScenarioMeasure::Kind::var ? value_at_risk(outcomes, k) : expected_shortfall(outcomes, k);
}

}  // namespace margrave
