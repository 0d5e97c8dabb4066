#include "study/simulation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "math/elementary.h"

namespace margrave {
namespace {

constexpr std::size_t fewest_draws = 10'000, most_draws = 10'000'000, draws_per_task = 1000;

double tie(double observed) { return 1e-9 * std::max(1.0, std::abs(observed)); }

double share(std::ptrdiff_t extreme, std::size_t draws) {
  return static_cast<double>(extreme + 1) / static_cast<double>(draws + 1);
}

}  // namespace

Result<std::vector<double>> simulate(const Simulation& simulation, const std::function<double(Random&)>& draw) {
  if (simulation.draws < fewest_draws || simulation.draws > most_draws) {
    return fail({.kind = ErrorKind::config,
                 .message = fmt::format("{} draws are not {} to {}", simulation.draws, fewest_draws, most_draws),
                 .field = "draws",
                 .remedy = "use 10000"});
  }
  std::vector<double> values(simulation.draws);
  const std::size_t tasks = (values.size() + draws_per_task - 1) / draws_per_task;
  parallel_for(tasks, simulation.threads, [&](std::size_t task) {
    const std::size_t last = std::min(values.size(), (task + 1) * draws_per_task);
    for (std::size_t i = task * draws_per_task; i < last; ++i) {
      Random random{.seed = simulation.seed, .stream = i};
      values[i] = draw(random);
    }
  });
  std::sort(values.begin(), values.end());
  return values;
}

double upper_tail_p(std::span<const double> sorted, double observed) {
  const auto first = std::lower_bound(sorted.begin(), sorted.end(), observed - tie(observed));
  return share(sorted.end() - first, sorted.size());
}

double lower_tail_p(std::span<const double> sorted, double observed) {
  const auto last = std::upper_bound(sorted.begin(), sorted.end(), observed + tie(observed));
  return share(last - sorted.begin(), sorted.size());
}

std::uint64_t covered_gap(Random& random, double log_covered) {
  const double gap = std::floor(stable_log(random.uniform()) / log_covered);
  return static_cast<std::uint64_t>(std::min(gap, 0x1p53));
}

}  // namespace margrave
