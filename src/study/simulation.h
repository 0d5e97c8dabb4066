#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/random.h"
#include "base/result.h"

namespace margrave {

/// How a distribution without a formula is drawn. Draw i uses stream i of the seed, so neither the number of threads
/// nor that of draws changes any of them.
struct Simulation {
  std::size_t draws{10'000};  ///< 10,000 to 10,000,000: fewer do not support a p-value (goals, rules M5 and M6)
  std::uint64_t seed{1};
  unsigned threads{0};  ///< 0: all cores
};

/// `draw` once per stream, sorted ascending. Errors: draws outside their limits.
Result<std::vector<double>> simulate(const Simulation& simulation, const std::function<double(Random&)>& draw);

/// p-values of `observed` among sorted draws under the hypothesis: (1 + draws at least / at most as extreme) / (1 +
/// draws), so never 0. Values closer than 1e-9 (absolute, and relative to observed) count as equal. Source: Dufour
/// (2006), Journal of Econometrics 133, eq. 2.8.
double upper_tail_p(std::span<const double> sorted, double observed);
double lower_tail_p(std::span<const double> sorted, double observed);

/// Covered observations before the next breach, P(gap >= g) = (1 - p)^g, capped at 2^53: one uniform number each
/// instead of one per observation. log_covered = ln(1 - p).
std::uint64_t covered_gap(Random& random, double log_covered);

}  // namespace margrave
