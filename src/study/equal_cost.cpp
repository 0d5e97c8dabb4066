#include "study/equal_cost.h"

#include <algorithm>

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// All series of a span, one after the other.
struct Pooled {
  std::vector<double> losses, margins;
  std::vector<std::int64_t> days;
};
Pooled pool(const StudiedModel& of, const StudySpan& span) {
  Pooled pooled;
  for (const StudiedSeries& one : of.series) {
    const std::vector<double> losses = within(one, one.side.loss, span),
                              margins = within(one, margins_of(one.side, of.model), span);
    pooled.losses.insert(pooled.losses.end(), losses.begin(), losses.end());
    pooled.margins.insert(pooled.margins.end(), margins.begin(), margins.end());
    for (const std::int64_t end : within(one, one.end_ms, span)) pooled.days.push_back((end - 1) / day_ms);
  }
  return pooled;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

struct Uncovered {
  std::vector<double> losses;
  std::size_t breaches{0};
};
Uncovered uncovered_of(const Pooled& pooled, double scale) {
  Uncovered found;
  for (std::size_t i = 0; i < pooled.losses.size(); ++i) {
    found.losses.push_back(std::max(pooled.losses[i] - scale * pooled.margins[i], 0.0));
    found.breaches += std::size_t{found.losses.back() > 0};
  }
  return found;
}

}  // namespace

Result<EqualCost> compare_at_equal_cost(const StudiedModel& first, const StudiedModel& second,
                                        const StudySpan& chosen_on, const StudySpan& span,
                                        const Simulation& simulation) {
  const double own = sum(pool(first, chosen_on).margins), other = sum(pool(second, chosen_on).margins);
  const Pooled one = pool(first, span), two = pool(second, span);
  if (!(own > 0 && other > 0) || one.losses.empty() || one.losses != two.losses || one.days != two.days) {
    return fail({.message = "two models are compared on the same series and windows, at least one in either span",
                 .field = "series",
                 .remedy = "walk both over the same bars"});
  }
  EqualCost found;
  found.scale = other / own;
  found.cost = found.scale * sum(one.margins) / sum(two.margins);
  const Uncovered left = uncovered_of(one, found.scale), right = uncovered_of(two, 1);
  found.breaches = left.breaches;
  found.other_breaches = right.breaches;
  const DatedPairs pairs{.first = left.losses, .second = right.losses, .day = one.days};
  found.uncovered = TRY(bootstrap_difference(pairs, simulation));
  return found;
}

}  // namespace margrave
