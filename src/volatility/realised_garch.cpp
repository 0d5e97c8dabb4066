#include "volatility/realised_garch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/series.h"

namespace margrave {
namespace {

constexpr double log_two_pi = 1.8378770664093454836;
constexpr std::size_t lanes = 8;

/// Up to `lanes` sets side by side.
void likelihoods(std::span<const double> returns, std::span<const double> log_measures,
                 std::span<const RealisedGarchParameters> sets, std::span<RealisedLikelihood> out) {
  const Isa isa = best_isa();
  std::array<RealisedGarchParameters, lanes> p;
  std::array<double, lanes> log_variance{}, inverse_vol{}, by_returns{}, by_measures{};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    p[lane] = sets[std::min(lane, sets.size() - 1)];
    log_variance[lane] = p[lane].first_log_variance;
  }
  for (std::size_t i = 0; i < returns.size(); ++i) {
    for (std::size_t lane = 0; lane < lanes; ++lane) inverse_vol[lane] = -0.5 * log_variance[lane];
    stable_exp(isa, inverse_vol, inverse_vol);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double z = returns[i] * inverse_vol[lane], square = z * z;
      const double expected =
          p[lane].xi + p[lane].phi * log_variance[lane] + p[lane].tau_1 * z + p[lane].tau_2 * (square - 1);
      const double u = log_measures[i] - expected;
      by_returns[lane] += log_variance[lane] + square;
      by_measures[lane] += u * u;
      log_variance[lane] = next_realised_log_variance(p[lane], log_variance[lane], log_measures[i]);
    }
  }
  const auto n = static_cast<double>(returns.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double square = p[i].sigma_u * p[i].sigma_u;
    out[i].returns = -0.5 * (by_returns[i] + n * log_two_pi);
    out[i].measures = -0.5 * (by_measures[i] / square + n * (log_two_pi + stable_log(square)));
  }
}

}  // namespace

Result<void> check_parameters(const RealisedGarchParameters& p) {
  for (const double value : {p.omega, p.beta, p.gamma, p.xi, p.phi, p.tau_1, p.tau_2, p.first_log_variance}) {
    TRY_VOID(check_number(value, "a parameter of realised GARCH"));
  }
  return check_range(p.sigma_u, "sigma_u", std::numeric_limits<double>::min(), std::numeric_limits<double>::max());
}

Result<RealisedGarchFilter> RealisedGarchFilter::start(const RealisedGarchParameters& parameters) {
  TRY_VOID(check_parameters(parameters));
  return RealisedGarchFilter(parameters);
}

Result<void> RealisedGarchFilter::update(double measure) {
  TRY_VOID(check_positive(measure, "measure"));
  log_variance_ = next_realised_log_variance(parameters_, log_variance_, stable_log(measure));
  return {};
}

double RealisedGarchFilter::variance() const { return stable_exp(log_variance_); }

Result<std::vector<double>> realised_log_variances(const RealisedGarchParameters& parameters,
                                                   std::span<const double> measures) {
  TRY_VOID(check_parameters(parameters));
  TRY_VOID(check_positive_series(measures, "measures", 0));
  std::vector<double> logs(measures.size());
  stable_log(best_isa(), measures, logs);
  std::vector<double> variances{parameters.first_log_variance};
  variances.reserve(measures.size() + 1);
  for (const double log_measure : logs) {
    variances.push_back(next_realised_log_variance(parameters, variances.back(), log_measure));
  }
  return variances;
}

void realised_log_likelihoods(std::span<const double> returns, std::span<const double> log_measures,
                              std::span<const RealisedGarchParameters> sets, std::span<RealisedLikelihood> out) {
  CHECK(sets.size() == out.size() && returns.size() == log_measures.size() && !returns.empty());
  for (std::size_t from = 0; from < sets.size(); from += lanes) {
    const std::size_t count = std::min(lanes, sets.size() - from);
    likelihoods(returns, log_measures, sets.subspan(from, count), out.subspan(from, count));
  }
}

}  // namespace margrave
