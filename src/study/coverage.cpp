#include "study/coverage.h"

#include <algorithm>

#include "math/elementary.h"
#include "study/binomial.h"
#include "study/chi_square.h"
#include "study/paired.h"

namespace margrave {
namespace {

/// k ln(k / expected), with 0 ln 0 = 0.
double surprise(double k, double expected) { return k > 0 ? k * stable_log_ratio(k, expected) : 0; }

/// Ratios closer than 1e-9 count as equal.
double exact_ratio_p(const BreachCount& count, double p, double ratio) {
  const auto probabilities = binomial_probabilities(count.observations, p);
  double sum = 0;
  for (std::size_t x = 0; x < probabilities.size(); ++x) {
    const bool extreme = kupiec_ratio({count.observations, x}, p) >= ratio - 1e-9 * std::max(1.0, ratio);
    sum += extreme ? probabilities[x] : 0;
  }
  return std::min(sum, 1.0);
}

}  // namespace

double kupiec_ratio(const BreachCount& count, double p) {
  const auto n = static_cast<double>(count.observations), x = static_cast<double>(count.breaches);
  return std::max(0.0, 2 * (surprise(x, n * p) + surprise(n - x, n * (1 - p))));
}

Result<Coverage> unconditional_coverage(const BreachCount& count, double p) {
  TRY_VOID(check_probability(p, "probability"));
  TRY_VOID(check_count(count));
  const double ratio = kupiec_ratio(count, p);
  return Coverage{.ratio = ratio, .chi_square_p = chi_square_one(ratio), .exact_p = exact_ratio_p(count, p, ratio)};
}

}  // namespace margrave
