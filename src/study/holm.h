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

/// The share of series with an adjusted p above `level`: those that pass their test. p[i] is `series[i].*member`.
/// Precondition: a series at least. Errors: those of holm_adjusted().
template <class Series>
Result<double> share_passing(const std::vector<Series>& series, double Series::*member, double level = 0.05) {
  std::vector<double> p;
  for (const Series& one : series) p.push_back(one.*member);
  const std::vector<double> adjusted = TRY(holm_adjusted(p));
  std::size_t passing = 0;
  for (const double value : adjusted) passing += value > level ? 1u : 0u;
  return static_cast<double>(passing) / static_cast<double>(adjusted.size());
}

}  // namespace margrave
