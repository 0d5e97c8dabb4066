#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// p-values adjusted for their number: reject where the adjusted value is at most the level, and the probability of
/// any false rejection is at most that level, whatever the dependence. adjusted[(i)] = max over j <= i of
/// min(1, (m - j + 1) p[(j)]), in the order of the input.
///
/// Shapes:  p[m] -> m values; m >= 0.
/// Errors:  "p[3] is 1.2, not in 0 to 1", not-a-number included.
/// Source:  Holm (1979), Scandinavian Journal of Statistics 6(2).
Result<std::vector<double>> holm_adjusted(std::span<const double> p);

}  // namespace margrave
