#include "yardstick.h"

#include <fmt/core.h>

#include "quantlib/peers.h"

namespace margrave::bench {

double core_slowness() {
  constexpr double there_ns = 44, forward = 60000;
  constexpr std::size_t n = 2048;
  std::vector<double> strikes, total_vols(n, 0.2), prices(n), times;
  for (std::size_t i = 0; i < n; ++i)
    strikes.push_back(forward * (0.6 + 0.9 * static_cast<double>(i) / static_cast<double>(n)));
  for (int repetition = 0; repetition < 31; ++repetition) {
    const double start = thread_time();
    quantlib::black_calls(forward, strikes.data(), total_vols.data(), prices.data(), n);
    times.push_back((thread_time() - start) / n);
  }
  return median(times) / there_ns;
}

BenchRow row_against(const Limit& limit, double ours, bool right) {
  const double slowness = core_slowness(), here = limit.limit * slowness;
  fmt::print(stderr, "{}: {:.4g} {}; the limit of {:g} is {:.4g} on this core, {:.2f} times as slow{}\n", limit.id,
             ours, limit.unit, limit.limit, here, slowness, right ? "" : "; WRONG ANSWERS");
  return {.id = limit.id,
          .what = fmt::format("{}, against {:g} {} on a core of {:.2f} times the speed", limit.what, limit.limit,
                              limit.unit, slowness),
          .isa = std::string(to_string(best_isa())),
          .ours = ours,
          .peer = here,
          .unit = limit.unit,
          .ratio = right ? here / ours : 0.0,
          .floor = limit.floor,
          .goal = limit.goal};
}

}  // namespace margrave::bench
