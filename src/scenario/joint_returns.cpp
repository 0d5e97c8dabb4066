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

/// First open and last end of the coins' bars; first > last where there are none.
std::pair<std::int64_t, std::int64_t> ends_of(const std::vector<CoinReturns>& coins) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (const CoinReturns& coin : coins) {
    for (const Bars* file : coin.files) {
      if (file->t_ms.empty()) continue;
      first = std::min(first, file->t_ms.front());
      last = std::max(last, file->t_ms.back() + file->step_ms);
    }
  }
  return {first, last};
}

std::int64_t floor_to(std::int64_t at, std::int64_t step) { return at - ((at % step) + step) % step; }

std::string in_hours(std::int64_t ms) {
  return ms % 3'600'000 == 0 ? fmt::format("{}h", ms / 3'600'000) : fmt::format("{}s", ms / 1000);
}

/// Sums the coins of the market up by step, coin after coin: the same sums, step by step, as step after step.
template <class Part>
void sum_up(const JointReturns& past, Part&& part, std::vector<double>& sum, std::vector<double>& count) {
  const std::size_t dates = past.ends.size();
  sum.assign(dates, 0.0);
  count.assign(dates, 0.0);
  for (const CoinReturns& coin : past.coins) {
    if (!coin.is_underlying || coin.returns.empty()) continue;
    for (std::size_t t = 0; t < dates; ++t) {
      const double move = coin.returns[t];
      const bool there = !std::isnan(move);
      sum[t] += there ? part(move) : 0.0;
      count[t] += there ? 1.0 : 0.0;
    }
  }
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

StepSpan last_steps(std::int64_t first_ms, std::int64_t last_ms, std::int64_t as_of_ms, std::int64_t step_ms,
                    std::size_t most) {
  if (first_ms > last_ms) return {};
  const std::int64_t end = floor_to(std::min(last_ms, as_of_ms), step_ms);
  const std::int64_t lowest = floor_to(first_ms + step_ms - 1, step_ms) + step_ms;
  if (end < lowest) return {};
  const std::size_t count = std::min(most, static_cast<std::size_t>((end - lowest) / step_ms) + 1);
  return {end - (static_cast<std::int64_t>(count) - 1) * step_ms, count};
}

Result<void> check_steps(const ScenarioSpec& spec, const std::vector<const Bars*>& files, std::int64_t step_ms) {
  std::set<std::int64_t> steps;
  for (const Bars* file : files) {
    if (file->step_ms > 0 && step_ms % file->step_ms == 0) return {};
    if (file->step_ms > 0) steps.insert(file->step_ms);
  }
  if (steps.empty()) return {};
  std::string all;
  for (const std::int64_t step : steps) all += (all.empty() ? "" : ", ") + in_hours(step);
  return fail({.message = fmt::format("scenario set {}: no bar file has a step that divides the horizon of {}; their "
                                      "steps are {}",
                                      spec.name, in_hours(step_ms), all),
               .field = "horizon",
               .remedy = "use a horizon that is a multiple of " + in_hours(*steps.begin()) +
                         ", or name folders of finer bars with --bars"});
}

Error too_few_steps(const ScenarioSpec& spec, Timestamp as_of) {
  return {
      .message = "scenario set " + spec.name + ": the bar files give fewer than 10 returns before " + to_string(as_of),
      .remedy = "name folders of bar files with --bars, in steps that divide the horizon"};
}

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
  std::vector<const Bars*> files;
  for (const CoinReturns& coin : past.coins) files.insert(files.end(), coin.files.begin(), coin.files.end());
  TRY_VOID(check_steps(spec, files, step_ms));
  const auto [first, last] = ends_of(past.coins);
  const StepSpan span =
      last_steps(first, last, market.state.as_of.ns / 1'000'000, step_ms, static_cast<std::size_t>(count));
  if (span.count < least_steps) return fail(too_few_steps(spec, market.state.as_of));
  for (std::size_t t = 0; t < span.count; ++t)
    past.ends.push_back(span.first_end_ms + static_cast<std::int64_t>(t) * step_ms);
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
    scale_returns(Isa::portable, volatility_ratios(known[a], filter), logs[a], past.coins[a].returns);
  }
  return {};
}

void scale_returns(Isa isa, std::span<const double> factors, std::span<const double> logs, std::span<double> returns) {
  for (std::size_t t = 0; t < returns.size(); ++t) returns[t] = factors[t] * logs[t];
  stable_exp(isa, returns, returns);
  for (double& move : returns) move -= 1.0;
}

std::vector<double> market_returns(const JointReturns& past) {
  std::vector<double> mean, count;
  sum_up(
      past, [](double move) { return move; }, mean, count);
  for (std::size_t t = 0; t < mean.size(); ++t) mean[t] = count[t] > 0 ? mean[t] / count[t] : absent;
  return mean;
}

std::vector<double> market_moves(const JointReturns& past) {
  std::vector<double> mean, count;
  sum_up(
      past, [](double move) { return std::fabs(move); }, mean, count);
  for (std::size_t t = 0; t < mean.size(); ++t) mean[t] = count[t] > 0 ? mean[t] / count[t] : 0.0;
  return mean;
}

}  // namespace margrave
