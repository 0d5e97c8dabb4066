#include "volatility/weighted_covariance.h"

#include <cmath>

#include "volatility/eigen.h"
#include "volatility/nearest_correlation.h"
#include "volatility/series.h"

namespace margrave {
namespace {

constexpr double least_eigenvalue = 1e-9;

/// Sums over the dates that two series have; of a series with itself, its own.
struct Sums {
  double aa{0}, ab{0}, bb{0}, weight{0};
};

/// Horner's scheme, so that no power of the decay is lost to underflow before its sum is.
Sums sums_of(const std::vector<double>& a, const std::vector<double>& b, double decay) {
  Sums sums;
  for (std::size_t t = 0; t < a.size(); ++t) {
    const bool there = !std::isnan(a[t]) && !std::isnan(b[t]);
    sums.aa = decay * sums.aa + (there ? a[t] * a[t] : 0);
    sums.ab = decay * sums.ab + (there ? a[t] * b[t] : 0);
    sums.bb = decay * sums.bb + (there ? b[t] * b[t] : 0);
    sums.weight = decay * sums.weight + (there ? 1 : 0);
  }
  return sums;
}

Result<void> check_returns(std::span<const std::vector<double>> returns, double decay) {
  TRY_VOID(check_range(decay, "decay", 1e-9, 1));
  for (const std::vector<double>& series : returns) {
    if (series.size() != returns[0].size()) return fail({.message = "series of returns differ in length"});
    for (const double value : series) {
      if (std::isinf(value)) return fail({.message = "a return is infinite"});
    }
  }
  return {};
}

}  // namespace

Result<SymmetricMatrix> weighted_covariance(std::span<const std::vector<double>> returns, double decay) {
  TRY_VOID(check_returns(returns, decay));
  const std::size_t n = returns.size();
  std::vector<double> deviation;
  SymmetricMatrix correlation = SymmetricMatrix::identity(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Sums own = sums_of(returns[i], returns[i], decay);
    deviation.push_back(own.weight > 0 ? std::sqrt(own.aa / own.weight) : 0);
    for (std::size_t j = 0; j < i; ++j) {
      const Sums both = sums_of(returns[i], returns[j], decay);
      const double scale = std::sqrt(both.aa) * std::sqrt(both.bb);
      if (scale > 0) correlation.set(i, j, both.ab / scale);
    }
  }
  if (n > 0 && eigen_system(correlation).values.back() < least_eigenvalue)
    correlation = TRY(clip_eigenvalues(correlation, least_eigenvalue));
  SymmetricMatrix covariance(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) covariance.set(i, j, correlation(i, j) * deviation[i] * deviation[j]);
  }
  return covariance;
}

}  // namespace margrave
