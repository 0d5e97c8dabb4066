#include "row.h"

#include <cmath>

#include "base/check.h"
#include "study/rolling_breaches.h"
#include "volatility/garch_likelihood.h"

namespace margrave::bench {
namespace {

constexpr std::size_t days = 1974, sets_at_once = 96, window = 512, rank = 6, steps = 4096;

std::vector<double> some_returns(std::size_t n) {
  Random random{.seed = 3};
  std::vector<double> returns;
  const auto uniform = [&] { return static_cast<double>(random.below(1u << 30)) / (1u << 30); };
  for (std::size_t i = 0; i < n; ++i) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += uniform();
    returns.push_back(sum * (0.5 + uniform()));
  }
  return returns;
}

/// What a plain program does: one set after another, the C library's logarithm.
double plain_log_likelihood(const std::vector<double>& returns, const GarchParameters& p) {
  double variance = first_garch_variance(p, presample_variance(Presample::mean_square, returns, p.mean));
  double sum = 0;
  for (const double value : returns) {
    const double residual = value - p.mean;
    sum += std::log(variance) + residual * residual / variance;
    variance = next_garch_variance(p, variance, residual);
  }
  return -0.5 * (sum + static_cast<double>(returns.size()) * 1.8378770664093454836);
}

BenchRow likelihood_row() {
  const std::vector<double> returns = some_returns(days);
  std::vector<GarchParameters> sets;
  for (std::size_t i = 0; i < sets_at_once; ++i) {
    const double share = static_cast<double>(i) / sets_at_once;
    sets.push_back({.mean = 0.01, .omega = 0.02 + 0.01 * share, .alpha = 0.05 + 0.1 * share, .beta = 0.8});
  }
  std::vector<double> ours(sets.size()), peers(sets.size());
  const auto batch = [&] { garch_log_likelihoods(returns, Presample::mean_square, sets, ours); };
  const auto plain = [&] {
    for (std::size_t i = 0; i < sets.size(); ++i) peers[i] = plain_log_likelihood(returns, sets[i]);
  };
  const double updates = static_cast<double>(sets.size() * returns.size());
  const Paired times = paired(
      25, updates, updates, [](int) {}, batch, plain);
  for (std::size_t i = 0; i < sets.size(); ++i) CHECK(std::abs(ours[i] / peers[i] - 1) < 1e-12);
  return {.id = "G6",
          .what = "GARCH log-likelihood of 96 parameter sets, per update, against a scalar loop with libm",
          .isa = std::string(to_string(best_isa())),
          .ours = times.ours,
          .peer = times.peer,
          .unit = "ns",
          .ratio = times.ratio,
          .floor = 10.0,
          .goal = 20.0};
}

BenchRow breaches_row() {
  const std::vector<double> losses = some_returns(window + steps);
  std::vector<std::uint8_t> ours, peers(steps);
  std::vector<double> room(window);
  const auto count = [&] { ours = *rolling_breaches(losses, window, rank); };
  const auto select = [&] {
    for (std::size_t t = 0; t < steps; ++t) {
      std::copy_n(losses.begin() + static_cast<std::ptrdiff_t>(t), window, room.begin());
      std::nth_element(room.begin(), room.begin() + rank - 1, room.end(), std::greater<>());
      peers[t] = losses[t + window] > room[rank - 1] ? 1 : 0;
    }
  };
  const Paired times = paired(
      25, steps, steps, [](int) {}, count, select);
  CHECK(ours == peers);
  return {.id = "G6b",
          .what = "breach of a rolling value at risk of 99 %, window 512, per step, against nth_element",
          .isa = std::string(to_string(best_isa())),
          .ours = times.ours,
          .peer = times.peer,
          .unit = "ns",
          .ratio = times.ratio,
          .floor = 50.0,
          .goal = 200.0};
}

}  // namespace

std::vector<BenchRow> calibration_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  if (selection.wants("G6")) rows.push_back(likelihood_row());
  if (selection.wants("G6b")) rows.push_back(breaches_row());
  return rows;
}

}  // namespace margrave::bench
