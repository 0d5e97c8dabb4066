#include "study/worst_times.h"

#include <algorithm>

namespace margrave {

bool WorstTimes::add(double move, double size) {
  moves_.push_back(move);
  sizes_.push_back(size);
  const std::size_t from = moves_.size() < trailing_ ? 0 : moves_.size() - trailing_;
  double sum = 0;
  for (std::size_t i = from; i < moves_.size(); ++i) sum += sizes_[i];
  const std::pair<double, std::size_t> entry{-sum / static_cast<double>(moves_.size() - from), moves_.size() - 1};
  const auto place = std::upper_bound(order_.begin(), order_.end(), entry);
  if (static_cast<std::size_t>(place - order_.begin()) >= count_) return false;
  order_.insert(place, entry);
  if (order_.size() > count_) order_.pop_back();
  return true;
}

std::vector<double> WorstTimes::scenarios() const {
  std::vector<double> chosen;
  chosen.reserve(order_.size());
  for (const auto& [mean, step] : order_) chosen.push_back(moves_[step]);
  return chosen;
}

}  // namespace margrave
