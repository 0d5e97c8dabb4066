#include "volatility/arma.h"

#include <algorithm>

#include "volatility/series.h"

namespace margrave {
namespace {

/// The residual after those before it.
double residual_at(const ArmaParameters& p, std::span<const double> returns, std::span<const double> before) {
  const std::size_t t = before.size();
  double residual = returns[t] - p.mean;
  for (std::size_t i = 0; i < p.ar.size(); ++i) residual -= p.ar[i] * (returns[t - 1 - i] - p.mean);
  for (std::size_t j = 0; j < p.ma.size(); ++j) residual -= p.ma[j] * before[t - 1 - j];
  return residual;
}

}  // namespace

Result<std::vector<double>> arma_residuals(const ArmaParameters& parameters, std::span<const double> returns) {
  TRY_VOID(check_number(parameters.mean, "mean"));
  TRY_VOID(check_series(parameters.ar, "ar", 0));
  TRY_VOID(check_series(parameters.ma, "ma", 0));
  TRY_VOID(check_series(returns, "returns", 0));
  std::vector<double> residuals;
  residuals.reserve(returns.size());
  const std::size_t start = std::max(parameters.ar.size(), parameters.ma.size());
  for (std::size_t t = 0; t < returns.size(); ++t) {
    residuals.push_back(t < start ? 0 : residual_at(parameters, returns, residuals));
  }
  return residuals;
}

}  // namespace margrave
