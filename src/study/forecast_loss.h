#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// QLIKE of variance forecasts: realised/forecast - ln(realised/forecast) - 1, 0 where they agree and above 0
/// elsewhere. It ranks forecasts rightly though the realised variance is measured with noise.
///
/// Shapes:  realised[n], forecast[n] -> n values; n >= 0.
/// Units:   both variances over the same time.
/// Errors:  different lengths; a number outside 1e-150 to 1e150.
/// Source:  Patton (2011), Journal of Econometrics 160(1).
Result<std::vector<double>> qlike_losses(std::span<const double> realised, std::span<const double> forecast);

/// Difference of two forecasts' losses, tested.
struct DieboldMariano {
  double mean{0};            ///< of first - second; negative: first is better
  double standard_error{0};  ///< of the mean, > 0
  double t{0};               ///< mean / standard error
  double two_sided_p{1};
  double not_better_p{1};  ///< P(N <= t): small when first is better
};

/// Variance of the mean by Newey and West with Bartlett weights 1 - k/(lags + 1), normal p-values.
///
/// Shapes:  first[n], second[n]; n > lags.
/// Errors:  different lengths; too few; a number that is not finite; differences without variation.
/// Source:  Diebold and Mariano (1995), JBES 13(3); Newey and West (1987), Econometrica 55(3).
Result<DieboldMariano> diebold_mariano(std::span<const double> first, std::span<const double> second,
                                       std::size_t lags = 10);

}  // namespace margrave
