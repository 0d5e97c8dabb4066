#include "study/independence.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "math/elementary.h"
#include "study/binomial.h"

namespace margrave {
namespace {

double count_log(std::size_t k) {
  const auto value = static_cast<double>(k);
  return k == 0 ? 0 : value * stable_log(value);
}

/// Unnormalised P(r runs) for r = 0 .. most, from the ratio of neighbours outwards from the most likely r.
std::vector<double> run_weights(std::size_t x, std::size_t gaps, std::size_t most) {
  const auto ratio = [&](std::size_t r) {  // P(r + 1) / P(r)
    return static_cast<double>(x - r) / static_cast<double>(r) * static_cast<double>(gaps - r) /
           static_cast<double>(r + 1);
  };
  std::vector<double> weights(most + 1, 0);
  std::size_t mode = 1;
  while (mode < most && ratio(mode) > 1) ++mode;
  weights[mode] = 1;
  for (std::size_t r = mode; r < most; ++r) weights[r + 1] = weights[r] * ratio(r);
  for (std::size_t r = mode; r > 1; --r) weights[r - 1] = weights[r] / ratio(r - 1);
  return weights;
}

bool possible(const BreachPath& path) {
  const std::size_t x = path.count.breaches, covered = path.count.observations - x,
                    ends = std::size_t{path.first} + std::size_t{path.last};
  if (x == 0) return path.runs == 0 && ends == 0;
  if (path.runs == 0 || path.runs > x) return false;
  if (covered == 0) return path.runs == 1 && ends == 2;
  // Between the runs, and before and after them unless a run is at that end, at least one observation is covered.
  const std::size_t covered_runs = path.runs + 1 - ends;
  return path.runs + 1 > ends && covered_runs <= covered;
}

}  // namespace

Result<void> check_path(const BreachPath& path) {
  TRY_VOID(check_count(path.count));
  if (possible(path)) return {};
  return fail({.message = fmt::format("{} breaches among {} observations cannot form {} runs with these ends",
                                      path.count.breaches, path.count.observations, path.runs),
               .field = "runs",
               .remedy = "take the path of find_breaches"});
}

Transitions transitions_of(const BreachPath& path) {
  if (path.count.observations <= 1) return {};
  Transitions result;
  result.after_covered.breach = path.runs - std::size_t{path.first};
  result.after_breach.covered = path.runs - std::size_t{path.last};
  result.after_breach.breach = path.count.breaches - path.runs;
  result.after_covered.covered = path.count.observations - 1 - result.after_covered.breach -
                                 result.after_breach.covered - result.after_breach.breach;
  return result;
}

double independence_ratio(const Transitions& transitions) {
  const auto [n00, n01] = transitions.after_covered;
  const auto [n10, n11] = transitions.after_breach;
  const double cells = count_log(n00) + count_log(n01) + count_log(n10) + count_log(n11);
  const double rows = count_log(n00 + n01) + count_log(n10 + n11);
  const double columns = count_log(n00 + n10) + count_log(n01 + n11);
  return std::max(0.0, 2 * (cells - rows - columns + count_log(n00 + n01 + n10 + n11)));
}

Result<double> runs_test(const BreachPath& path) {
  TRY_VOID(check_path(path));
  const std::size_t x = path.count.breaches, gaps = path.count.observations - x + 1;
  if (x <= 1) return 1.0;
  const auto weights = run_weights(x, gaps, std::min(x, gaps));
  double sum = 0, few = 0;
  for (std::size_t r = 1; r < weights.size(); ++r) {
    sum += weights[r];
    if (r <= path.runs) few += weights[r];
  }
  return few / sum;
}

}  // namespace margrave
