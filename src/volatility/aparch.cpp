#include "volatility/aparch.h"

#include <algorithm>
#include <cmath>

#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/series.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

/// Not below 0 even for a gamma just outside [-1, 1], where a fit's differences reach.
double asymmetric(const AparchParameters& p, double residual) {
  return std::max(0.0, std::abs(residual) - p.gamma * residual);
}

double next_power(const AparchParameters& p, double power, double news) {
  return p.omega + p.alpha * news + p.beta * power;
}

/// (|e| - gamma e)^delta of all residuals.
Vector all_news(const AparchParameters& p, std::span<const double> residuals) {
  Vector news(residuals.size());
  for (std::size_t i = 0; i < news.size(); ++i) news[i] = asymmetric(p, residuals[i]);
  stable_pow(best_isa(), news, Vector(news.size(), p.delta), news);
  return news;
}

double presample_power(const AparchParameters& p, Presample rule, std::span<const double> residuals) {
  if (rule == Presample::mean_square) return stable_pow(mean_square(residuals, 0), 0.5 * p.delta);
  // The back-cast of squares, of numbers whose square is |e|^delta.
  Vector roots;
  for (const double residual : residuals.first(std::min<std::size_t>(75, residuals.size()))) {
    roots.push_back(stable_pow(std::abs(residual), 0.5 * p.delta));
  }
  return backcast(roots, 0);
}

}  // namespace

Result<void> check_parameters(const AparchParameters& p) {
  constexpr double largest = std::numeric_limits<double>::max();
  TRY_VOID(check_range(p.omega, "omega", 0, largest));
  TRY_VOID(check_range(p.alpha, "alpha", 0, largest));
  TRY_VOID(check_range(p.gamma, "gamma", -1, 1));
  TRY_VOID(check_range(p.beta, "beta", 0, 1));
  TRY_VOID(check_range(p.delta, "delta", 0.2, 5));
  return check_range(p.nu, "nu", 2.0000001, std::numeric_limits<double>::infinity());
}

Result<AparchFilter> AparchFilter::start(const AparchParameters& parameters, double variance) {
  TRY_VOID(check_parameters(parameters));
  TRY_VOID(check_positive(variance, "first variance"));
  return AparchFilter(parameters, stable_pow(variance, 0.5 * parameters.delta));
}

Result<void> AparchFilter::update(double residual) {
  if (!std::isfinite(residual)) return fail(not_finite("residual"));
  power_ = next_power(parameters_, power_, stable_pow(asymmetric(parameters_, residual), parameters_.delta));
  return {};
}

double AparchFilter::variance() const { return stable_pow(power_, 2 / parameters_.delta); }

std::vector<double> aparch_powers(const AparchParameters& parameters, double first, std::span<const double> residuals) {
  Vector powers{first};
  powers.reserve(residuals.size() + 1);
  for (const double news : all_news(parameters, residuals)) {
    powers.push_back(next_power(parameters, powers.back(), news));
  }
  return powers;
}

double aparch_log_likelihood(const AparchParameters& parameters, Presample rule, std::span<const double> residuals) {
  constexpr double log_two_pi = 1.8378770664093454836;
  const bool normal = std::isinf(parameters.nu);
  const double before = presample_power(parameters, rule, residuals), nu = parameters.nu;
  Vector logs = aparch_powers(parameters, next_power(parameters, before, before), residuals);
  logs.pop_back();
  stable_log(best_isa(), logs, logs);
  Vector squares(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    logs[i] *= 2 / parameters.delta;
    squares[i] = -logs[i];
  }
  stable_exp(best_isa(), squares, squares);
  for (std::size_t i = 0; i < logs.size(); ++i) {
    squares[i] *= residuals[i] * residuals[i];
    if (!normal) squares[i] = 1 + squares[i] / (nu - 2);
  }
  if (!normal) stable_log(best_isa(), squares, squares);
  double sum = 0;
  for (std::size_t i = 0; i < logs.size(); ++i) sum += logs[i] + (normal ? squares[i] : (nu + 1) * squares[i]);
  const double constant = normal ? log_two_pi : -2 * log_unit_t_constant(nu);
  return -0.5 * (sum + static_cast<double>(residuals.size()) * constant);
}

}  // namespace margrave
