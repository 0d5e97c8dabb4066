#pragma once

#include "scenario/scenario_spec.h"

namespace margrave {

/// One scenario for each episode. An asset that it names has its return; any other asset that is no dollar the median
/// of the returns named that are no dollars' (or `others`, where the episode says so); a dollar that is not named
/// stays; what follows another asset moves with it. Vol of every option by `vol`. All coins are covered.
ScenarioSet episode_scenarios(const ScenarioSpec& spec, const EpisodesSpec& told, const Market& market);

}  // namespace margrave
