#include "study/forecast_loss.h"

#include <fmt/core.h>

#include <cmath>

#include "math/elementary.h"
#include "study/paired.h"

namespace margrave {
namespace {

Result<void> check_variances(const NamedSeries& series) {
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (series.values[i] >= 1e-150 && series.values[i] <= 1e150) continue;
    return fail({.message = fmt::format("{}[{}] is {}, not a variance", series.name, i, series.values[i]),
                 .field = fmt::format("{}[{}]", series.name, i),
                 .remedy = "leave out windows without a trade"});
  }
  return {};
}

/// n^-1 times the sum of the products of values `lag` apart.
double autocovariance(std::span<const double> centered, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < centered.size(); ++i) sum += centered[i] * centered[i - lag];
  return sum / static_cast<double>(centered.size());
}

double long_run_variance(std::span<const double> centered, std::size_t lags) {
  double sum = autocovariance(centered, 0);
  for (std::size_t lag = 1; lag <= lags; ++lag) {
    const double weight = 1 - static_cast<double>(lag) / static_cast<double>(lags + 1);
    sum += 2 * weight * autocovariance(centered, lag);
  }
  return sum;
}

}  // namespace

Result<std::vector<double>> qlike_losses(std::span<const double> realised, std::span<const double> forecast) {
  TRY_VOID(check_paired({"realised", realised}, {"forecast", forecast}));
  TRY_VOID(check_variances({"realised", realised}));
  TRY_VOID(check_variances({"forecast", forecast}));
  std::vector<double> losses;
  for (std::size_t i = 0; i < realised.size(); ++i) {
    losses.push_back(realised[i] / forecast[i] - stable_log_ratio(realised[i], forecast[i]) - 1);
  }
  return losses;
}

Result<DieboldMariano> diebold_mariano(std::span<const double> first, std::span<const double> second,
                                       std::size_t lags) {
  TRY_VOID(check_paired({"first", first}, {"second", second}));
  if (first.size() <= lags || first.empty()) {
    return fail({.message = fmt::format("first has {} values and needs more than {} lags", first.size(), lags),
                 .field = "first",
                 .remedy = "give a longer series"});
  }
  const auto n = static_cast<double>(first.size());
  double sum = 0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += first[i] - second[i];
  std::vector<double> centered;
  for (std::size_t i = 0; i < first.size(); ++i) centered.push_back(first[i] - second[i] - sum / n);
  const double variance = long_run_variance(centered, lags);
  // Equal differences have a mean that rounding may put beside them.
  if (!(variance > 1e-28 * (sum / n) * (sum / n))) {
    return fail({.message = "the differences of the losses do not vary", .field = "first", .remedy = "compare others"});
  }
  DieboldMariano result{.mean = sum / n, .standard_error = std::sqrt(variance / n)};
  result.t = result.mean / result.standard_error;
  result.two_sided_p = 2 * normal_cdf(-std::abs(result.t));
  result.not_better_p = normal_cdf(result.t);
  return result;
}

}  // namespace margrave
