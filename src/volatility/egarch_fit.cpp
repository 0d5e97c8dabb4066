#include <array>
#include <cmath>

#include "math/elementary.h"
#include "volatility/egarch.h"
#include "volatility/minimum.h"
#include "volatility/series.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;
constexpr std::size_t count = 5;

EgarchParameters set_at(const double* x) {
  return {.mean = x[0], .omega = x[1], .sign = x[2], .size = x[3], .beta = x[4]};
}

/// Parameters of returns divided by `unit` -> of the returns themselves: ln h grows by ln unit^2.
EgarchParameters unscaled(EgarchParameters p, double unit) {
  p.mean *= unit;
  p.omega += (1 - p.beta) * 2 * std::log(unit);
  return p;
}

/// omega of the returns is omega + (1 - beta) c of the scaled ones, so its variance has three terms.
EgarchParameters unscaled_errors(const Minimum& minimum, double unit) {
  const Vector e = standard_errors(minimum);
  EgarchParameters errors = set_at(e.data());
  errors.mean *= unit;
  const auto covariance = inverse(minimum.hessian);
  if (!covariance) return errors;
  const double c = -2 * std::log(unit);
  errors.omega = std::sqrt((*covariance)(1, 1) + 2 * c * (*covariance)(1, 4) + c * c * (*covariance)(4, 4));
  return errors;
}

Vector grid(double mean) {
  Vector points;
  for (const double beta : {0.5, 0.8, 0.9, 0.95, 0.98, 0.995}) {
    for (const double size : {0.05, 0.1, 0.2, 0.3, 0.5}) {
      for (const double sign : {-0.15, -0.05, 0.0}) points.insert(points.end(), {mean, 0.0, sign, size, beta});
    }
  }
  return points;
}

}  // namespace

Result<EgarchFit> fit_egarch(std::span<const double> returns) {
  TRY_VOID(check_series(returns, "returns", 100));
  TRY_VOID(check_varies(returns, "returns"));
  const double unit = std::sqrt(mean_square(returns, mean(returns)));
  Vector scaled(returns.begin(), returns.end());
  for (double& value : scaled) value /= unit;
  const ManyPoints function = [&](std::span<const double> points, std::span<double> values) {
    std::vector<EgarchParameters> sets;
    for (std::size_t i = 0; i < values.size(); ++i) sets.push_back(set_at(points.data() + i * count));
    egarch_log_likelihoods(scaled, sets, values);
    for (double& value : values) value = -value;
  };
  SearchBox box{.start = best_point(function, grid(mean(scaled)), count),
                .lower = {-10, -5, -2, -2, -0.99999},
                .upper = {10, 5, 2, 4, 0.99999},
                .scale = {0.01, 0.01, 0.01, 0.01, 0.01}};
  const Minimum minimum = minimise(function, box);
  EgarchFit fit;
  const EgarchParameters at = set_at(minimum.point.data());
  fit.parameters = unscaled(at, unit);
  fit.errors = unscaled_errors(minimum, unit);
  fit.log_likelihood = -minimum.value - static_cast<double>(returns.size()) * std::log(unit);
  fit.first_log_variance = stable_log(mean_square(returns, fit.parameters.mean));
  fit.next_log_variance = TRY(egarch_log_variances(fit.parameters, fit.first_log_variance, returns)).back();
  fit.iterations = minimum.iterations;
  fit.converged = minimum.promise < 1e-4;  // the kinks of |z| leave a little where many residuals are near 0
  return fit;
}

}  // namespace margrave
