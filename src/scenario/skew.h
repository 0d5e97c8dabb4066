#pragma once

#include "scenario/scenario_spec.h"

namespace margrave {

/// The set of a skew: in each scenario the vol of every option moves by its strike and nothing else does, so spot,
/// perpetuals, futures and balances keep their values (at the horizon, where the set is valued there).
ScenarioSet skew_scenarios(const ScenarioSpec& spec, const SkewSpec& skew, const Market& market);

}  // namespace margrave
