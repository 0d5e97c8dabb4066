#pragma once

#include "scenario/scenario_spec.h"

namespace margrave {

/// A set without scenarios: the name and horizon of its recipe, a column for every asset of the market.
ScenarioSet begin_set(const ScenarioSpec& spec, const Market& market);

}  // namespace margrave
