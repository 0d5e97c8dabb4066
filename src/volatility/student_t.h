#pragma once

#include <utility>

namespace margrave {

/// Student's t with nu > 0 degrees of freedom. "Unit" is the t scaled to variance 1 (nu > 2), as GARCH models use it.
/// These serve estimation and use only stable_exp, stable_log and + - * / sqrt. docs/methods/volatility.md

/// ln Gamma(x), x > 0, absolute error 1e-14 for x <= 100.
double log_gamma(double x);
/// ln of the density of the plain t at 0, and of the unit t at 0.
double log_t_constant(double nu);
double log_unit_t_constant(double nu);

double student_t_density(double x, double nu);
/// Relative error about 1e-13 in both tails.
double student_t_cdf(double x, double nu);
/// Of a probability in (0, 1). NaN outside.
double student_t_quantile(double probability, double nu);

/// Value at risk and expected shortfall of the tail probability `tail` in (0, 0.5]: losses, so above zero.
/// ES = f(q)/tail (nu + q^2)/(nu - 1), nu > 1. Source: McNeil, Frey and Embrechts (2015), example 2.15.
struct TailLoss {
  double var{0}, es{0};
};
TailLoss student_t_tail(double tail, double nu);
/// The same for the t scaled to variance 1; nu > 2.
TailLoss unit_t_tail(double tail, double nu);

/// Coefficient of tail dependence of two t variables, the same for both tails: 2
/// t_(nu+1)(-sqrt((nu+1)(1-rho)/(1+rho))). rho in (-1, 1]. Source: Embrechts, McNeil and Straumann (2002).
double t_tail_dependence(double nu, double rho);

/// P(X < x, Y < y) of the bivariate t, rho in (-1, 1), by quadrature over X; absolute error about 1e-11.
double bivariate_t_cdf(double x, double y, double nu, double rho);

}  // namespace margrave
