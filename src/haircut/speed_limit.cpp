#include "haircut/speed_limit.h"

#include <algorithm>

namespace margrave {

double limited_rate(const SpeedLimit& limit, double before, double wanted) {
  const double highest = std::max(before * (1 + limit.up), before + limit.least_rise);
  return std::min(1.0, std::clamp(wanted, before * (1 - limit.down), highest));
}

void LimitedRates::update(std::span<const double> wanted) {
  std::vector<double> next(wanted.begin(), wanted.end());
  if (!past_.empty()) {
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = limited_rate(limit_, past_.back()[i], wanted[i]);
  }
  past_.push_back(std::move(next));
  if (past_.size() > limit_.notice + 1) past_.pop_front();
}

std::vector<double> LimitedRates::existing() const {
  std::vector<double> least = announced();
  for (const std::vector<double>& rates : past_) {
    for (std::size_t i = 0; i < least.size(); ++i) least[i] = std::min(least[i], rates[i]);
  }
  return least;
}

}  // namespace margrave
