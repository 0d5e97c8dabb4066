#include "volatility/tail_fit.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "base/check.h"
#include "math/elementary.h"
#include "volatility/minimum.h"
#include "volatility/series.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

/// Exceedances over the threshold, rising.
Result<Vector> excesses(std::span<const double> losses, double threshold) {
  TRY_VOID(check_series(losses, "losses", 1));
  TRY_VOID(check_number(threshold, "threshold"));
  Vector beyond;
  for (const double loss : losses) {
    if (loss > threshold) beyond.push_back(loss - threshold);
  }
  TRY_VOID(check_series(beyond, "losses above the threshold", 10));
  std::sort(beyond.begin(), beyond.end());
  return beyond;
}

ParetoTail by_moments(const Vector& rising, double threshold, std::size_t all) {
  const auto n = static_cast<double>(rising.size());
  double first = 0, weighted = 0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    first += rising[i] / n;
    weighted += rising[i] * (1 - (static_cast<double>(i) + 0.65) / n) / n;
  }
  const double gap = first - 2 * weighted;
  return {.threshold = threshold,
          .scale = 2 * first * weighted / gap,
          .shape = 2 - first / gap,
          .exceedance = n / static_cast<double>(all)};
}

/// Negative log-likelihood of excesses in units of their mean; NaN where one lies beyond the distribution's end.
double negative_log_likelihood(const Vector& scaled, double scale, double shape) {
  if (!(scale > 0)) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  if (std::abs(shape) < 1e-9) {
    for (const double x : scaled) sum += x / scale;
  } else {
    for (const double x : scaled) sum += (1 + 1 / shape) * stable_log(1 + shape * x / scale);
  }
  return sum + static_cast<double>(scaled.size()) * stable_log(scale);
}

}  // namespace

Result<ParetoTail> pareto_tail_by_moments(std::span<const double> losses, double threshold) {
  return by_moments(TRY(excesses(losses, threshold)), threshold, losses.size());
}

Result<ParetoFit> fit_pareto_tail(std::span<const double> losses, double threshold) {
  const Vector beyond = TRY(excesses(losses, threshold));
  const double unit = mean(beyond);
  Vector scaled = beyond;
  for (double& value : scaled) value /= unit;
  const ManyPoints function = [&](std::span<const double> points, std::span<double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = negative_log_likelihood(scaled, points[2 * i], points[2 * i + 1]);
    }
  };
  const ParetoTail start = by_moments(scaled, 0, losses.size());
  Vector candidates = {1, 0, 0.7, 0.3, 0.5, 0.7};
  candidates.insert(candidates.end(), {start.scale, start.shape});
  const Minimum minimum = minimise(
      function,
      {.start = best_point(function, candidates, 2), .lower = {1e-6, -0.5}, .upper = {1e6, 5}, .scale = {0.01, 0.01}});
  const Vector errors = standard_errors(minimum);
  return ParetoFit{.tail = {.threshold = threshold,
                            .scale = minimum.point[0] * unit,
                            .shape = minimum.point[1],
                            .exceedance = start.exceedance},
                   .scale_error = errors[0] * unit,
                   .shape_error = errors[1],
                   .log_likelihood = -minimum.value - static_cast<double>(beyond.size()) * stable_log(unit),
                   .count = beyond.size(),
                   .converged = minimum.converged};
}

Result<double> tail_threshold(std::span<const double> losses, double share) {
  TRY_VOID(check_range(share, "share", 1e-9, 0.5));
  TRY_VOID(check_series(losses, "losses", static_cast<std::size_t>(std::ceil(10 / share))));
  Vector falling(losses.begin(), losses.end());
  const auto above = static_cast<std::ptrdiff_t>(share * static_cast<double>(losses.size()));
  std::nth_element(falling.begin(), falling.begin() + above, falling.end(), std::greater<>());
  return falling[static_cast<std::size_t>(above)];
}

TailLoss pareto_tail_loss(const ParetoTail& tail, double probability) {
  CHECK(probability > 0 && probability <= tail.exceedance);
  const double log_ratio = stable_log(tail.exceedance / probability), shape = tail.shape;
  const double beyond = std::abs(shape) < 1e-9 ? log_ratio : (stable_exp(shape * log_ratio) - 1) / shape;
  const double var = tail.threshold + tail.scale * beyond;
  if (shape >= 1) return {.var = var, .es = std::numeric_limits<double>::infinity()};
  return {.var = var, .es = var + (tail.scale + shape * (var - tail.threshold)) / (1 - shape)};
}

Result<HillEstimate> hill_tail_index(std::span<const double> losses, std::size_t k) {
  TRY_VOID(check_series(losses, "losses", k + 1));
  TRY_VOID(check_range(static_cast<double>(k), "k", 1, static_cast<double>(losses.size() - 1)));
  Vector falling(losses.begin(), losses.end());
  std::sort(falling.begin(), falling.end(), std::greater<>());
  TRY_VOID(check_positive_series({&falling[k], 1}, "the loss after the k largest", 1));
  double sum = 0;
  for (std::size_t i = 0; i < k; ++i) sum += stable_log(falling[i] / falling[k]);
  if (!(sum > 0)) return fail({.message = "the k largest losses are equal", .field = "k", .remedy = "use a larger k"});
  const double alpha = static_cast<double>(k) / sum;
  return HillEstimate{.alpha = alpha, .error = alpha / std::sqrt(static_cast<double>(k))};
}

}  // namespace margrave
