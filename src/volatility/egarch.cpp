#include "volatility/egarch.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/series.h"

namespace margrave {
namespace {

constexpr double root_two_over_pi = 0.79788456080286535588, log_two_pi = 1.8378770664093454836;
constexpr std::size_t lanes = 8;

/// Twice the negative log-likelihoods, without the constant, of up to `lanes` sets side by side.
void likelihood_sums(std::span<const double> returns, std::span<const EgarchParameters> sets, std::span<double> out) {
  const Isa isa = best_isa();
  std::array<EgarchParameters, lanes> p;
  std::array<double, lanes> log_variance{}, inverse_vol{}, sums{};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    p[lane] = sets[std::min(lane, sets.size() - 1)];
    const bool again = lane > 0 && p[lane].mean == p[lane - 1].mean;
    log_variance[lane] = again ? log_variance[lane - 1] : stable_log(mean_square(returns, p[lane].mean));
  }
  for (const double value : returns) {
    for (std::size_t lane = 0; lane < lanes; ++lane) inverse_vol[lane] = -0.5 * log_variance[lane];
    stable_exp(isa, inverse_vol, inverse_vol);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double shock = (value - p[lane].mean) * inverse_vol[lane];
      sums[lane] += log_variance[lane] + shock * shock;
      log_variance[lane] = next_egarch_log_variance(p[lane], log_variance[lane], shock);
    }
  }
  std::copy_n(sums.begin(), out.size(), out.begin());
}

}  // namespace

double egarch_shock(double log_variance, double residual) { return residual * stable_exp(-0.5 * log_variance); }

double next_egarch_log_variance(const EgarchParameters& p, double log_variance, double shock) {
  return p.omega + p.sign * shock + p.size * (std::abs(shock) - root_two_over_pi) + p.beta * log_variance;
}

Result<void> check_parameters(const EgarchParameters& p) {
  TRY_VOID(check_number(p.mean, "mean"));
  TRY_VOID(check_number(p.omega, "omega"));
  TRY_VOID(check_number(p.sign, "sign"));
  TRY_VOID(check_number(p.size, "size"));
  return check_range(p.beta, "beta", -1, 1);
}

Result<EgarchFilter> EgarchFilter::start(const EgarchParameters& parameters, double log_variance) {
  TRY_VOID(check_parameters(parameters));
  TRY_VOID(check_number(log_variance, "first log-variance"));
  return EgarchFilter(parameters, log_variance);
}

Result<void> EgarchFilter::update(double value) {
  if (!std::isfinite(value)) return fail(not_finite("return"));
  const double shock = egarch_shock(log_variance_, value - parameters_.mean);
  log_variance_ = next_egarch_log_variance(parameters_, log_variance_, shock);
  return {};
}

double EgarchFilter::variance() const { return stable_exp(log_variance_); }

Result<std::vector<double>> egarch_log_variances(const EgarchParameters& parameters, double first,
                                                 std::span<const double> returns) {
  TRY_VOID(check_parameters(parameters));
  TRY_VOID(check_number(first, "first log-variance"));
  TRY_VOID(check_series(returns, "returns", 0));
  std::vector<double> logs{first};
  logs.reserve(returns.size() + 1);
  for (const double value : returns) {
    const double shock = egarch_shock(logs.back(), value - parameters.mean);
    logs.push_back(next_egarch_log_variance(parameters, logs.back(), shock));
  }
  return logs;
}

void egarch_log_likelihoods(std::span<const double> returns, std::span<const EgarchParameters> sets,
                            std::span<double> out) {
  CHECK(sets.size() == out.size() && !returns.empty());
  for (std::size_t from = 0; from < sets.size(); from += lanes) {
    const std::size_t count = std::min(lanes, sets.size() - from);
    likelihood_sums(returns, sets.subspan(from, count), out.subspan(from, count));
  }
  for (double& value : out) {
    value = -0.5 * (value + static_cast<double>(returns.size()) * log_two_pi);
    if (!std::isfinite(value)) value = std::nan("");
  }
}

}  // namespace margrave
