#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Kendall's tau-b of two series: (concordant - discordant pairs) over the root of the pairs without ties in each.
/// Shapes: x[n], y[n], n >= 2. O(n log n). Errors: lengths that differ, gaps, a series that does not vary.
/// Source: Knight (1966).
Result<double> kendall_tau(std::span<const double> x, std::span<const double> y);

/// Ranks 1..n in rising order; equal values share the mean of their ranks.
std::vector<double> ranks(std::span<const double> series);

}  // namespace margrave
