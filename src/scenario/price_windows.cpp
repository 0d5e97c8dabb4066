#include "scenario/price_windows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "market/state.h"
#include "math/elementary.h"
#include "scenario/step_variance.h"

namespace margrave {
namespace {

/// The first instant after `from` that is a multiple of the length and has a bar before it.
std::int64_t first_end(const std::vector<const Bars*>& files, std::int64_t length_ms, std::int64_t from_ms) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  for (const Bars* bars : files) {
    if (!bars->t_ms.empty()) first = std::min(first, bars->t_ms.front());
  }
  const std::int64_t after = std::max(first, from_ms + 1);
  return after + (length_ms - after % length_ms) % length_ms;
}

std::int64_t last_end(const std::vector<const Bars*>& files) {
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const Bars* bars : files) {
    if (!bars->t_ms.empty()) last = std::max(last, bars->t_ms.back() + bars->step_ms);
  }
  return last;
}

}  // namespace

double close_at(const Bars& bars, std::int64_t at_ms) {
  const std::int64_t open = at_ms - bars.step_ms;
  const auto found = std::lower_bound(bars.t_ms.begin(), bars.t_ms.end(), open);
  if (found == bars.t_ms.end() || *found != open) return absent;
  return bars.close[static_cast<std::size_t>(found - bars.t_ms.begin())];
}

double return_at(const std::vector<const Bars*>& files, std::int64_t at_ms, std::int64_t step_ms) {
  for (const Bars* bars : files) {
    const double end = close_at(*bars, at_ms);
    const double start = std::isnan(end) ? absent : close_at(*bars, at_ms - step_ms);
    if (!std::isnan(start)) return end / start - 1.0;
  }
  return absent;
}

PriceWindows price_windows(const std::vector<const Bars*>& files, std::int64_t length_ms, std::int64_t from_ms,
                           std::int64_t to_ms, double wick_cap) {
  PriceWindows windows;
  const std::int64_t last = std::min(to_ms, last_end(files));
  for (std::int64_t end = first_end(files, length_ms, from_ms); end <= last; end += length_ms) {
    windows.end_ms.push_back(end);
    windows.log_return.push_back(absent);
    windows.variance.push_back(absent);
    for (const Bars* bars : files) {
      const double stop = close_at(*bars, end);
      const double start = std::isnan(stop) ? absent : close_at(*bars, end - length_ms);
      if (std::isnan(start)) continue;
      windows.log_return.back() = stable_log_ratio(stop, start);
      windows.variance.back() = step_variances({bars}, {end}, length_ms, wick_cap)[0];
      break;
    }
  }
  return windows;
}

}  // namespace margrave
