#pragma once

#include <vector>

#include "base/result.h"
#include "product/registry.h"
#include "scenario/scenario_set.h"
#include "scenario/vol_moves_spec.h"

namespace margrave {

/// Log moves of a vol surface by component; `absent` where one is not known.
using VolMove = std::array<double, vol_components.size()>;

/// One past step of the market: the mean log return of its coins, and the mean moves of their vol surfaces.
struct VolStep {
  double log_return{0};
  VolMove moved{};
};

/// How the vol surface moves beside the spot, by least squares.
struct VolFit {
  VolLines lines{};
  std::vector<VolMove> residuals;  ///< by past step; those of one step stay together, 0 where it lacks a component
};

/// Steps that a fit takes at least.
inline constexpr std::size_t least_vol_steps = 20;
/// Fits the level, and skew, wings and term each on the steps that have it; one with fewer than least_vol_steps does
/// not move. Errors: fewer steps with a level than that, steps whose returns are all of one size.
Result<VolFit> fit_vol_moves(const std::vector<VolStep>& steps);

/// Gives every scenario of a set a move of the vol surface beside its returns: r is the mean of the log returns of the
/// underlyings' coins, and scenario s takes the residuals of step s mod n, so that past residuals come in turn.
///
/// The level goes into vol_shock, as the move of 30 days between -90 % and +300 %; shorter vol moves more by the power
/// 0.3 of 30 days over the days left, longer less by the power 0.13, as vol corners do. The rest is its SurfaceMove. A
/// set in which vol moves already, or no coin does, stays as it is.
void add_vol_moves(const Registry& registry, const VolFit& fit, ScenarioSet& set);

/// The same from the numbers of a recipe: the residual of scenario s is the component's spread times the normal
/// quantile of its coordinate of scrambled Sobol point s (seed 1), and with_level times the level's, so that it depends
/// on s alone and the first 2^k are spread evenly. Moves of vol that the set has are replaced, so it can follow a
/// change of the set's returns.
void set_vol_moves(const Registry& registry, const VolMovesSpec& spec, ScenarioSet& set);

/// What a move of the level of 30 days is multiplied by at another time left, as above.
inline constexpr VolTerm level_term{.reference_days = 30, .power_short = 0.3, .power_long = 0.13};

}  // namespace margrave
