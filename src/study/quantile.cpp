#include "study/quantile.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"

namespace margrave {

double sorted_quantile(std::span<const double> sorted, double share) {
  CHECK(!sorted.empty() && share >= 0 && share <= 1);
  const double place = static_cast<double>(sorted.size() - 1) * share;
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  if (part == 0 || sorted[above] == sorted[below]) return sorted[below];  // else an infinite value would give NaN
  return sorted[below] + part * (sorted[above] - sorted[below]);
}

}  // namespace margrave
