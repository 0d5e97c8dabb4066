#pragma once

#include <ctime>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/isa.h"
#include "base/random.h"

namespace margrave::bench {

/// One line of the table. ratio is always larger-is-better; a row passes when ratio >= floor. floor 0 means that the
/// line informs and promises nothing.
struct BenchRow {
  std::string id;  ///< "G1", "G1-avx2": without suffix it is the widest instruction set of this machine
  std::string what;
  std::string isa;
  double ours{0};
  double peer{0};
  std::string unit;  ///< of ours and peer
  double ratio{0};
  double floor{0};
  double goal{0};
};

/// Which rows to compute: an empty list is all. "G1" selects G1 and its forms G1-avx2, ..., not G1b.
struct Selection {
  std::vector<std::string> only;
  bool wants(const std::string& id) const {
    if (only.empty()) return true;
    const std::string group = id.substr(0, id.find('-'));
    return std::any_of(only.begin(), only.end(), [&](const std::string& name) { return name == id || name == group; });
  }
};

/// Row id for an instruction set: no suffix for the widest one.
inline std::string row_id(const std::string& group, Isa isa) {
  return isa == best_isa() ? group : group + "-" + std::string(to_string(isa));
}

/// CPU time of this thread in nanoseconds: other processes do not count.
inline double thread_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Paired {
  double ours, peer;  ///< medians, ns per item
  double ratio;       ///< median of the ratios of neighbours in time
};

/// Alternates ours, peer, ours, peer, ... so that a change of the machine meets both. `shuffle` runs untimed before
/// each pair with the number of the repetition; `items` is how many results one call of either gives. `ours` is
/// repeated until it takes a time the clock resolves.
inline Paired paired(int repetitions, double ours_items, double peer_items, const std::function<void(int)>& shuffle,
                     const std::function<void()>& ours, const std::function<void()>& peer) {
  int calls = 1;
  for (bool enough = false; !enough; calls *= 2) {
    const double from = thread_time();
    for (int i = 0; i < calls; ++i) ours();
    enough = thread_time() - from > 30000;
    if (enough) break;
  }
  std::vector<double> a, b, ratios;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    shuffle(repetition);
    ours();  // the shuffle emptied the caches; both sides are measured warm
    const double start = thread_time();
    for (int i = 0; i < calls; ++i) ours();
    const double middle = thread_time();
    peer();
    const double end = thread_time();
    a.push_back((middle - start) / calls / ours_items);
    b.push_back((end - middle) / peer_items);
    ratios.push_back(b.back() / a.back());
  }
  return {median(a), median(b), median(ratios)};
}

/// Deterministic shuffle of indices for repetition r.
inline std::vector<std::size_t> permutation(std::size_t n, int repetition) {
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  Random random{.seed = 99, .stream = static_cast<std::uint64_t>(repetition)};
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

/// The groups of rows; each skips what the selection does not want and stops the process when its answers are wrong.
std::vector<BenchRow> pricing_rows(const Selection& selection);
std::vector<BenchRow> array_rows(const Selection& selection);
std::vector<BenchRow> pretrade_rows(const Selection& selection);
std::vector<BenchRow> market_rows(const Selection& selection);
std::vector<BenchRow> margin_rows(const Selection& selection);
std::vector<BenchRow> calibration_rows(const Selection& selection);
std::vector<BenchRow> walk_rows(const Selection& selection);

}  // namespace margrave::bench
