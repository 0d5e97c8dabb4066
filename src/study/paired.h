#pragma once

#include <span>
#include <string_view>

#include "base/result.h"

namespace margrave {

/// A series and what an error calls it.
struct NamedSeries {
  std::string_view name;
  std::span<const double> values;
};

/// Errors: "losses[17] is not a finite number".
Result<void> check_finite(const NamedSeries& series);
/// Errors: as check_finite for either; "losses has 12 values and margins 13".
Result<void> check_paired(const NamedSeries& one, const NamedSeries& other);
/// A probability strictly between 0 and 1. Errors: "probability is 1.2, not between 0 and 1".
Result<void> check_probability(double value, std::string_view name);

}  // namespace margrave
