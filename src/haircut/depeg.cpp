#include "haircut/depeg.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "study/quantile.h"

namespace margrave {

Deviation deviation_of(const DepegRules& rules, std::span<const double> least, std::span<const double> last,
                       std::optional<double> ratio) {
  const std::size_t n = std::min(least.size(), last.size()), from = n > rules.window ? n - rules.window : 0;
  double promise = ratio.value_or(0);
  if (!ratio) {
    std::vector<double> usual;
    for (std::size_t i = from; i < n; ++i) {
      if (!std::isnan(last[i])) usual.push_back(last[i]);
    }
    if (usual.empty()) return {};
    std::sort(usual.begin(), usual.end());
    promise = sorted_quantile(usual, 0.5);
  }
  Deviation deviation;
  for (std::size_t i = from; i < n; ++i) {
    if (std::isnan(least[i])) continue;
    const double below = std::max(0.0, 1 - least[i] / promise);
    deviation.window = std::max(deviation.window, below);
    if (i + 1 == n) deviation.last_day = below;
  }
  return deviation;
}

double depeg_part(const DepegRules& rules, const Deviation& deviation, double confidence) {
  const double day = rules.factor * (deviation.last_day - rules.tolerance);
  const double below = std::max({0.0, day, deviation.window - rules.tolerance});
  return std::clamp(below + (1 - confidence), 0.0, 1.0);
}

}  // namespace margrave
