#include "study/tail_losses.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double tail_of_shortfall = 0.025, tail_of_var = 0.01;
constexpr double nearer = 0.9;  ///< the search begins this much nearer to 0 than the tail did last time

}  // namespace

std::size_t worst_count(double share, std::size_t count) {
  // 0.01 x 500 must be 5 and not the 6 of a product that came out above it.
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(share * static_cast<double>(count) - 1e-9)));
}

double TailLosses::loss_of(double move) const {
  const double gain = log_ ? stable_exp(move) - 1.0 : move;
  return is_long_ ? -gain : gain;
}

LossTails TailLosses::of(std::span<const double> moves, double scale) {
  CHECK(!moves.empty());
  const std::size_t k = worst_count(tail_of_shortfall, moves.size()), v = worst_count(tail_of_var, moves.size());
  const double sign = is_long_ ? 1.0 : -1.0, limit = began_ * scale * nearer;
  beyond_.resize(moves.size());
  std::size_t found = 0;
  if (limit < 0) {
    for (const double move : moves) {
      beyond_[found] = sign * move;  // the worst are the least
      found += sign * move < limit ? 1 : 0;
    }
  }
  if (found < k) {
    found = moves.size();
    std::transform(moves.begin(), moves.end(), beyond_.begin(), [sign](double move) { return sign * move; });
  }
  const auto end = beyond_.begin() + static_cast<std::ptrdiff_t>(found);
  const auto tail = beyond_.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(beyond_.begin(), tail - 1, end);
  std::sort(beyond_.begin(), tail);
  began_ = scale > 0 ? beyond_[k - 1] / scale : 0;
  LossTails tails;
  for (std::size_t i = 0; i < k; ++i) tails.shortfall += loss_of(sign * beyond_[i]);
  tails.shortfall = std::max(0.0, tails.shortfall / static_cast<double>(k));
  tails.value_at_risk = std::max(0.0, loss_of(sign * beyond_[v - 1]));
  return tails;
}

}  // namespace margrave
