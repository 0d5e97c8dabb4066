#include "chains/index_variance.h"

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
  std::map<std::string, double> level;
  LevelStep sum;
  double count = 0;
  for (const auto& [underlying, price] : index) {
    const double now = month_level(chain, underlying);
    level.emplace(underlying, now);
    const auto price_before = index_.find(underlying), before = level_.find(underlying);
    if (price_before == index_.end() || !(now > 0) || !(before->second > 0)) continue;
    sum.log_return += stable_log(price / price_before->second);
    sum.log_level += stable_log(now / before->second);
    ++count;
  }
  if (count > 0 && length >= step_ms / 2 && length <= step_ms * 3 / 2)
    steps_.push_back({sum.log_return / count, sum.log_level / count});
  last_ms_ = at;
  index_ = index;
  level_ = std::move(level);
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
