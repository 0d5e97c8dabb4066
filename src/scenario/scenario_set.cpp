#include "scenario/scenario_set.h"

#include <algorithm>

#include "math/elementary.h"

namespace margrave {

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

double skew_multiplier(const SkewMove& move, const SkewWidth& width, double log_moneyness, double root_years) {
  if (move.shape == SkewMove::Shape::none) return 1;
  const double k = move.shape == SkewMove::Shape::absolute && log_moneyness < 0 ? -log_moneyness : log_moneyness;
  const double reach = root_years * width.scale * (width.constant + width.per_root_year * root_years);
  const double cap = move.cap + move.cap_per_root_year * root_years;
  const double z = k * cap / std::max(width.least, reach);
  // One side only: where a cap is negative, far strikes move without bound.
  return std::max(0.0, 1.0 + (k < 0 ? std::max(z, -cap) : std::min(z, cap)));
}

void leave_unmoved(ScenarioSet& set) {
  const std::size_t n = set.size();
  set.weights.assign(n, Ratio{power_of_ten(Ratio::decimals)});
  set.dampening.assign(n, 1.0);
  set.vol_shock.assign(n, 0.0);
  set.vol_floor.assign(n, 0.0);
  set.basis_shift.assign(n, 0.0);
  set.rate_shift.assign(n, 0.0);
}

void move_followers(const Registry& registry, ScenarioSet& set) {
  for (std::size_t a = 0; a < registry.assets().size(); ++a) {
    const std::optional<AssetId>& leader = registry.assets()[a].follows;
    if (!leader) continue;
    set.price[a] = set.price[leader->index()];
    set.uncovered[a] = set.uncovered[leader->index()];
  }
}

}  // namespace margrave
