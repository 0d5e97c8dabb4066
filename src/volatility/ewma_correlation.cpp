#include "volatility/ewma_correlation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "volatility/series.h"

namespace margrave {

Result<EwmaCorrelation> EwmaCorrelation::start(const CorrelationRule& rule, std::size_t size) {
  TRY_VOID(check_range(rule.decay, "decay", 0, 1 - 1e-9));
  TRY_VOID(check_range(rule.shrink, "shrink", 0, 1));
  return EwmaCorrelation(rule, size);
}

EwmaCorrelation::EwmaCorrelation(const CorrelationRule& rule, std::size_t size)
    : rule_(rule), products_(size), masses_(size) {}

Result<void> EwmaCorrelation::update(std::span<const double> z) {
  if (z.size() != products_.size) {
    return fail({.message = fmt::format("{} returns for {} series", z.size(), products_.size),
                 .field = "returns",
                 .remedy = "give one per series, NaN where there is none"});
  }
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (std::isinf(z[i])) return fail(not_finite(fmt::format("returns[{}]", i)));
  }
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (std::isnan(z[i])) continue;
    double* const product = products_.cells.data() + i * z.size();
    double* const mass = masses_.cells.data() + i * z.size();
    const double weighted = (1 - rule_.decay) * z[i];
    for (std::size_t j = 0; j <= i; ++j) {
      if (std::isnan(z[j])) continue;
      product[j] = rule_.decay * product[j] + weighted * z[j];
      mass[j] = rule_.decay * mass[j] + (1 - rule_.decay);
    }
  }
  return {};
}

/// r_ij for j < i; scale[i] is one over the root of the mean square of series i.
double EwmaCorrelation::raw(std::size_t i, std::size_t j, std::span<const double> scale) const {
  if (!(masses_(i, j) > 0)) return 0;
  return std::clamp(products_(i, j) / masses_(i, j) * scale[i] * scale[j], -1.0, 1.0);
}

SymmetricMatrix EwmaCorrelation::correlation(std::span<const std::size_t> of) const {
  const std::size_t n = products_.size;
  std::vector<double> scale(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (products_(i, i) > 0) scale[i] = std::sqrt(masses_(i, i) / products_(i, i));
  }
  double sum = 0, mass = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      sum += masses_(i, j) * raw(i, j, scale);
      mass += masses_(i, j);
    }
  }
  const double mean = mass > 0 ? std::max(sum / mass, -1 / static_cast<double>(n - 1)) : 0;
  SymmetricMatrix result = SymmetricMatrix::identity(of.size());
  for (std::size_t a = 0; a < of.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const std::size_t i = std::max(of[a], of[b]), j = std::min(of[a], of[b]);
      const double weight = (1 - rule_.shrink) * masses_(i, j);
      result.set(a, b, weight * raw(i, j, scale) + (1 - weight) * mean);
    }
  }
  return result;
}

}  // namespace margrave
