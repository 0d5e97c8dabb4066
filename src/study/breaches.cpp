#include "study/breaches.h"

#include <algorithm>

#include "study/paired.h"

namespace margrave {

Result<Breaches> find_breaches(std::span<const double> losses, std::span<const double> margins) {
  TRY_VOID(check_paired({"losses", losses}, {"margins", margins}));
  Breaches found{.observations = losses.size()};
  double sum = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const double excess = losses[i] - margins[i];
    if (!(losses[i] > margins[i])) continue;
    found.at.push_back(i);
    sum += excess;
    found.worst_excess = std::max(found.worst_excess, excess);
  }
  if (found.at.empty()) return found;
  found.uncovered = sum / static_cast<double>(losses.size());
  found.mean_excess = sum / static_cast<double>(found.at.size());
  return found;
}

double breach_rate(const BreachCount& count) {
  if (count.observations == 0) return 0;
  return static_cast<double>(count.breaches) / static_cast<double>(count.observations);
}

BreachCount count_of(const Breaches& breaches) {
  return {.observations = breaches.observations, .breaches = breaches.at.size()};
}

BreachPath path_of(const Breaches& breaches) {
  BreachPath path{.count = count_of(breaches)};
  const auto& at = breaches.at;
  for (std::size_t i = 0; i < at.size(); ++i) path.runs += std::size_t{i == 0 || at[i] != at[i - 1] + 1};
  path.first = !at.empty() && at.front() == 0;
  path.last = !at.empty() && at.back() + 1 == breaches.observations;
  return path;
}

}  // namespace margrave
