#pragma once

#include <vector>

#include "market/chain.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// One past step of the market: the mean log return of its coins, and the mean log move of their vol of 30 days at the
/// money.
struct LevelStep {
  double log_return{0}, log_level{0};
};

/// How the level of vol moves beside the spot: log level = constant + slope r + size |r| + residual, by least squares.
struct LevelFit {
  double constant{0}, slope{0}, size{0};
  std::vector<double> residuals;  ///< by past step
};

/// Steps that a fit takes at least.
inline constexpr std::size_t least_level_steps = 20;
/// Errors: fewer steps than that, steps whose returns are all of one size.
Result<LevelFit> fit_level(const std::vector<LevelStep>& steps);

/// Gives every scenario of a set a move of vol beside its returns: r is the mean of the log returns of the underlyings'
/// coins, and scenario s takes residual s mod n, so that past residuals come in turn. The move is that of 30 days;
/// shorter vol moves more by the power 0.3 of 30 days over the days left, longer less by the power 0.13, as vol corners
/// do. Between -90 % and +300 %. A set in which vol moves already, or no coin does, stays as it is.
void add_level_moves(const Registry& registry, const LevelFit& fit, ScenarioSet& set);

/// Vol of 30 days at the money from the marks of a chain: at each expiry with an hour left that of the strike nearest
/// to its forward, total variance linear in time between the two expiries around 30 days, the nearest one's vol beyond.
/// `absent` without a mark vol.
double month_level(const Chain& chain, const std::string& underlying);

}  // namespace margrave
