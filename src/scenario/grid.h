#pragma once

#include "scenario/scenario_spec.h"

namespace margrave {

/// The set of a grid: all its moves apply to every underlying of the market at once, so a measure per underlying and a
/// joint one read the same columns. An underlying of spot_of has spot moves of its own; one that the market does not
/// list is passed over. Stablecoins and other settlement assets that are no underlying's coin stay put, but for those
/// that follow one. Errors: two underlyings of spot_of with one coin, one whose coin follows another asset.
Result<ScenarioSet> grid_scenarios(const ScenarioSpec& spec, const GridSpec& grid, const Market& market);

/// A set of one scenario in which nothing moves: a recipe of rates alone has no scenarios, an array has one at least.
Result<ScenarioSet> unmoved_scenarios(const Market& market);

}  // namespace margrave
