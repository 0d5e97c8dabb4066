#pragma once

#include <cstddef>
#include <functional>

#include "study/breaches.h"

namespace margrave {

/// P(holds(path)) when each of n observations breaches with probability p, independently: the sum over every number of
/// breaches x, of runs r and over both ends of p^x (1-p)^(n-x) C(x-1, r-1) C(n-x-1, z-1), where z = r + 1 - first -
/// last is the number of runs of covered observations. Terms below 1e-20 are left out, 1e-13 in sum.
///
/// Edges:  n == 0 gives 1 or 0 by holds of the empty path.
/// Errors: p outside (0, 1); n above 20,000.
/// Source: counting compositions of x into r and of n - x into z parts. docs/methods/coverage_tests.md
Result<double> path_probability(std::size_t n, double p, const std::function<bool(const BreachPath&)>& holds);

}  // namespace margrave
