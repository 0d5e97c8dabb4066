#pragma once

#include "scenario/scenario_spec.h"

namespace margrave {

/// The set of a grid: all its moves apply to every underlying of the market at once, so a measure per underlying and a
/// joint one read the same columns. Stablecoins and other settlement assets that are no underlying's coin stay put.
Result<ScenarioSet> grid_scenarios(const ScenarioSpec& spec, const GridSpec& grid, const Market& market);

}  // namespace margrave
