#include "walk/walk_prices.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenario/price_windows.h"
#include "walk/bar_check.h"

namespace margrave {
namespace {

/// When the first bars of another asset open.
void add_breaks(const Bars& file, std::vector<std::int64_t>& breaks) {
  for (std::size_t i = 1; i < file.t_ms.size(); ++i) {
    if (file.t_ms[i] - file.t_ms[i - 1] <= other_asset_gap_ms) continue;
    const double ratio = file.open[i] / file.close[i - 1];
    if (std::max(ratio, 1 / ratio) > other_asset_ratio) breaks.push_back(file.t_ms[i]);
  }
}

}  // namespace

WalkPrices::WalkPrices(const std::vector<Bars>& bars, std::int64_t window_ms) {
  for (const Bars& file : bars) {
    if (!file.t_ms.empty()) coins_[file.coin].files.push_back(&file);
  }
  for (auto& [name, coin] : coins_) {
    for (const Bars* file : coin.files) add_breaks(*file, coin.breaks);
    std::sort(coin.breaks.begin(), coin.breaks.end());
    std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = 0;
    for (const Bars* file : coin.files) {
      first = std::min(first, file->t_ms.front());
      last = std::max(last, file->t_ms.back() + file->step_ms);
    }
    for (std::int64_t end = first - first % window_ms + window_ms; end <= last; end += window_ms) {
      if (over(name, end - window_ms, end)) coin.ends.push_back(end);
    }
  }
}

std::optional<WalkPrices::Ends> WalkPrices::over(const std::string& coin, std::int64_t from_ms,
                                                 std::int64_t to_ms) const {
  const auto found = coins_.find(coin);
  if (found == coins_.end()) return std::nullopt;
  const std::vector<std::int64_t>& breaks = found->second.breaks;
  const auto within = std::lower_bound(breaks.begin(), breaks.end(), from_ms);
  if (within != breaks.end() && *within < to_ms) return std::nullopt;
  for (const Bars* file : found->second.files) {
    const double end = close_at(*file, to_ms);
    const double start = std::isnan(end) ? absent : close_at(*file, from_ms);
    if (!std::isnan(start)) return Ends{start, end};
  }
  return std::nullopt;
}

std::size_t WalkPrices::windows_before(const std::string& coin, std::int64_t at_ms) const {
  const auto found = coins_.find(coin);
  if (found == coins_.end()) return 0;
  const std::vector<std::int64_t>& ends = found->second.ends;
  const std::vector<std::int64_t>& breaks = found->second.breaks;
  const auto begun = std::upper_bound(breaks.begin(), breaks.end(), at_ms);
  const auto first = begun == breaks.begin() ? ends.begin() : std::upper_bound(ends.begin(), ends.end(), *(begun - 1));
  const auto last = std::upper_bound(first, ends.end(), at_ms);
  return static_cast<std::size_t>(last - first);
}

bool WalkPrices::is_stale(const std::string& coin, std::int64_t at_ms) const {
  const auto found = coins_.find(coin);
  if (found == coins_.end()) return true;
  for (const Bars* file : found->second.files) {
    const auto after = std::upper_bound(file->t_ms.begin(), file->t_ms.end(), at_ms - file->step_ms);
    if (after == file->t_ms.begin()) continue;
    const std::int64_t limit = std::max<std::int64_t>(2LL * 3'600'000, 2 * file->step_ms);
    return at_ms - (*(after - 1) + file->step_ms) > limit;
  }
  return true;
}

}  // namespace margrave
