#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/result.h"

namespace margrave {

/// What every estimator asks of its input: at least `at_least` numbers, each finite. A gap must be closed or cut out by
/// the caller; nothing here fills one in. `name` is what the error calls the series: "returns".
/// Errors: "returns[17] is not a number"; "returns has 12 values and needs at least 30".
Result<void> check_series(std::span<const double> series, std::string_view name, std::size_t at_least);

/// As check_series, and each number must be above zero: prices, variances.
Result<void> check_positive_series(std::span<const double> series, std::string_view name, std::size_t at_least);

/// Errors: "the returns do not vary", when all values are equal or there are none.
Result<void> check_varies(std::span<const double> series, std::string_view name);

/// What check_number and check_positive say; apart, so that the good case stays a comparison.
Error not_finite(std::string_view name);
Error not_positive(double value, std::string_view name);

/// One number of a stream. Errors: "return is not a finite number".
inline Result<void> check_number(double value, std::string_view name) {
  if (std::isfinite(value)) return {};
  return fail(not_finite(name));
}

/// Errors: "measure is 0, not a finite number above zero".
inline Result<void> check_positive(double value, std::string_view name) {
  if (value > 0 && std::isfinite(value)) return {};
  return fail(not_positive(value, name));
}

/// A parameter inside [low, high]. Errors: "decay is 1.2, outside 0 to 1".
Result<void> check_range(double value, std::string_view name, double low, double high);

/// Sum in index order, its mean, and the mean square about `center`. n >= 1.
double mean(std::span<const double> series);
double mean_square(std::span<const double> series, double center);

/// Smooth start of a variance: the mean square about `center` of the first min(75, n) values, the i-th weighing 0.94^i.
/// Source: the back-cast of the Python package arch (RiskMetrics weights).
double backcast(std::span<const double> series, double center);

}  // namespace margrave
