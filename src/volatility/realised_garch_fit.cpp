#include <cmath>

#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/minimum.h"
#include "volatility/realised_garch.h"
#include "volatility/series.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;
constexpr std::size_t count = 9;

RealisedGarchParameters set_at(const double* x) {
  return {.omega = x[0],
          .beta = x[1],
          .gamma = x[2],
          .xi = x[3],
          .phi = x[4],
          .tau_1 = x[5],
          .tau_2 = x[6],
          .sigma_u = x[7],
          .first_log_variance = x[8]};
}

/// Memories and weights of the measure; omega and xi keep the means of both logs where the sample has them.
Vector grid(std::span<const double> returns, std::span<const double> log_measures) {
  const double log_variance = std::log(mean_square(returns, 0)), log_measure = mean(log_measures);
  const double spread = std::sqrt(mean_square(log_measures, log_measure));
  Vector points;
  for (const double beta : {0.2, 0.4, 0.55, 0.7, 0.85}) {
    for (const double persistence : {0.9, 0.96, 0.99}) {
      const double gamma = persistence > beta ? persistence - beta : 0.05;
      const double omega = (1 - beta) * log_variance - gamma * log_measure;
      points.insert(points.end(),
                    {omega, beta, gamma, log_measure - log_variance, 1.0, -0.05, 0.05, 0.5 * spread, log_variance});
    }
  }
  return points;
}

}  // namespace

Result<RealisedGarchFit> fit_realised_garch(std::span<const double> returns, std::span<const double> measures) {
  TRY_VOID(check_series(returns, "returns", 100));
  TRY_VOID(check_positive_series(measures, "measures", 100));
  if (returns.size() != measures.size()) {
    return fail({.message = "returns and measures have different lengths", .field = "measures", .remedy = "pair them"});
  }
  TRY_VOID(check_varies(returns, "returns"));
  TRY_VOID(check_varies(measures, "measures"));
  Vector logs(measures.size());
  stable_log(best_isa(), measures, logs);
  const ManyPoints function = [&](std::span<const double> points, std::span<double> values) {
    std::vector<RealisedGarchParameters> sets;
    for (std::size_t i = 0; i < values.size(); ++i) sets.push_back(set_at(points.data() + i * count));
    std::vector<RealisedLikelihood> likelihoods(sets.size());
    realised_log_likelihoods(returns, logs, sets, likelihoods);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = -likelihoods[i].joint();
  };
  const SearchBox box{.start = best_point(function, grid(returns, logs), count),
                      .lower = {-20, -1, -2, -20, -5, -2, -2, 1e-3, -50},
                      .upper = {20, 1, 5, 20, 10, 2, 2, 10, 50},
                      .scale = {0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.1}};
  const Minimum minimum = minimise(function, box);
  RealisedGarchFit fit;
  fit.parameters = set_at(minimum.point.data());
  fit.errors = set_at(standard_errors(minimum).data());
  realised_log_likelihoods(returns, logs, {&fit.parameters, 1}, {&fit.log_likelihood, 1});
  fit.next_log_variance = TRY(realised_log_variances(fit.parameters, measures)).back();
  fit.iterations = minimum.iterations;
  fit.converged = minimum.converged;
  return fit;
}

}  // namespace margrave
