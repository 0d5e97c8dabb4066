#include "volatility/return_distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "volatility/series.h"

namespace margrave {

Result<ReturnDistribution> ReturnDistribution::empirical(std::span<const double> returns) {
  TRY_VOID(check_series(returns, "returns", 10));
  ReturnDistribution distribution;
  distribution.sorted_.assign(returns.begin(), returns.end());
  std::sort(distribution.sorted_.begin(), distribution.sorted_.end());
  return distribution;
}

Result<ReturnDistribution> ReturnDistribution::with_pareto_tails(std::span<const double> returns, double share) {
  ReturnDistribution distribution = TRY(empirical(returns));
  std::vector<double> losses;
  for (const double value : returns) losses.push_back(-value);
  const double low = TRY(tail_threshold(losses, share)), high = TRY(tail_threshold(returns, share));
  distribution.low_ = TRY(fit_pareto_tail(losses, low)).tail;
  distribution.high_ = TRY(fit_pareto_tail(returns, high)).tail;
  return distribution;
}

double ReturnDistribution::quantile(double probability) const {
  CHECK(probability > 0 && probability < 1);
  if (low_ && probability <= low_->exceedance) return -pareto_tail_loss(*low_, probability).var;
  if (high_ && 1 - probability <= high_->exceedance) return pareto_tail_loss(*high_, 1 - probability).var;
  const auto last = static_cast<double>(sorted_.size() - 1);
  const double at = std::clamp(probability * static_cast<double>(sorted_.size()) - 0.5, 0.0, last);
  const auto index = std::min(static_cast<std::size_t>(at), sorted_.size() - 2);
  const double part = at - static_cast<double>(index);
  return sorted_[index] + part * (sorted_[index + 1] - sorted_[index]);
}

double ReturnDistribution::low_shape() const { return low_ ? low_->shape : std::numeric_limits<double>::quiet_NaN(); }
double ReturnDistribution::high_shape() const {
  return high_ ? high_->shape : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace margrave
