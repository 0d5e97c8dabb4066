#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Log-linear realised GARCH(1,1): r = sqrt(h) z,  ln h = omega + beta ln h + gamma ln x of the step before, and the
/// realised measure follows ln x = xi + phi ln h + tau_1 z + tau_2 (z^2 - 1) + u, u normal with deviation sigma_u.
/// x is a variance measured inside the step (realised variance, kernel, Parkinson), > 0, in the square of r's unit.
/// Source: Hansen, Huang and Shek (2012).
struct RealisedGarchParameters {
  double omega{0}, beta{0}, gamma{0};
  double xi{0}, phi{1}, tau_1{0}, tau_2{0}, sigma_u{1};
  double first_log_variance{0};  ///< ln h of the first step, estimated too

  /// beta + phi gamma: the memory of ln h.
  double persistence() const { return beta + phi * gamma; }
};

/// Same bits on every machine.
inline double next_realised_log_variance(const RealisedGarchParameters& p, double log_variance, double log_measure) {
  return p.omega + p.beta * log_variance + p.gamma * log_measure;
}

/// Errors: a parameter that is not a number; sigma_u not above 0.
Result<void> check_parameters(const RealisedGarchParameters& parameters);

/// The recursion one measure at a time, O(1), from parameters.first_log_variance.
class RealisedGarchFilter {
 public:
  static Result<RealisedGarchFilter> start(const RealisedGarchParameters& parameters);

  /// The realised measure of the step that ended. Errors: not a finite number above 0; the state is then unchanged.
  Result<void> update(double measure);
  double log_variance() const { return log_variance_; }
  double variance() const;

 private:
  explicit RealisedGarchFilter(const RealisedGarchParameters& parameters)
      : parameters_(parameters), log_variance_(parameters.first_log_variance) {}
  RealisedGarchParameters parameters_;
  double log_variance_;
};

/// measures[n] -> n + 1 log-variances, the i-th known before measures[i]. The bits are RealisedGarchFilter's.
Result<std::vector<double>> realised_log_variances(const RealisedGarchParameters& parameters,
                                                   std::span<const double> measures);

struct RealisedLikelihood {
  double returns{0}, measures{0};  ///< parts of the joint log-likelihood
  double joint() const { return returns + measures; }
};

/// Of many parameter sets in one pass. Shapes: returns[n], log_measures[n], sets[m] -> out[m]; n >= 1.
void realised_log_likelihoods(std::span<const double> returns, std::span<const double> log_measures,
                              std::span<const RealisedGarchParameters> sets, std::span<RealisedLikelihood> out);

struct RealisedGarchFit {
  RealisedGarchParameters parameters;
  RealisedGarchParameters errors;  ///< standard errors from the inverse Hessian
  RealisedLikelihood log_likelihood;
  double next_log_variance{0};
  int iterations{0};
  bool converged{false};
};

/// Maximum of the joint likelihood; returns[n], measures[n], n >= 100. The unit is taken as given: best near 1 (per
/// cent), as omega, xi and the first log-variance move with it.
/// Errors: check_series, check_positive_series; lengths that differ; series that do not vary.
Result<RealisedGarchFit> fit_realised_garch(std::span<const double> returns, std::span<const double> measures);

}  // namespace margrave
