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
  const double slowness = core_slowness(), stretched = limit.limit * slowness / ours;
  fmt::print(stderr, "{}: {:.4g} {}, limit {:g}; this core is {:.2f} times as slow: {:.2f} of the limit stretched{}\n",
             limit.id, ours, limit.unit, limit.limit, slowness, stretched, right ? "" : "; WRONG ANSWERS");
  return {.id = limit.id,
          .what = fmt::format("{}, one core, against {:g} {} ({:.2f} of it on a core {:.2f} times as slow)", limit.what,
                              limit.limit, limit.unit, stretched, slowness),
          .isa = std::string(to_string(best_isa())),
          .ours = ours,
          .peer = limit.limit,
          .unit = limit.unit,
          .ratio = right ? limit.limit / ours : 0.0,
          .floor = limit.floor,
          .goal = limit.goal};
}

}  // namespace margrave::bench
