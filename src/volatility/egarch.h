#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// r = mean + sqrt(h) z,  ln h = omega + sign z + size (|z| - sqrt(2/pi)) + beta ln h, all of the step before; z
/// normal. `sign` below 0: falls raise the variance more than rises. Units: mean in the unit of r; omega moves with the
/// unit. Source: Nelson (1991); letters as rugarch: alpha = sign, gamma = size.
struct EgarchParameters {
  double mean{0}, omega{0}, sign{0}, size{0}, beta{0};
};

/// z of a residual under a log-variance, and the next log-variance. Same bits on every machine.
double egarch_shock(double log_variance, double residual);
double next_egarch_log_variance(const EgarchParameters& p, double log_variance, double shock);

/// Errors: a parameter that is not a number; beta outside [-1, 1].
Result<void> check_parameters(const EgarchParameters& parameters);

/// The recursion one return at a time, O(1).
class EgarchFilter {
 public:
  /// `log_variance` is that of the first return. Errors: as check_parameters; not a finite number.
  static Result<EgarchFilter> start(const EgarchParameters& parameters, double log_variance);

  /// Errors: not a finite number; the state is then unchanged.
  Result<void> update(double value);
  /// Of the next return: natural logarithm, and itself.
  double log_variance() const { return log_variance_; }
  double variance() const;

 private:
  EgarchFilter(const EgarchParameters& parameters, double log_variance)
      : parameters_(parameters), log_variance_(log_variance) {}
  EgarchParameters parameters_;
  double log_variance_;
};

/// returns[n] -> n + 1 log-variances, the i-th known before returns[i]. The bits are EgarchFilter's.
Result<std::vector<double>> egarch_log_variances(const EgarchParameters& parameters, double first,
                                                 std::span<const double> returns);

/// Log-likelihoods of many parameter sets in one pass; the first log-variance is ln mean (r - mean)^2 of each set.
/// Shapes: returns[n], sets[m] -> out[m]; n >= 1. Edges: a variance that leaves the doubles gives NaN.
void egarch_log_likelihoods(std::span<const double> returns, std::span<const EgarchParameters> sets,
                            std::span<double> out);

struct EgarchFit {
  EgarchParameters parameters;
  EgarchParameters errors;  ///< standard errors from the inverse Hessian; NaN on a bound
  double log_likelihood{0};
  double first_log_variance{0}, next_log_variance{0};
  int iterations{0};
  bool converged{false};
};

/// Maximum likelihood; returns[n], n >= 100, in any unit. |z| has a kink, so the last digits of the mean's standard
/// error depend on the width of the differences. Errors: check_series; a series that does not vary.
Result<EgarchFit> fit_egarch(std::span<const double> returns);

}  // namespace margrave
