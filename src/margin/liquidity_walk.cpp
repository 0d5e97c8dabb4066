#include "margin/liquidity_walk.h"

#include <algorithm>

#include "base/mul_div.h"

namespace margrave {
namespace {

constexpr i128 one = power_of_ten(Ratio::decimals);

/// Lots that are still to be closed, and what those closed so far weigh.
struct Walk {
  i128 left{0}, weighed{0};

  [[nodiscard]] bool take(i128 lots, i128 distance) {
    i128 weight = 0;
    left -= lots;
    return multiply(lots, distance, weight) && add(weighed, weight, weighed);
  }
};

/// Whole books of `size` at 2, 3, .. times the last distance, while that is below 1; then all at 1.
[[nodiscard]] bool beyond(Walk& walk, i128 size, i128 last) {
  if (size == 0) return walk.take(walk.left, one);
  const i128 farthest = (one - 1) / last;              // times the last distance, below 1
  const i128 books = std::max<i128>(0, farthest - 1);  // the ladder itself is the first
  const i128 whole = std::min(walk.left / size, books);
  i128 times = 0, distances = 0, lots = 0;  // 2 + 3 + .. + (whole + 1)
  if (!multiply(whole, whole + 3, times) || !multiply(times / 2, last, distances) || !multiply(size, distances, lots) ||
      !add(walk.weighed, lots, walk.weighed)) {
    return false;
  }
  walk.left -= whole * size;
  return walk.take(walk.left, whole < books ? (whole + 2) * last : one);
}

}  // namespace

bool walk(const DepthLadder& ladder, std::int64_t lots, Ratio stress, i128& out) {
  Walk walk{.left = abs128(i128{lots}) * power_of_ten(DepthLadder::lot_decimals)};
  const std::vector<i128>& side = lots > 0 ? ladder.bid : ladder.ask;
  i128 before = 0;
  for (std::size_t i = 0; i < side.size() && walk.left > 0; ++i) {
    i128 here = 0;
    if (!mul_div(side[i], stress.raw, one, Round::down, here)) return false;
    if (!walk.take(std::min(walk.left, here - before), ladder.distances[i].raw)) return false;
    before = here;
  }
  if (walk.left > 0 && !beyond(walk, before, ladder.distances.back().raw)) return false;
  out = walk.weighed;
  return true;
}

}  // namespace margrave
