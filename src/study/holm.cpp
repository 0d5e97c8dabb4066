#include "study/holm.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

namespace margrave {

Result<std::vector<double>> holm_adjusted(std::span<const double> p) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] >= 0 && p[i] <= 1) continue;
    return fail({.message = fmt::format("p[{}] is {}, not in 0 to 1", i, p[i]),
                 .field = fmt::format("p[{}]", i),
                 .remedy = "leave out the series without a test"});
  }
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, static_cast<double>(p.size() - rank) * p[order[rank]]);
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace margrave
