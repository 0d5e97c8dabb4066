#include "walk/cadence.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/state.h"

namespace margrave {
namespace {

constexpr std::int64_t patience_ms = 5LL * 86'400'000;

/// One book's margins in parts of its worth, by update; absent where it has none.
std::vector<double> shares_of(const BookWalk& walk, WalkLevel level, std::size_t book) {
  std::vector<double> shares;
  for (std::size_t u = 0; u < walk.update_ms.size(); ++u) {
    const UpdateCell& cell = walk.update(u, book);
    const bool good = cell.state == CellState::good && cell.gross > 0;
    shares.push_back(good ? (level == WalkLevel::initial ? cell.initial : cell.maintenance) / cell.gross : absent);
  }
  return shares;
}

/// One cadence over one walk of step `step`.
class CadenceRead {
 public:
  CadenceRead(const BookWalk& walk, std::int64_t step_ms, const Cadence& cadence)
      : walk_(walk),
        step_ms_(step_ms),
        every_ms_(std::max(cadence.every_ms, step_ms)),
        delay_ms_((cadence.delay_ms + step_ms - 1) / step_ms * step_ms) {}

  /// The margin in force at an instant, or absent.
  double in_force(const std::vector<double>& shares, std::int64_t at_ms) const {
    const std::int64_t known = at_ms - at_ms % every_ms_ - delay_ms_;
    const std::int64_t index = (known - walk_.update_ms.front()) / step_ms_;
    if (known < walk_.update_ms.front() || index >= static_cast<std::int64_t>(shares.size())) return absent;
    return shares[static_cast<std::size_t>(index)];
  }

  /// Minutes from a shock until the margin in force has doubled; nothing within the patience.
  std::optional<double> doubling(const std::vector<double>& shares, std::int64_t from_ms) const {
    const double before = in_force(shares, from_ms);
    for (std::int64_t at = from_ms + step_ms_; at <= from_ms + patience_ms; at += step_ms_) {
      if (in_force(shares, at) >= 2 * before) return static_cast<double>(at - from_ms) / 60'000;
    }
    return std::nullopt;
  }

 private:
  const BookWalk& walk_;
  std::int64_t step_ms_, every_ms_, delay_ms_;
};

/// When breached windows of the walk's own margins begin, each after the last one's end.
std::vector<std::int64_t> shocks_of(const BookWalk& walk, const BookWalkSpec& spec, const std::vector<double>& shares,
                                    std::size_t book) {
  std::vector<std::int64_t> shocks;
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const WindowCell& cell = walk.window(w, book);
    if (cell.state != CellState::good || !(cell.gross > 0)) continue;
    if (!(cell.loss / cell.gross > shares[walk.update_of[w]])) continue;
    if (shocks.empty() || walk.window_ms[w] >= shocks.back() + spec.window_ms) shocks.push_back(walk.window_ms[w]);
  }
  return shocks;
}

struct Sums {
  CadenceRow row;
  double uncovered{0};
  std::size_t breaches{0};
  std::vector<double> minutes;
};

/// The windows of a book at whose beginning every cadence has a margin, so that all are compared over the same ones.
std::vector<std::size_t> common_windows(const BookWalk& walk, const std::vector<CadenceRead>& reads,
                                        const std::vector<double>& shares, std::size_t book) {
  std::vector<std::size_t> common;
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const WindowCell& cell = walk.window(w, book);
    if (cell.state != CellState::good || !(cell.gross > 0)) continue;
    const bool all = std::none_of(reads.begin(), reads.end(), [&](const CadenceRead& read) {
      return std::isnan(read.in_force(shares, walk.window_ms[w]));
    });
    if (all) common.push_back(w);
  }
  return common;
}

void add_book(const BookWalk& walk, const CadenceRead& read, const std::vector<double>& shares,
              const std::vector<std::size_t>& windows, const std::vector<std::int64_t>& shocks, std::size_t book,
              Sums& sums) {
  for (const std::size_t w : windows) {
    const WindowCell& cell = walk.window(w, book);
    const double excess = cell.loss / cell.gross - read.in_force(shares, walk.window_ms[w]);
    ++sums.row.windows;
    if (!(excess > 0)) continue;
    ++sums.breaches;
    sums.uncovered += excess;
  }
  for (const std::int64_t at : shocks) {
    if (std::isnan(read.in_force(shares, at))) continue;
    ++sums.row.shocks;
    if (const auto minutes = read.doubling(shares, at)) sums.minutes.push_back(*minutes);
  }
}

CadenceRow finish(Sums sums, const BookWalk& walk, std::int64_t every_ms) {
  CadenceRow& row = sums.row;
  if (row.windows > 0) {
    row.breach_rate = static_cast<double>(sums.breaches) / static_cast<double>(row.windows);
    row.uncovered = sums.uncovered / static_cast<double>(row.windows);
  }
  row.doubled = sums.minutes.size();
  std::sort(sums.minutes.begin(), sums.minutes.end());
  if (!sums.minutes.empty()) row.minutes = sums.minutes[(sums.minutes.size() - 1) / 2];
  if (walk.computed_updates > 0) {
    row.cpu_ms_per_update = 1000 * walk.cpu_seconds / static_cast<double>(walk.computed_updates);
    row.cpu_seconds_per_day = row.cpu_ms_per_update / 1000 * 86'400'000 / static_cast<double>(every_ms);
  }
  return row;
}

}  // namespace

Result<BookWalkSpec> cadence_walk(const std::vector<Bars>& bars, BookWalkSpec spec) {
  std::int64_t step = std::numeric_limits<std::int64_t>::max();
  for (const Bars& file : bars) {
    if (file.step_ms > 0) step = std::min(step, file.step_ms);
  }
  if (step == std::numeric_limits<std::int64_t>::max())
    return fail({.message = "no bar file has two bars", .remedy = "give longer bars"});
  spec.every_ms = spec.stride_ms = step;
  spec.delay_ms = 0;
  return spec;
}

Result<std::vector<CadenceRow>> judge_cadences(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level,
                                               const std::vector<Cadence>& cadences) {
  for (const Cadence& cadence : cadences) {
    if (cadence.every_ms > spec.every_ms && cadence.every_ms % spec.every_ms != 0) {
      return fail({.kind = ErrorKind::config,
                   .message = "an update interval is no multiple of the step of the bars",
                   .field = "--every",
                   .remedy = "use multiples of " + std::to_string(spec.every_ms / 60'000) + " minutes"});
    }
  }
  std::vector<Sums> sums(cadences.size());
  std::vector<CadenceRead> reads;
  for (const Cadence& cadence : cadences) reads.emplace_back(walk, spec.every_ms, cadence);
  for (std::size_t b = 0; b < walk.names.size(); ++b) {
    const std::vector<double> shares = shares_of(walk, level, b);
    const std::vector<std::int64_t> shocks = shocks_of(walk, spec, shares, b);
    const std::vector<std::size_t> windows = common_windows(walk, reads, shares, b);
    for (std::size_t c = 0; c < cadences.size(); ++c) add_book(walk, reads[c], shares, windows, shocks, b, sums[c]);
  }
  std::vector<CadenceRow> rows;
  for (std::size_t c = 0; c < cadences.size(); ++c) {
    sums[c].row.cadence = cadences[c];
    rows.push_back(finish(std::move(sums[c]), walk, cadences[c].every_ms));
  }
  return rows;
}

}  // namespace margrave
