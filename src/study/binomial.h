#pragma once

#include <cstddef>
#include <vector>

#include "study/breaches.h"

namespace margrave {

/// P(X = i), i = 0 .. n, of a binomial with n trials and probability p in (0, 1). Relative error about 1e-15 sqrt(n)
/// per term; terms below 1e-308 of the largest are 0. They sum to 1.
/// Source: the ratio of neighbours, (n - i)/(i + 1) p/(1 - p), from the mode outwards.
std::vector<double> binomial_probabilities(std::size_t n, double p);

/// Exact p-values of x breaches in n observations that each breach with probability p, independently.
struct BinomialTest {
  double two_sided{1};  ///< sum of the probabilities that do not exceed that of x
  double at_least{1};   ///< P(X >= x): small when there are too many breaches
  double at_most{1};    ///< P(X <= x): small when there are too few
};

/// Two probabilities closer than 1e-7 of themselves count as equal.
/// Edges:  n == 0 gives 1 throughout; x == 0 gives at_least = 1, x == n gives at_most = 1, exactly.
/// Errors: p outside (0, 1); more breaches than observations.
/// Source: measurement rule M5; Clopper and Pearson (1934). docs/methods/coverage_tests.md
Result<BinomialTest> binomial_test(const BreachCount& count, double p);

/// Errors: "57 breaches among 12 observations"; more than ten million observations.
Result<void> check_count(const BreachCount& count);

}  // namespace margrave
