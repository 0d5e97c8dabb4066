#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/fixed.h"
#include "base/timestamp.h"
#include "market/state.h"
#include "scenario/surface_move.h"

namespace margrave {

/// How a relative vol shock depends on time to expiry: shock * clamp((reference_days / max(days, floor_days))^power,
/// floor, cap), with power_short up to reference_days and power_long beyond. Powers 0 switch the scaling off.
struct VolTerm {
  double reference_days{30};
  double power_short{0}, power_long{0};
  double floor_days{1};
  double floor{0}, cap{1e9};
};

/// How one scenario moves vol by strike: by c times the log-moneyness over a width, at most c on the side that c
/// bounds; c = cap + cap_per_root_year sqrt(T). docs/methods/revaluation.md
struct SkewMove {
  enum class Shape : std::uint8_t { none, linear, absolute };
  Shape shape{Shape::none};  ///< absolute: the same on both sides of the forward
  double cap{0}, cap_per_root_year{0};
};

/// The log-moneyness at which a skew move has reached its cap:
/// max(least, sqrt(T) scale (constant + per_root_year sqrt(T))).
struct SkewWidth {
  double least{1};  ///< > 0
  double scale{0}, constant{0}, per_root_year{0};
};

/// Joint moves of the whole market, one column each. What a set does not move stays where it is.
///
/// Prices: a coin's multiplier moves its index, its forwards, every contract on it and every balance in it together; a
/// settlement asset's multiplier moves what its amounts are worth and not the prices quoted in it.
struct ScenarioSet {
  std::string name;
  std::int64_t horizon_seconds{0};
  bool at_horizon{false};  ///< values are taken at as_of + horizon: options have aged, funding has been paid

  std::vector<std::string> names;   ///< by scenario, for people: "spot -15 % vol +50 %", "2020-03-12T08:00:00Z"
  std::vector<Ratio> weights;       ///< by scenario, for the weighted worst
  std::vector<double> dampening;    ///< by scenario: the part of the change of value that counts
  std::vector<double> vol_shock;    ///< by scenario, relative, before term scaling
  std::vector<double> vol_floor;    ///< by scenario: lowest annualised vol, 0 for none
  std::vector<double> basis_shift;  ///< by scenario: forward *= exp(shift * years)
  std::vector<double> rate_shift;   ///< by scenario, added to the rate
  VolTerm vol_term;
  std::vector<SkewMove> skew;  ///< by scenario, on top of vol_shock; empty: no scenario has one
  SkewWidth skew_width;
  std::vector<SurfaceMove> surface;  ///< by scenario, on top of vol_shock and skew; empty: no scenario has one
  double surface_width{usual_surface_width};

  /// Price multipliers by AssetId, then scenario; an empty inner vector is an asset that does not move.
  std::vector<std::vector<double>> price;
  /// By AssetId: true when the set has nothing to say of this coin (no bars). Such a coin makes a number incomplete.
  std::vector<bool> uncovered;
  std::vector<Finding> findings;

  /// The first spot_moves * vol_moves scenarios form a matrix, spot slowest; 0 when the set is not a grid.
  std::size_t spot_moves{0}, vol_moves{0};

  std::size_t size() const { return names.size(); }
};

/// What a relative vol shock is multiplied by for an option with this many seconds left. Deterministic on every
/// machine.
double vol_term_scale(const VolTerm& term, std::int64_t seconds);

/// What a skew move multiplies the vol of an option by, >= 0: log_moneyness is ln(strike / forward now), root_years the
/// square root of its years left now. Deterministic on every machine.
double skew_multiplier(const SkewMove& move, const SkewWidth& width, double log_moneyness, double root_years);

/// Full weight, no dampening and no move of vol, basis and rate for every scenario that has a name.
void leave_unmoved(ScenarioSet& set);

/// Lets the assets that follow another move with it in this set, and be covered where it is.
void move_followers(const Registry& registry, ScenarioSet& set);

}  // namespace margrave
