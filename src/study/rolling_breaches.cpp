#include "study/rolling_breaches.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace margrave {
namespace {

/// The largest values of a window: all that are at or above a cut, `rank` of them at least.
class LargestOfWindow {
 public:
  LargestOfWindow(std::size_t rank, std::size_t window) : rank_(rank), kept_(std::min(window, 3 * rank + 16)) {}

  void look_at(std::span<const double> window) {
    room_.assign(window.begin(), window.end());
    const auto last = room_.begin() + static_cast<std::ptrdiff_t>(kept_ - 1);
    std::nth_element(room_.begin(), last, room_.end(), std::greater<>());
    cut_ = *last;
    largest_.clear();
    for (const double value : window) add(value);
  }
  /// Fewer than `rank` of the window are at or above the value.
  bool is_breach(double value) const {
    if (value < cut_) return false;
    std::size_t count = 0;
    for (const double one : largest_) count += one >= value ? 1u : 0u;
    return count < rank_;
  }
  void add(double value) {
    if (value >= cut_) largest_.push_back(value);
  }
  void remove(double value) {
    if (value < cut_) return;
    *std::find(largest_.begin(), largest_.end(), value) = largest_.back();
    largest_.pop_back();
  }
  /// The cut no longer fits: too few are above it to decide, or many more than are needed.
  bool is_stale() const { return largest_.size() < rank_ || largest_.size() > 4 * kept_; }

 private:
  std::size_t rank_, kept_;
  double cut_{0};
  std::vector<double> largest_, room_;
};

}  // namespace

Result<std::vector<std::uint8_t>> rolling_breaches(std::span<const double> losses, std::size_t window,
                                                   std::size_t rank) {
  if (rank == 0 || rank > window) {
    return fail(
        {.message = "the rank " + std::to_string(rank) + " is not within the window of " + std::to_string(window),
         .field = "rank",
         .remedy = "the 6th largest of 512 is their value at risk of 99 %"});
  }
  for (std::size_t t = 0; t < losses.size(); ++t) {
    if (std::isfinite(losses[t])) continue;
    return fail({.message = "a loss is not a finite number",
                 .field = "losses[" + std::to_string(t) + "]",
                 .remedy = "leave it out"});
  }
  std::vector<std::uint8_t> breaches;
  if (losses.size() <= window) return breaches;
  LargestOfWindow largest(rank, window);
  largest.look_at(losses.first(window));
  for (std::size_t t = window; t < losses.size(); ++t) {
    breaches.push_back(largest.is_breach(losses[t]) ? 1 : 0);
    largest.remove(losses[t - window]);
    largest.add(losses[t]);
    if (largest.is_stale()) largest.look_at(losses.subspan(t + 1 - window, window));
  }
  return breaches;
}

}  // namespace margrave
