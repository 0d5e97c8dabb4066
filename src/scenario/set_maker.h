#pragma once

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// The scenarios of a set of any kind. `bars` may be empty for kinds that need none. Errors: those of its kind.
Result<ScenarioSet> make_scenarios(const ScenarioSpec& spec, const Market& market, const std::vector<Bars>& bars);

}  // namespace margrave
