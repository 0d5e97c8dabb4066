#include "scenario/joint_returns.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "math/elementary.h"
#include "scenario/price_windows.h"
#include "scenario/step_variance.h"
#include "volatility/recorrelation.h"

namespace margrave {
namespace {

std::vector<CoinReturns> coins_of(const Market& market, const std::vector<Bars>& bars) {
  std::vector<CoinReturns> coins(market.registry.assets().size());
  for (const Bars& file : bars) {
    const auto asset = market.registry.asset(file.coin);
    if (!asset || market.registry[*asset].follows) continue;  // a follower has no history of its own
    coins[asset->index()].files.push_back(&file);
  }
  for (const Underlying& underlying : market.registry.underlyings())
    coins[underlying.coin.index()].is_underlying = true;
  return coins;
}

/// Ends of the steps, ascending: multiples of the step since the epoch, at most `count`, the last one at or before
/// both as_of and the last bar.
std::vector<std::int64_t> step_ends(const std::vector<CoinReturns>& coins, Timestamp as_of, std::int64_t step_ms,
                                    std::int64_t count) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (const CoinReturns& coin : coins) {
    for (const Bars* file : coin.files) {
      if (file->t_ms.empty()) continue;
      first = std::min(first, file->t_ms.front());
      last = std::max(last, file->t_ms.back() + file->step_ms);
    }
  }
  std::vector<std::int64_t> ends;
  if (first > last) return ends;
  const std::int64_t as_of_ms = as_of.ns / 1'000'000;
  std::int64_t end = std::min(last, as_of_ms);
  end -= ((end % step_ms) + step_ms) % step_ms;
  for (; end - step_ms >= first && static_cast<std::int64_t>(ends.size()) < count; end -= step_ms) ends.push_back(end);
  std::reverse(ends.begin(), ends.end());
  return ends;
}

std::string in_hours(std::int64_t ms) {
  return ms % 3'600'000 == 0 ? fmt::format("{}h", ms / 3'600'000) : fmt::format("{}s", ms / 1000);
}

/// A return over the horizon needs a close at both ends, so some file's step must divide the horizon.
Result<void> check_steps(const ScenarioSpec& spec, const std::vector<CoinReturns>& coins, std::int64_t horizon_ms) {
  std::set<std::int64_t> steps;
  for (const CoinReturns& coin : coins) {
    for (const Bars* file : coin.files) {
      if (file->step_ms > 0 && horizon_ms % file->step_ms == 0) return {};
      if (file->step_ms > 0) steps.insert(file->step_ms);
    }
  }
  if (steps.empty()) return {};  // no bars at all: another error
  std::string all;
  for (const std::int64_t step : steps) all += (all.empty() ? "" : ", ") + in_hours(step);
  return fail({.message = fmt::format("scenario set {}: no bar file has a step that divides the horizon of {}; their "
                                      "steps are {}",
                                      spec.name, in_hours(horizon_ms), all),
               .field = "horizon",
               .remedy = "use a horizon that is a multiple of " + in_hours(*steps.begin()) +
                         ", or name folders of finer bars with --bars"});
}

/// A coin's log returns over the root of the variance that was known when each step began: `absent` where it has no
/// return, or had no variance.
std::vector<double> standardised(const std::vector<double>& logs, const KnownVariances& known) {
  std::vector<double> z;
  for (std::size_t t = 0; t < logs.size(); ++t) {
    z.push_back(known.before[t] > least_step_variance ? logs[t] / std::sqrt(known.before[t]) : absent);
  }
  return z;
}

/// Log returns with the correlation of now in place of that of their day, of the coins named.
Result<void> recorrelate(const CorrelationFilter& filter, const std::vector<std::size_t>& of,
                         const std::vector<KnownVariances>& known, std::vector<std::vector<double>>& logs) {
  std::vector<std::vector<double>> z;
  for (const std::size_t a : of) z.push_back(standardised(logs[a], known[a]));
  const auto moved = TRY(recorrelated({.decay = filter.decay, .shrink = filter.shrink}, filter.floor, z));
  for (std::size_t k = 0; k < of.size(); ++k) {
    for (std::size_t t = 0; t < moved[k].size(); ++t) {
      if (!std::isnan(moved[k][t])) logs[of[k]][t] = moved[k][t] * std::sqrt(known[of[k]].before[t]);
    }
  }
  return {};
}

}  // namespace

void JointReturns::drop_first(std::size_t count) {
  const auto begins = static_cast<std::ptrdiff_t>(count);
  ends.erase(ends.begin(), ends.begin() + begins);
  for (CoinReturns& coin : coins) {
    if (!coin.returns.empty()) coin.returns.erase(coin.returns.begin(), coin.returns.begin() + begins);
  }
}

Result<JointReturns> joint_returns(const ScenarioSpec& spec, std::int64_t step_ms, std::int64_t count,
                                   const Market& market, const std::vector<Bars>& bars) {
  JointReturns past;
  past.coins = coins_of(market, bars);
  TRY_VOID(check_steps(spec, past.coins, step_ms));
  past.ends = step_ends(past.coins, market.state.as_of, step_ms, count);
  if (past.ends.size() < 10) {
    return fail({.message = "scenario set " + spec.name + ": the bar files give fewer than 10 returns before " +
                            to_string(market.state.as_of),
                 .remedy = "name folders of bar files with --bars, in steps that divide the horizon"});
  }
  for (CoinReturns& coin : past.coins) {
    if (coin.files.empty()) continue;
    for (const std::int64_t end : past.ends) coin.returns.push_back(return_at(coin.files, end, step_ms));
  }
  return past;
}

Result<void> filter_returns(const FilterSpec& filter, std::int64_t step_ms, JointReturns& past) {
  std::vector<KnownVariances> known(past.coins.size());
  std::vector<std::vector<double>> logs(past.coins.size());
  std::vector<std::size_t> listed;
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    const CoinReturns& coin = past.coins[a];
    if (coin.files.empty()) continue;
    known[a] = known_variances(step_variances(coin.files, past.ends, step_ms, filter.wick_cap), filter.decay);
    for (const double move : coin.returns) logs[a].push_back(std::isnan(move) ? absent : stable_log(1.0 + move));
    if (coin.is_underlying) listed.push_back(a);
  }
  if (filter.correlation) TRY_VOID(recorrelate(*filter.correlation, listed, known, logs));
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    if (past.coins[a].files.empty()) continue;
    const std::vector<double> factors = volatility_ratios(known[a], filter);
    for (std::size_t t = 0; t < factors.size(); ++t) {
      double& move = past.coins[a].returns[t];
      if (!std::isnan(move)) move = stable_exp(factors[t] * logs[a][t]) - 1.0;
    }
  }
  return {};
}

std::vector<double> market_returns(const JointReturns& past) {
  const std::size_t dates = past.ends.size();
  std::vector<double> mean(dates, absent);
  for (std::size_t t = 0; t < dates; ++t) {
    double sum = 0;
    std::size_t count = 0;
    for (const CoinReturns& coin : past.coins) {
      if (!coin.is_underlying || coin.returns.empty() || std::isnan(coin.returns[t])) continue;
      sum += coin.returns[t];
      ++count;
    }
    if (count > 0) mean[t] = sum / static_cast<double>(count);
  }
  return mean;
}

}  // namespace margrave
