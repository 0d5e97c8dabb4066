#pragma once

#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "volatility/arma.h"
#include "volatility/garch_likelihood.h"

namespace margrave {

/// s = omega + alpha (|e| - gamma e)^delta + beta s of the step before, with s = h^(delta/2). delta = 2, gamma = 0 is
/// GARCH; delta = 1 is TARCH, whose weights are alpha (1 - gamma) for rises and alpha (1 + gamma) for falls.
/// nu as in GarchParameters. Units: omega in the returns' unit to the power delta.
/// Source: Ding, Granger and Engle (1993).
struct AparchParameters {
  double omega{0}, alpha{0}, gamma{0}, beta{0}, delta{2};
  double nu{std::numeric_limits<double>::infinity()};
};

/// Errors: omega, alpha or beta below 0, beta above 1, gamma outside [-1, 1], delta outside [0.2, 5], nu not above 2.
Result<void> check_parameters(const AparchParameters& parameters);

/// The recursion one residual at a time, O(1). Same bits on every machine.
class AparchFilter {
 public:
  /// `variance` is that of the first step, > 0.
  static Result<AparchFilter> start(const AparchParameters& parameters, double variance);

  /// The return less its mean. Errors: not a finite number; the state is then unchanged.
  Result<void> update(double residual);
  /// Of the next step: h^(delta/2), and h.
  double power() const { return power_; }
  double variance() const;

 private:
  AparchFilter(const AparchParameters& parameters, double power) : parameters_(parameters), power_(power) {}
  AparchParameters parameters_;
  double power_;
};

/// residuals[n] -> n + 1 powers h^(delta/2), the first given; the bits are AparchFilter's.
std::vector<double> aparch_powers(const AparchParameters& parameters, double first, std::span<const double> residuals);

/// Log-likelihood with all constants; NaN where a variance is not above 0. The step before the first has |e|^delta and
/// s equal to (mean e^2)^(delta/2), or to the back-cast of |e|^delta, its sign unknown (gamma does not count).
double aparch_log_likelihood(const AparchParameters& parameters, Presample rule, std::span<const double> residuals);

struct AparchModel {
  std::optional<double> delta{};  ///< fixed; estimated where absent
  bool student_t{false};
  Presample presample{Presample::mean_square};
};

struct AparchFit {
  ArmaParameters mean;
  AparchParameters variance;
  double log_likelihood{0};
  int iterations{0};
  bool converged{false};
};

/// Maximum likelihood of mean and variance together; `start` as in fit_arma_garch. returns[n], n >= 100, in any unit.
/// Errors: check_series; orders; no variation.
Result<AparchFit> fit_aparch(const AparchModel& model, const ArmaParameters& start, std::span<const double> returns);

}  // namespace margrave
