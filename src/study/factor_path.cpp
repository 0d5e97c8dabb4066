#include "study/factor_path.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace margrave {
namespace {

/// By tested step: fast shortfall over slow base.
std::vector<double> signals_of(double weight, const SideTails& side) {
  const std::vector<double>&fast = side.at_decay[0].shortfall, &slow = side.at_decay[1].shortfall;
  std::vector<double> signals;
  for (std::size_t t = 0; t < fast.size(); ++t)
    signals.push_back(fast[t] / ((1 - weight) * slow[t] + weight * side.worst[t]));
  return signals;
}

/// The least factor announced since an instant, and the last one before it (1 before the first).
double least_since(const std::vector<FactorStep>& path, std::int64_t since_ms) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = path.size(); i-- > 0;) {
    least = std::min(least, path[i].initial);
    if (path[i].at_ms <= since_ms) return least;
  }
  return std::min(least, 1.0);
}

}  // namespace

Result<FactorSignals> factor_signals(const WalkSpec& spec, std::span<const double> log_returns,
                                     std::span<const double> variances) {
  if (log_returns.size() < spec.first) return FactorSignals{};
  // A step more, of which nothing is known: its tails are those of now.
  std::vector<double> moves(log_returns.begin(), log_returns.end()), ranges(variances.begin(), variances.end());
  moves.push_back(0);
  ranges.push_back(std::numeric_limits<double>::quiet_NaN());
  const LinearTails tails = TRY(linear_tails(tail_spec(spec), moves, ranges));
  const std::vector<double> of_long = signals_of(spec.slow_weight, tails.long_side);
  const std::vector<double> of_short = signals_of(spec.slow_weight, tails.short_side);
  FactorSignals out{.at = tails.at, .signal = {}};
  for (std::size_t t = 0; t < of_long.size(); ++t) out.signal.push_back(std::max(of_long[t], of_short[t]));
  return out;
}

std::vector<FactorStep> factor_path(const FactorBounds& bounds, std::span<const std::int64_t> at_ms,
                                    std::span<const double> signals, std::int64_t notice_ms) {
  CHECK(at_ms.size() == signals.size());
  std::vector<FactorStep> path;
  double factor = 1;
  for (std::size_t t = 0; t < signals.size(); ++t) {
    factor = next_factor(bounds, factor, signals[t]);
    path.push_back({.at_ms = at_ms[t], .signal = signals[t], .initial = factor});
    path.back().maintenance = least_since(path, at_ms[t] - notice_ms);
  }
  return path;
}

}  // namespace margrave
