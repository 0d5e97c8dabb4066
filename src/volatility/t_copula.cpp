#include "volatility/t_copula.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/check.h"
#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/kendall.h"
#include "volatility/nearest_correlation.h"
#include "volatility/series.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

Result<void> check_rows(std::span<const double> returns, std::size_t columns) {
  if (columns < 2 || returns.size() % columns != 0) {
    return fail({.message = "the returns are not rows of two or more series",
                 .field = "returns",
                 .remedy = "give every series a return in every step"});
  }
  return check_series(returns, "returns", 50 * columns);
}

std::vector<Vector> columns_of(std::span<const double> returns, std::size_t columns) {
  std::vector<Vector> series(columns);
  for (std::size_t k = 0; k < returns.size(); ++k) series[k % columns].push_back(returns[k]);
  return series;
}

/// The likelihood as a function of nu for fixed ranks and correlation.
class Profile {
 public:
  Profile(const std::vector<Vector>& series, const Vector& lower) : lower_(lower) {
    for (const Vector& one : series) ranks_.push_back(ranks(one));
    for (std::size_t j = 0; j < series.size(); ++j) log_root_ -= stable_log(lower[j * series.size() + j]);
  }

  double operator()(double nu) const {
    const std::size_t d = ranks_.size(), n = ranks_[0].size();
    const Vector table = quantiles(nu);
    Vector joint(n), own(n * d), x(d);
    for (std::size_t t = 0; t < n; ++t) {
      for (std::size_t j = 0; j < d; ++j) {
        x[j] = quantile(table, ranks_[j][t]);
        own[t * d + j] = 1 + x[j] * x[j] / nu;
      }
      joint[t] = 1 + squared_length(x) / nu;
    }
    stable_log(best_isa(), joint, joint);
    stable_log(best_isa(), own, own);
    double by_joint = 0, by_own = 0;
    for (const double value : joint) by_joint += value;
    for (const double value : own) by_own += value;
    const auto dimension = static_cast<double>(d);
    const double constant = log_gamma(0.5 * (nu + dimension)) + (dimension - 1) * log_gamma(0.5 * nu) -
                            dimension * log_gamma(0.5 * (nu + 1)) + log_root_;
    return static_cast<double>(n) * constant - 0.5 * (nu + dimension) * by_joint + 0.5 * (nu + 1) * by_own;
  }

 private:
  /// Quantiles of k / (2 n + 2) for half-integer ranks k / 2 up to the middle; the rest is symmetric.
  Vector quantiles(double nu) const {
    const std::size_t n = ranks_[0].size();
    Vector table(n + 2, 0.0);
    for (const Vector& one : ranks_) {
      for (const double rank : one) table[folded(rank)] = 1;
    }
    for (std::size_t k = 1; k <= n; ++k) {
      if (table[k] != 0) table[k] = student_t_quantile(static_cast<double>(k) / static_cast<double>(2 * n + 2), nu);
    }
    return table;
  }

  /// Twice the rank, counted from the nearer end.
  std::size_t folded(double rank) const {
    const auto twice = static_cast<std::size_t>(2 * rank);
    return std::min(twice, 2 * (ranks_[0].size() + 1) - twice);
  }
  double quantile(const Vector& table, double rank) const {
    const double lower_half = table[folded(rank)];
    return 2 * rank > static_cast<double>(ranks_[0].size() + 1) ? -lower_half : lower_half;
  }

  /// x' R^-1 x from the lower factor of R.
  double squared_length(Vector& x) const {
    const std::size_t d = x.size();
    double sum = 0;
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < i; ++j) x[i] -= lower_[i * d + j] * x[j];
      x[i] /= lower_[i * d + i];
      sum += x[i] * x[i];
    }
    return sum;
  }

  std::vector<Vector> ranks_;
  Vector lower_;
  double log_root_{0};
};

/// Maximum over ln nu by golden section; the profile has one hill.
double best_nu(const Profile& profile) {
  constexpr double golden = 0.61803398874989484820;
  double low = stable_log(t_copula_nu_min), high = stable_log(t_copula_nu_max);
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double at_a = profile(stable_exp(a)), at_b = profile(stable_exp(b));
  while (high - low > 1e-6) {
    if (at_a >= at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - golden * (high - low);
      at_a = profile(stable_exp(a));
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + golden * (high - low);
      at_b = profile(stable_exp(b));
    }
  }
  return stable_exp(0.5 * (low + high));
}

double error_of(const Profile& profile, double nu, double top) {
  if (nu < t_copula_nu_min * 1.01 || nu > t_copula_nu_max * 0.99) return std::numeric_limits<double>::quiet_NaN();
  const double width = 0.02 * (nu - 2);
  const double curvature = (2 * top - profile(nu + width) - profile(nu - width)) / (width * width);
  return curvature > 0 ? 1 / std::sqrt(curvature) : std::numeric_limits<double>::quiet_NaN();
}

/// For |x| <= pi / 2, by its series: the C library's differs from machine to machine.
double sine(double x) {
  double sum = 0, term = x;
  for (int k = 1; k < 14; ++k) {
    sum += term;
    term *= -x * x / ((2.0 * k) * (2.0 * k + 1.0));
  }
  return sum;
}

Result<SymmetricMatrix> tau_correlation(const std::vector<Vector>& series) {
  constexpr double half_pi = 1.5707963267948966192;
  SymmetricMatrix matrix = SymmetricMatrix::identity(series.size());
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) matrix.set(i, j, sine(half_pi * TRY(kendall_tau(series[i], series[j]))));
  }
  return nearest_correlation(matrix, 1e-6);
}

}  // namespace

Result<double> t_copula_log_likelihood(std::span<const double> returns, const SymmetricMatrix& correlation, double nu) {
  TRY_VOID(check_rows(returns, correlation.size));
  TRY_VOID(check_range(nu, "nu", 0.1, 1e6));
  const auto lower = cholesky(correlation);
  if (!lower) return fail({.message = "the correlation is not positive definite", .remedy = "repair it first"});
  return Profile(columns_of(returns, correlation.size), *lower)(nu);
}

Result<TCopulaFit> fit_t_copula(std::span<const double> returns, std::size_t columns) {
  TRY_VOID(check_rows(returns, columns));
  const std::vector<Vector> series = columns_of(returns, columns);
  const SymmetricMatrix correlation = TRY(tau_correlation(series));
  const auto lower = cholesky(correlation);
  CHECK(lower.has_value());
  const Profile profile(series, *lower);
  TCopulaFit fit{.correlation = correlation, .nu = best_nu(profile)};
  fit.log_likelihood = profile(fit.nu);
  fit.nu_error = error_of(profile, fit.nu, fit.log_likelihood);
  return fit;
}

}  // namespace margrave
