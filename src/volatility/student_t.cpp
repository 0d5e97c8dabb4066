#include "volatility/student_t.h"

#include <cmath>
#include <limits>

#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double absent_number = std::numeric_limits<double>::quiet_NaN();
constexpr double log_root_two_pi = 0.91893853320467274178, log_pi = 1.1447298858494001741;

/// Continued fraction of the incomplete beta function by Lentz's method, for x below about (a + 1)/(a + b + 2).
/// Source: DLMF 8.17.22.
double beta_fraction(double x, double a, double b) {
  constexpr double tiny = 1e-300;
  double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), fraction = d;
  for (int m = 1; m <= 2000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1;
    for (const double term : {even, odd}) {
      d = 1 + term * d;
      c = 1 + term / c;
      if (d == 0) d = tiny;
      if (c == 0) c = tiny;
      d = 1 / d;
      change = c * d;
      fraction *= change;
    }
    if (std::abs(change - 1) < 1e-16) break;
  }
  return fraction;
}

/// I_x(a, b), given x and 1 - x apart so that neither loses digits.
double incomplete_beta(double x, double rest, double a, double b) {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  const double log_front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * stable_log(x) + b * stable_log(rest);
  if (x < (a + 1) / (a + b + 2)) return stable_exp(log_front) * beta_fraction(x, a, b) / a;
  return 1 - stable_exp(log_front) * beta_fraction(rest, b, a) / b;
}

/// P(T < -|x|).
double lower_tail(double x, double nu) {
  const double sum = nu + x * x;
  return 0.5 * incomplete_beta(nu / sum, x * x / sum, 0.5 * nu, 0.5);
}

double unit_scale(double nu) { return std::sqrt((nu - 2) / nu); }

}  // namespace

double log_gamma(double x) {
  double product = 1;
  for (; x < 12; x += 1) product *= x;
  const double r = 1 / x, s = r * r;
  const double tail = r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188)))));
  return (x - 0.5) * stable_log(x) - x + log_root_two_pi + tail - stable_log(product);
}

double log_t_constant(double nu) {
  return log_gamma(0.5 * (nu + 1)) - log_gamma(0.5 * nu) - 0.5 * (stable_log(nu) + log_pi);
}

double log_unit_t_constant(double nu) {
  return log_gamma(0.5 * (nu + 1)) - log_gamma(0.5 * nu) - 0.5 * (stable_log(nu - 2) + log_pi);
}

double student_t_density(double x, double nu) {
  return stable_exp(log_t_constant(nu) - 0.5 * (nu + 1) * stable_log(1 + x * x / nu));
}

double student_t_cdf(double x, double nu) { return x < 0 ? lower_tail(x, nu) : 1 - lower_tail(x, nu); }

double student_t_quantile(double probability, double nu) {
  if (!(probability > 0 && probability < 1)) return absent_number;
  if (probability > 0.5) return -student_t_quantile(1 - probability, nu);
  double low = -1, high = 0;
  while (lower_tail(low, nu) > probability) low *= 2;
  double x = 0.5 * (low + high);
  for (int i = 0; i < 200; ++i) {
    const double excess = lower_tail(x, nu) - probability;
    (excess > 0 ? high : low) = x;
    double next = x - excess / student_t_density(x, nu);
    if (std::abs(next - x) <= 1e-15 * std::abs(x)) return next;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    x = next;
  }
  return x;
}

TailLoss student_t_tail(double tail, double nu) {
  const double q = student_t_quantile(tail, nu);
  return {.var = -q, .es = student_t_density(q, nu) / tail * (nu + q * q) / (nu - 1)};
}

TailLoss unit_t_tail(double tail, double nu) {
  const TailLoss plain = student_t_tail(tail, nu);
  return {.var = unit_scale(nu) * plain.var, .es = unit_scale(nu) * plain.es};
}

double t_tail_dependence(double nu, double rho) {
  return 2 * student_t_cdf(-std::sqrt((nu + 1) * (1 - rho) / (1 + rho)), nu + 1);
}

double bivariate_t_cdf(double x, double y, double nu, double rho) {
  // Given X = s, Y is a t with nu + 1 degrees of freedom about rho s, its scale grown by s. With p = F(s) the outer
  // integral is over (0, F(x)); p = F(x) u^4 flattens the end at 0, where s runs to -infinity.
  const double top = student_t_cdf(x, nu), root = std::sqrt((1 - rho) * (1 + rho));
  constexpr int steps = 400;
  double sum = 0;
  for (int i = 1; i <= steps; ++i) {
    const double u = static_cast<double>(i) / steps, u2 = u * u;
    const double s = i == steps ? x : student_t_quantile(top * u2 * u2, nu);
    const double scale = root * std::sqrt((nu + s * s) / (nu + 1));
    const double value = student_t_cdf((y - rho * s) / scale, nu + 1) * 4 * u2 * u;
    sum += (i == steps ? 1 : i % 2 == 1 ? 4 : 2) * value;
  }
  return top * sum / (3 * steps);
}

}  // namespace margrave
