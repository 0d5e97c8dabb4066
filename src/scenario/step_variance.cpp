#include "scenario/step_variance.h"

#include <algorithm>
#include <cmath>

#include "market/state.h"
#include "volatility/range_variance.h"

namespace margrave {
namespace {

constexpr std::size_t start_steps = 30;  ///< whose mean variance the average starts from

/// The sum over the bars that fill (end - step, end], or `absent` where one is missing.
double variance_in(const Bars& bars, std::int64_t end_ms, std::int64_t step_ms, double wick_cap) {
  if (bars.step_ms <= 0 || step_ms % bars.step_ms != 0 || bars.high.size() != bars.t_ms.size()) return absent;
  const auto wanted = static_cast<std::size_t>(step_ms / bars.step_ms);
  const auto first = std::lower_bound(bars.t_ms.begin(), bars.t_ms.end(), end_ms - step_ms);
  const auto at = static_cast<std::size_t>(first - bars.t_ms.begin());
  if (at + wanted > bars.t_ms.size() || bars.t_ms[at] != end_ms - step_ms ||
      bars.t_ms[at + wanted - 1] != end_ms - bars.step_ms) {
    return absent;
  }
  double sum = 0;
  for (std::size_t i = at; i < at + wanted; ++i) {
    const auto capped = cap_wicks({bars.open[i], bars.high[i], bars.low[i], bars.close[i]}, wick_cap);
    CHECK(capped.has_value());  // the reader of bars has checked their prices
    sum += *parkinson_variance(*capped);
  }
  return sum;
}

/// The mean of the first variances that are known and above 0; 0 where fewer than two are.
double start_of(const std::vector<double>& variances) {
  double sum = 0;
  std::size_t count = 0;
  for (const double variance : variances) {
    if (count == start_steps) break;
    if (std::isnan(variance) || !(variance > 0)) continue;
    sum += variance;
    ++count;
  }
  return count < 2 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

std::vector<double> step_variances(const std::vector<const Bars*>& files, const std::vector<std::int64_t>& ends,
                                   std::int64_t step_ms, double wick_cap) {
  std::vector<double> variances;
  for (const std::int64_t end : ends) {
    double found = absent;
    for (const Bars* bars : files) {
      if (std::isnan(found)) found = variance_in(*bars, end, step_ms, wick_cap);
    }
    variances.push_back(found);
  }
  return variances;
}

KnownVariances known_variances(const std::vector<double>& variances, double decay) {
  const double start = start_of(variances);
  KnownVariances known{.before = std::vector<double>(variances.size(), 1.0), .now = 1};
  if (!(start > 0)) return known;
  known.now = start;
  for (std::size_t t = 0; t < variances.size(); ++t) {
    known.before[t] = known.now;
    if (!std::isnan(variances[t])) known.now = decay * known.now + (1 - decay) * variances[t];
  }
  return known;
}

std::vector<double> volatility_ratios(const KnownVariances& known, const FilterSpec& filter) {
  std::vector<double> factors(known.before.size());
  for (std::size_t t = 0; t < factors.size(); ++t) {
    const double before = known.before[t];
    const double ratio = before > 0 ? std::sqrt(known.now / before) : filter.most;
    factors[t] = std::clamp(ratio, filter.least, filter.most);
  }
  return factors;
}

std::vector<double> filter_factors(const std::vector<double>& variances, const FilterSpec& filter) {
  return volatility_ratios(known_variances(variances, filter.decay), filter);
}

}  // namespace margrave
