#include "scenario/grid.h"

#include <fmt/core.h>

#include "math/elementary.h"

namespace margrave {
namespace {

std::string percent(const Decimal& move) {
  const Decimal shown{move.units * 100, move.decimals};
  return (move.units > 0 ? "+" : "") + shown.to_string() + " %";
}

struct Moves {
  Decimal spot, vol, basis, rate;
};

std::string name_of(const GridSpec& grid, const Moves& moves) {
  std::string name = "spot " + percent(moves.spot);
  if (grid.vol.size() > 1 || !moves.vol.is_zero()) name += ", vol " + percent(moves.vol);
  if (grid.basis.size() > 1) name += ", basis " + percent(moves.basis) + " a year";
  if (grid.rate.size() > 1) name += ", rate " + percent(moves.rate);
  return name;
}

/// Of an extra scenario without a name.
std::string usual_name(const Moves& moves) {
  std::string name = "spot " + percent(moves.spot) + ", vol " + percent(moves.vol);
  if (!moves.basis.is_zero()) name += ", basis " + percent(moves.basis) + " a year";
  if (!moves.rate.is_zero()) name += ", rate " + percent(moves.rate);
  return name;
}

/// Appends one scenario; the same spot multiplier moves every coin that has an underlying.
void append(ScenarioSet& set, const GridSpec& grid, const Market& market, const Moves& moves, std::string name,
            double dampening, Ratio weight) {
  set.names.push_back(std::move(name));
  set.weights.push_back(weight);
  set.dampening.push_back(dampening);
  set.vol_shock.push_back(moves.vol.to_double());
  set.vol_floor.push_back(moves.vol.units > 0 ? grid.vol_floor : 0.0);
  set.basis_shift.push_back(moves.basis.to_double());
  set.rate_shift.push_back(moves.rate.to_double());
  const double multiplier = 1.0 + moves.spot.to_double();
  std::vector<bool> moved(set.price.size(), false);
  for (const Underlying& underlying : market.registry.underlyings()) {
    if (moved[underlying.coin.index()]) continue;
    moved[underlying.coin.index()] = true;
    set.price[underlying.coin.index()].push_back(multiplier);
  }
}

}  // namespace

double vol_term_scale(const VolTerm& term, std::int64_t seconds) {
  const double days = static_cast<double>(seconds) / static_cast<double>(seconds_per_day);
  const double power = days <= term.reference_days ? term.power_short : term.power_long;
  if (power == 0) return 1;
  const double ratio = term.reference_days / (days > term.floor_days ? days : term.floor_days);
  double scale = stable_pow(ratio, power);
  if (scale < term.floor) scale = term.floor;
  if (scale > term.cap) scale = term.cap;
  return scale;
}

Result<ScenarioSet> grid_scenarios(const ScenarioSpec& spec, const GridSpec& grid, const Market& market) {
  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  set.vol_term = grid.vol_term;
  set.price.resize(market.registry.assets().size());
  set.uncovered.assign(market.registry.assets().size(), false);
  set.spot_moves = grid.spot.size();
  set.vol_moves = grid.vol.size() * grid.basis.size() * grid.rate.size();

  const Ratio one{power_of_ten(Ratio::decimals)};
  for (const Decimal& spot : grid.spot) {
    for (const Decimal& vol : grid.vol) {
      for (const Decimal& basis : grid.basis) {
        for (const Decimal& rate : grid.rate) {
          const Moves moves{spot, vol, basis, rate};
          append(set, grid, market, moves, name_of(grid, moves), grid.dampening, one);
        }
      }
    }
  }
  for (const ExtraScenario& extra : grid.extra) {
    const Moves moves{extra.spot, extra.vol, extra.basis, extra.rate};
    append(set, grid, market, moves, extra.name.empty() ? usual_name(moves) : extra.name, extra.dampening,
           extra.weight);
  }
  return set;
}

}  // namespace margrave
