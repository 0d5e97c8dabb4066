#include "volatility/gamma_quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/elementary.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

constexpr int most_terms = 100000;

/// x^a e^-x / Gamma(a).
double front(double x, double shape) { return stable_exp(shape * stable_log(x) - x - log_gamma(shape)); }

double lower_series(double x, double shape) {
  double term = 1 / shape, sum = term;
  for (int n = 1; n < most_terms && term > 1e-17 * sum; ++n) {
    term *= x / (shape + n);
    sum += term;
  }
  return front(x, shape) * sum;
}

/// 1 - P, by Lentz's method.
double upper_fraction(double x, double shape) {
  constexpr double tiny = 1e-300;
  double b = x + 1 - shape, c = 1 / tiny, d = 1 / b, fraction = d;
  for (int n = 1; n < most_terms; ++n) {
    const double a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    c = b + a / c;
    if (d == 0) d = tiny;
    if (c == 0) c = tiny;
    d = 1 / d;
    fraction *= d * c;
    if (std::fabs(d * c - 1) < 1e-16) break;
  }
  return front(x, shape) * fraction;
}

double start_of(double probability, double shape) {
  const double part = 1 / (9 * shape), root = 1 - part + normal_quantile(probability) * std::sqrt(part);
  if (root > 0.1) return shape * root * root * root;
  // Far below, P is nearly its first term x^a / Gamma(a + 1).
  return stable_exp((stable_log(probability) + log_gamma(shape + 1)) / shape);
}

}  // namespace

double gamma_cdf(double x, double shape) {
  if (!(x > 0)) return 0;
  return x < shape + 1 ? lower_series(x, shape) : 1 - upper_fraction(x, shape);
}

double gamma_quantile(double probability, double shape) {
  if (!(probability > 0 && probability < 1 && shape > 0)) return std::numeric_limits<double>::quiet_NaN();
  double low = 0, high = std::numeric_limits<double>::infinity();
  double x = std::max(start_of(probability, shape), std::numeric_limits<double>::min());
  for (int step = 0; step < 200; ++step) {
    const double error = gamma_cdf(x, shape) - probability;
    (error > 0 ? high : low) = x;
    const double density = front(x, shape) / x;
    double next = x - error / density;
    if (!(next > low && next < high)) next = high < std::numeric_limits<double>::max() ? 0.5 * (low + high) : 2 * x;
    const double moved = std::fabs(next - x);
    x = next;
    if (moved <= 1e-14 * x) break;
  }
  return x;
}

}  // namespace margrave
