#include "study/conditional_coverage.h"

#include <algorithm>
#include <vector>

#include "math/elementary.h"
#include "study/chi_square.h"
#include "study/coverage.h"
#include "study/independence.h"
#include "study/paired.h"
#include "study/path_probability.h"

namespace margrave {
namespace {

constexpr double same_ratio = 1e-9;

double ratio_of(const BreachPath& path, double p) {
  return kupiec_ratio(path.count, p) + independence_ratio(transitions_of(path));
}

BreachPath draw_path(Random& random, std::uint64_t n, double log_covered) {
  BreachPath path{.count = {.observations = n}};
  std::uint64_t at = 0;
  for (;;) {
    const std::uint64_t gap = covered_gap(random, log_covered);
    if (gap >= n - at) return path;
    at += gap;
    path.runs += std::size_t{gap > 0 || path.count.breaches == 0};
    path.first = path.first || at == 0;
    path.last = at + 1 == n;
    ++path.count.breaches;
    if (++at == n) return path;
  }
}

}  // namespace

Result<ConditionalCoverage> conditional_coverage(const BreachPath& path, double p) {
  TRY_VOID(check_probability(p, "probability"));
  TRY_VOID(check_path(path));
  ConditionalCoverage result{.coverage = kupiec_ratio(path.count, p),
                             .independence = independence_ratio(transitions_of(path))};
  result.both = result.coverage + result.independence;
  result.independence_chi_square_p = chi_square_one(result.independence);
  result.both_chi_square_p = chi_square_two(result.both);
  return result;
}

Result<double> exact_conditional_p(const ConditionalCoverageNull& null, double ratio) {
  const double limit = ratio - same_ratio * std::max(1.0, ratio);
  return path_probability(null.observations, null.probability,
                          [&](const BreachPath& path) { return ratio_of(path, null.probability) >= limit; });
}

Result<double> exact_independence_p(const ConditionalCoverageNull& null, double ratio) {
  const double limit = ratio - same_ratio * std::max(1.0, ratio);
  return path_probability(null.observations, null.probability,
                          [&](const BreachPath& path) { return independence_ratio(transitions_of(path)) >= limit; });
}

Result<double> simulated_conditional_p(const ConditionalCoverageNull& null, double ratio,
                                       const Simulation& simulation) {
  TRY_VOID(check_probability(null.probability, "probability"));
  if (null.observations == 0) return 1.0;
  const double log_covered = stable_log(1 - null.probability);
  const auto ratios = TRY(simulate(simulation, [&](Random& random) {
    return ratio_of(draw_path(random, null.observations, log_covered), null.probability);
  }));
  return upper_tail_p(ratios, ratio);
}

}  // namespace margrave
