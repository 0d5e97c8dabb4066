#include "haircut/wrong_way.h"

#include <algorithm>
#include <cmath>

namespace margrave {

CoMovement co_movement(std::span<const double> asset, std::span<const double> factor, std::size_t window) {
  constexpr std::size_t least_steps = 30;
  CoMovement found;
  double aa = 0, ff = 0, af = 0;
  for (std::size_t i = std::min(asset.size(), factor.size()); i-- > 0 && found.steps < window;) {
    if (std::isnan(asset[i]) || std::isnan(factor[i])) continue;
    aa += asset[i] * asset[i];
    ff += factor[i] * factor[i];
    af += asset[i] * factor[i];
    ++found.steps;
  }
  if (found.steps < least_steps) {
    found.beta = found.correlation = 1;
  } else if (aa > 0 && ff > 0) {
    found.beta = af / ff;
    found.correlation = std::clamp(af / (std::sqrt(aa) * std::sqrt(ff)), -1.0, 1.0);
  }
  return found;
}

double wrong_way_part(const WrongWay& stake) {
  const double moved = std::max(0.0, stake.with.beta * stake.exposure_usd);
  if (moved == 0) return 0;
  const double share = stake.sold_in_a_day_usd > 0 ? std::min(1.0, moved / stake.sold_in_a_day_usd) : 1.0;
  return std::clamp(stake.fall * std::max(0.0, stake.with.correlation) * share, 0.0, 1.0);
}

}  // namespace margrave
