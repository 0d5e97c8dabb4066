#include "chains/index_variance.h"

#include <cmath>

#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double hour_ms = 3'600'000, decay = 0.99, step_hours = 8;
constexpr std::int64_t step_ms = 8LL * 3'600'000;

}  // namespace

void IndexVariance::add(std::int64_t at_ms, double price) {
  if (!(price > 0)) return;
  const double hours = static_cast<double>(at_ms - last_ms_) / hour_ms;
  if (last_ > 0 && hours > 0) {
    const double r = stable_log(price / last_), variance = r * r / hours;
    // Up to `first` it is the plain mean.
    const double weight =
        count_ < first ? 1.0 / (1.0 + static_cast<double>(count_)) : 1.0 - stable_pow(decay, hours / step_hours);
    value_ += weight * (variance - value_);
    ++count_;
  }
  last_ms_ = at_ms;
  last_ = price;
}

void LevelHistory::add(const Chain& chain, const std::map<std::string, double>& index) {
  const std::int64_t at = chain.time.ns / 1'000'000, length = at - last_ms_;
  std::map<std::string, VolMarks> marks;
  VolStep step;
  double count = 0;
  for (const auto& [underlying, price] : index) {
    const VolMarks& now = marks.emplace(underlying, vol_marks(chain, underlying)).first->second;
    const auto price_before = index_.find(underlying);
    if (price_before == index_.end()) continue;
    const VolMove moved = vol_moved(marks_.at(underlying), now);
    if (std::isnan(moved[0])) continue;
    step.log_return += stable_log(price / price_before->second);
    for (std::size_t c = 0; c < moved.size(); ++c) step.moved[c] += moved[c];
    ++count;
  }
  if (count > 0 && length >= step_ms / 2 && length <= step_ms * 3 / 2) {
    step.log_return /= count;
    for (double& moved : step.moved) moved /= count;
    steps_.push_back(step);
  }
  last_ms_ = at;
  index_ = index;
  marks_ = std::move(marks);
}

std::map<std::string, double> variances_of_bars(const std::vector<Bars>& bars) {
  std::map<std::string, double> all;
  for (const Bars& file : bars) {
    if (all.contains(file.coin)) continue;
    IndexVariance variance;
    for (std::size_t i = 0; i < file.t_ms.size(); ++i) {
      const std::int64_t end = file.t_ms[i] + file.step_ms;
      if (end % step_ms == 0) variance.add(end, file.close[i]);
    }
    all.emplace(file.coin, variance.value());
  }
  return all;
}

}  // namespace margrave
