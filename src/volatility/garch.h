#pragma once

#include <limits>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// r = mean + sqrt(h) z,  h = omega + (alpha + leverage [e < 0]) e^2 + beta h,  e = r - mean, all of the step before.
/// leverage = 0 is GARCH(1,1), otherwise GJR. nu is the degrees of freedom of a Student t for z, scaled to variance 1;
/// infinity is the normal distribution. nu does not enter the recursion, only the likelihood.
/// Units: mean in the unit of r, omega in its square, the others plain numbers.
/// Source: Bollerslev (1986); Glosten, Jagannathan and Runkle (1993); Bollerslev (1987) for the t.
struct GarchParameters {
  double mean{0}, omega{0}, alpha{0}, leverage{0}, beta{0};
  double nu{std::numeric_limits<double>::infinity()};

  /// alpha + leverage/2 + beta; below 1 the variance has a long-run mean.
  double persistence() const { return alpha + 0.5 * leverage + beta; }
  /// omega / (1 - persistence); infinite or negative where persistence >= 1.
  double long_run_variance() const { return omega / (1 - persistence()); }
};

/// One step of the recursion: the next variance from this one and this residual. Same bits on every machine.
inline double next_garch_variance(const GarchParameters& p, double variance, double residual) {
  const double weight = residual < 0 ? p.alpha + p.leverage : p.alpha;
  return p.omega + weight * (residual * residual) + p.beta * variance;
}

/// The variance of the first return when both the squared residual and the variance before it are taken to be
/// `presample`; half of the leverage counts.
inline double first_garch_variance(const GarchParameters& p, double presample) {
  return p.omega + p.alpha * presample + 0.5 * p.leverage * presample + p.beta * presample;
}

/// Errors: omega, alpha, beta or alpha + leverage below 0, beta above 1, nu not above 2, or anything not a number.
Result<void> check_parameters(const GarchParameters& parameters);

/// The recursion one return at a time, O(1) in time and memory.
class GarchFilter {
 public:
  /// `variance` is that of the first return, > 0 (first_garch_variance). Errors: as check_parameters.
  static Result<GarchFilter> start(const GarchParameters& parameters, double variance);

  /// Errors: not a finite number; the state is then unchanged.
  Result<void> update(double value);
  /// Of the next return.
  double variance() const { return variance_; }

 private:
  GarchFilter(const GarchParameters& parameters, double variance) : parameters_(parameters), variance_(variance) {}
  GarchParameters parameters_;
  double variance_;
};

/// The same over a series: returns[n] -> n + 1 variances, the i-th known before returns[i], the last that of the next
/// return. The bits are GarchFilter's.
Result<std::vector<double>> garch_variances(const GarchParameters& parameters, double first,
                                            std::span<const double> returns);

/// Expected variances of the next `steps` returns when the first of them has `next`: h_k = omega + persistence h_(k-1).
std::vector<double> garch_forecast(const GarchParameters& parameters, double next, std::size_t steps);

}  // namespace margrave
