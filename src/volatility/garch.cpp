#include "volatility/garch.h"

#include <cmath>

#include "volatility/series.h"

namespace margrave {
namespace {

constexpr double largest = std::numeric_limits<double>::max();

Result<void> check_first(double variance) {
  return check_range(variance, "first variance", std::numeric_limits<double>::denorm_min(), largest);
}

}  // namespace

Result<void> check_parameters(const GarchParameters& p) {
  TRY_VOID(check_number(p.mean, "mean"));
  TRY_VOID(check_range(p.omega, "omega", 0, largest));
  TRY_VOID(check_range(p.alpha, "alpha", 0, largest));
  TRY_VOID(check_range(p.alpha + p.leverage, "alpha + leverage", 0, largest));
  TRY_VOID(check_range(p.beta, "beta", 0, 1));
  return check_range(p.nu, "nu", 2.0000001, std::numeric_limits<double>::infinity());
}

Result<GarchFilter> GarchFilter::start(const GarchParameters& parameters, double variance) {
  TRY_VOID(check_parameters(parameters));
  TRY_VOID(check_first(variance));
  return GarchFilter(parameters, variance);
}

Result<void> GarchFilter::update(double value) {
  if (!std::isfinite(value)) return fail(not_finite("return"));
  variance_ = next_garch_variance(parameters_, variance_, value - parameters_.mean);
  return {};
}

Result<std::vector<double>> garch_variances(const GarchParameters& parameters, double first,
                                            std::span<const double> returns) {
  TRY_VOID(check_parameters(parameters));
  TRY_VOID(check_first(first));
  TRY_VOID(check_series(returns, "returns", 0));
  std::vector<double> variances{first};
  variances.reserve(returns.size() + 1);
  for (const double value : returns) {
    variances.push_back(next_garch_variance(parameters, variances.back(), value - parameters.mean));
  }
  return variances;
}

std::vector<double> garch_forecast(const GarchParameters& parameters, double next, std::size_t steps) {
  std::vector<double> variances(steps);
  for (double& variance : variances) {
    variance = next;
    next = parameters.omega + parameters.persistence() * next;
  }
  return variances;
}

}  // namespace margrave
