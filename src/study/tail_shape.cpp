#include "study/tail_shape.h"

#include <fmt/core.h>

#include <cmath>

#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double largest_tail = 0.25, largest_nu = 200;  // beyond them the series of the tail is slow
constexpr double root_pi = 1.7724538509055160273;

/// Gamma((nu + 1)/2) / Gamma(nu/2): the series in 1/nu, after raising nu by steps of 2 to above 30.
/// DLMF 5.5.1, 5.11.13.
double gamma_ratio(double nu) {
  double factor = 1;
  for (; nu < 30; nu += 2) factor *= nu / (nu + 1);
  const double r = 1 / nu, s = r * r;
  const double log_correction = -r / 4 + r * s / 24 - r * s * s / 20 + r * s * s * s * 17 / 112;
  return factor * std::sqrt(0.5 * nu) * stable_exp(log_correction);
}

double density(double x, double nu) {
  return gamma_ratio(nu) / (std::sqrt(nu) * root_pi) * stable_pow(1 + x * x / nu, -0.5 * (nu + 1));
}

/// P(T > x) = I_w(nu/2, 1/2) / 2 with w = nu/(nu + x^2), x > 0, by a series whose terms are all above zero:
/// I_w(a, b) = w^a (1 - w)^b / (a B(a, b)) F(a + b, 1; a + 1; w). DLMF 8.17.8.
double upper_tail(double x, double nu) {
  const double w = nu / (nu + x * x), a = 0.5 * nu;
  double term = 1, sum = 1;
  for (int k = 0; k < 100'000 && term > 1e-17 * sum; ++k) {
    term *= (a + 0.5 + k) / (a + 1 + k) * w;
    sum += term;
  }
  return stable_pow(w, a) * x / std::sqrt(nu + x * x) * gamma_ratio(nu) / (nu * root_pi) * sum;
}

/// Newton from the normal quantile, left of the root: the upper tail is convex there, so every step stays left of it.
double quantile(double nu, double tail) {
  double x = -normal_quantile(tail);
  for (int step = 0; step < 200; ++step) {
    const double next = x + (upper_tail(x, nu) - tail) / density(x, nu);
    if (std::abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

}  // namespace

Result<TailShape> tail_shape(double nu, double tail) {
  if (!(tail > 0 && tail <= largest_tail)) {
    return fail({.kind = ErrorKind::config,
                 .message = fmt::format("tail is {}, not above 0 and at most {}", tail, largest_tail),
                 .field = "tail",
                 .remedy = "0.025 is 2.5 %"});
  }
  if (std::isinf(nu) && nu > 0) {
    const double var = -normal_quantile(tail);
    return TailShape{.nu = nu, .tail = tail, .var = var, .es = normal_density(var) / tail};
  }
  if (!(nu > 1 && nu <= largest_nu)) {
    return fail({.kind = ErrorKind::config,
                 .message = fmt::format("nu is {}, not above 1 and at most {}", nu, largest_nu),
                 .field = "nu",
                 .remedy = "use infinity for the normal distribution"});
  }
  const double var = quantile(nu, tail);
  return TailShape{.nu = nu, .tail = tail, .var = var, .es = density(var, nu) / tail * (nu + var * var) / (nu - 1)};
}

}  // namespace margrave
