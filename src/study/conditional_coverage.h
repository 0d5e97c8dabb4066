#pragma once

#include <cstddef>

#include "study/breaches.h"
#include "study/simulation.h"

namespace margrave {

/// Rate and clustering of breaches in one number. The chi-square p-values are for comparison with published numbers
/// only.
struct ConditionalCoverage {
  double coverage{0};      ///< Kupiec's ratio
  double independence{0};  ///< Christoffersen's
  double both{0};          ///< their sum
  double independence_chi_square_p{1};
  double both_chi_square_p{1};
};

/// Edges:  n <= 1 has no transitions: independence is 0.
/// Errors: p outside (0, 1); a path that cannot be (check_path).
/// Source: Christoffersen (1998), eq. 5. docs/methods/coverage_tests.md
Result<ConditionalCoverage> conditional_coverage(const BreachPath& path, double p);

/// P(ratio >= observed) at this n when each observation breaches with probability p, independently. `exact_` adds up
/// the probabilities of every number of breaches, of runs and of either end; its absolute error is about 1e-12. Its
/// time grows with (n p)^2: 10 ms at n = 5500 and p = 1 %. `simulated_` draws paths instead, and says the same but for
/// its sampling error; it is what measurement rule M5 names. Errors: p outside (0, 1); n above 20,000 (exact); draws
/// outside their limits (simulated).
struct ConditionalCoverageNull {
  std::size_t observations{0};
  double probability{0.01};
};
Result<double> exact_conditional_p(const ConditionalCoverageNull& null, double ratio);
Result<double> simulated_conditional_p(const ConditionalCoverageNull& null, double ratio, const Simulation& simulation);

/// As exact_conditional_p for the independence ratio alone: with it the size of the chi-square tests can be said
/// exactly.
Result<double> exact_independence_p(const ConditionalCoverageNull& null, double ratio);

}  // namespace margrave
