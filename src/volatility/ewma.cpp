#include "volatility/ewma.h"

#include <cmath>
#include <limits>

#include "volatility/series.h"

namespace margrave {
namespace {

double next_variance(const EwmaDecay& decay, double variance, double square) {
  const double kept = square > variance ? decay.rising : decay.falling;
  return kept * variance + (1 - kept) * square;
}

}  // namespace

Result<EwmaVariance> EwmaVariance::start(const EwmaDecay& decay, double variance) {
  TRY_VOID(check_range(decay.rising, "rising decay", 0, 1));
  TRY_VOID(check_range(decay.falling, "falling decay", 0, 1));
  TRY_VOID(check_range(variance, "start variance", 0, std::numeric_limits<double>::max()));
  return EwmaVariance(decay, variance);
}

Result<void> EwmaVariance::update(double value) {
  if (!std::isfinite(value)) return fail(not_finite("return"));
  variance_ = next_variance(decay_, variance_, value * value);
  return {};
}

Result<void> EwmaVariance::update_square(double square) {
  TRY_VOID(check_number(square, "squared return"));
  if (square < 0) return fail(not_positive(square, "squared return"));
  variance_ = next_variance(decay_, variance_, square);
  return {};
}

Result<std::vector<double>> ewma_variances(const EwmaDecay& decay, double start, std::span<const double> returns) {
  TRY_VOID(EwmaVariance::start(decay, start));
  TRY_VOID(check_series(returns, "returns", 0));
  std::vector<double> variances(returns.size());
  double variance = start;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    variances[i] = variance;
    variance = next_variance(decay, variance, returns[i] * returns[i]);
  }
  return variances;
}

}  // namespace margrave
