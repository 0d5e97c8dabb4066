#include "study/shortfall.h"

#include <fmt/core.h>

#include <cmath>

#include "math/elementary.h"
#include "study/paired.h"

namespace margrave {
namespace {

constexpr double rule_nu = 4;  // measurement rule M6

Result<void> check_forecasts(const ShortfallForecasts& in) {
  TRY_VOID(check_paired({"losses", in.losses}, {"var", in.var}));
  TRY_VOID(check_paired({"losses", in.losses}, {"es", in.es}));
  if (in.losses.empty()) return fail({.message = "there are no losses", .field = "losses", .remedy = "give some"});
  for (std::size_t i = 0; i < in.es.size(); ++i) {
    if (in.es[i] > 0) continue;
    return fail({.message = fmt::format("es[{}] is {}, not above zero", i, in.es[i]),
                 .field = fmt::format("es[{}]", i),
                 .remedy = "leave out what has no forecast"});
  }
  return {};
}

/// A loss beyond the VaR. With y = 1 + x^2/nu the density is y^(-(nu+1)/2) dy / x, so a Pareto y is accepted with
/// probability VaR/x; as nu grows, x^2/2 becomes exponential.
double draw_beyond(Random& random, const TailShape& shape) {
  const double square = shape.var * shape.var;
  for (;;) {
    const double u = random.uniform();
    const double x2 = std::isinf(shape.nu)
                          ? square - 2 * stable_log(u)
                          : shape.nu * ((1 + square / shape.nu) * stable_pow(u, -2 / (shape.nu - 1)) - 1);
    const double x = std::sqrt(x2);
    if (random.uniform() * x <= shape.var) return x;
  }
}

double draw_statistic(Random& random, std::size_t n, const TailShape& shape, double log_covered) {
  double sum = 0;
  std::uint64_t at = covered_gap(random, log_covered);
  for (; at < n; at += 1 + covered_gap(random, log_covered)) sum += draw_beyond(random, shape);
  return 1 - sum / (static_cast<double>(n) * shape.tail * shape.es);
}

}  // namespace

Result<double> shortfall_statistic(const ShortfallForecasts& in) {
  TRY_VOID(check_forecasts(in));
  TRY_VOID(check_probability(in.tail, "tail"));
  double sum = 0;
  for (std::size_t i = 0; i < in.losses.size(); ++i) sum += in.losses[i] > in.var[i] ? in.losses[i] / in.es[i] : 0;
  return 1 - sum / (static_cast<double>(in.losses.size()) * in.tail);
}

Result<std::vector<double>> simulate_shortfall(std::size_t n, const TailShape& shape, const Simulation& simulation) {
  if (n == 0) return fail({.message = "there are no losses", .field = "n", .remedy = "give some"});
  const double log_covered = stable_log(1 - shape.tail);
  return simulate(simulation, [&](Random& random) { return draw_statistic(random, n, shape, log_covered); });
}

Result<double> shortfall_p(const ShortfallForecasts& forecasts, const Simulation& simulation) {
  const double observed = TRY(shortfall_statistic(forecasts));
  const TailShape shape = TRY(tail_shape(rule_nu, forecasts.tail));
  const auto draws = TRY(simulate_shortfall(forecasts.losses.size(), shape, simulation));
  return lower_tail_p(draws, observed);
}

}  // namespace margrave
