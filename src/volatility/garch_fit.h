#pragma once

#include <array>
#include <span>

#include "volatility/garch_likelihood.h"

namespace margrave {

enum class GarchModel : unsigned char {
  garch,    ///< leverage = 0, normal
  gjr,      ///< normal
  garch_t,  ///< leverage = 0, Student t
  gjr_t,    ///< Student t
};

/// Standard errors in the order mean, omega, alpha, leverage, beta, nu; NaN for what was not estimated or lies on its
/// bound. hessian: inverse Hessian. outer_product: inverse sum of squared scores. robust: Bollerslev and Wooldridge
/// (1992), the sandwich of both.
struct GarchErrors {
  std::array<double, 6> hessian, outer_product, robust;
};

struct GarchFit {
  GarchParameters parameters;
  GarchErrors errors;
  double log_likelihood{0};
  double presample{0};      ///< variance before the first return, as the rule gives it at these parameters
  double next_variance{0};  ///< of the return after the last
  int iterations{0};
  bool converged{false};
};

/// Maximum likelihood. Shapes: returns[n], n >= 100. The unit of the returns does not matter: they are scaled to
/// variance 1 inside, and the result is in their own unit. alpha, beta and alpha + leverage are kept >= 0; persistence
/// may come out above 1. An estimate: other machines may differ in the last digits.
/// Errors: check_series; a series without variance; an optimiser that finds no minimum is not an error but
/// converged = false.
Result<GarchFit> fit_garch(GarchModel model, std::span<const double> returns, Presample rule = Presample::mean_square);

}  // namespace margrave
