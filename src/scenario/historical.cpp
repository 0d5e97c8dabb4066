#include "scenario/historical.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "market/listing.h"
#include "scenario/joint_returns.h"

namespace margrave {
namespace {

/// Mean absolute return of all coins that contracts are listed on and that have one, by date.
std::vector<double> mean_moves(const std::vector<CoinReturns>& coins, std::size_t dates) {
  std::vector<double> mean(dates, 0);
  for (std::size_t t = 0; t < dates; ++t) {
    std::size_t count = 0;
    for (const CoinReturns& coin : coins) {
      if (!coin.is_underlying || coin.returns.empty() || std::isnan(coin.returns[t])) continue;
      mean[t] += std::fabs(coin.returns[t]);
      ++count;
    }
    if (count > 0) mean[t] /= static_cast<double>(count);
  }
  return mean;
}

/// Keeps the dates whose trailing mean move is largest, in their order; the earlier of equals.
void keep_worst(const WorstSpec& worst, JointReturns& past) {
  const std::size_t dates = past.ends.size();
  if (dates <= worst.count) return;
  const std::vector<double> moves = mean_moves(past.coins, dates);
  std::vector<std::pair<double, std::size_t>> by_move;
  for (std::size_t t = 0; t < dates; ++t) {
    const std::size_t first = t + 1 < worst.trailing ? 0 : t + 1 - worst.trailing;
    double sum = 0;
    for (std::size_t i = first; i <= t; ++i) sum += moves[i];
    by_move.emplace_back(-sum / static_cast<double>(t + 1 - first), t);
  }
  std::sort(by_move.begin(), by_move.end());
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < worst.count; ++i) kept.push_back(by_move[i].second);
  std::sort(kept.begin(), kept.end());
  const auto pick = [&](auto& values) {
    auto all = std::move(values);
    values.clear();
    for (const std::size_t t : kept) values.push_back(all[t]);
  };
  pick(past.ends);
  for (CoinReturns& coin : past.coins) {
    if (!coin.returns.empty()) pick(coin.returns);
  }
}

/// How strongly the coin moves against the mean of all, by mean absolute returns over the dates both have.
double proxy_ratio(const CoinReturns& coin, const std::vector<double>& mean) {
  double own = 0, others = 0;
  for (std::size_t t = 0; t < mean.size(); ++t) {
    if (std::isnan(coin.returns[t]) || std::isnan(mean[t])) continue;
    own += std::fabs(coin.returns[t]);
    others += std::fabs(mean[t]);
  }
  return others > 0 ? own / others : 1.0;
}

void add_columns(ScenarioSet& set, const std::vector<std::int64_t>& ends, const std::vector<double>& mean) {
  for (std::size_t t = 0; t < ends.size(); ++t) {
    if (std::isnan(mean[t])) continue;  // an outage of every file: no return of any coin ends here
    set.names.push_back(to_string(Timestamp::from_ms(ends[t])));
  }
  leave_unmoved(set);
}

std::vector<double> multipliers(const CoinReturns& coin, const std::vector<double>& mean) {
  const double ratio = proxy_ratio(coin, mean);
  std::vector<double> price;
  for (std::size_t t = 0; t < mean.size(); ++t) {
    if (std::isnan(mean[t])) continue;
    const double move = std::isnan(coin.returns[t]) ? std::max(-0.99, ratio * mean[t]) : coin.returns[t];
    price.push_back(1.0 + move);
  }
  return price;
}

std::size_t known_returns(const CoinReturns& coin) {
  std::size_t count = 0;
  for (const double move : coin.returns) count += std::isnan(move) ? 0u : 1u;
  return count;
}

std::size_t proxies(const CoinReturns& coin, const std::vector<double>& mean) {
  std::size_t count = 0;
  for (std::size_t t = 0; t < mean.size(); ++t) count += !std::isnan(mean[t]) && std::isnan(coin.returns[t]) ? 1u : 0u;
  return count;
}

void describe(ScenarioSet& set, const Market& market, const std::vector<std::int64_t>& ends, std::int64_t wanted) {
  const Timestamp last = Timestamp::from_ms(ends.back());
  const std::int64_t days = seconds_between(last, market.state.as_of) / seconds_per_day;
  if (days > 2) {
    set.findings.push_back(
        {Finding::Kind::stale, set.name,
         fmt::format("the bars end at {}, {} days before {}", to_string(last), days, to_string(market.state.as_of))});
  }
  if (static_cast<std::int64_t>(set.size()) < wanted) {
    set.findings.push_back({Finding::Kind::missing, set.name,
                            fmt::format("{} of the {} dates of the window have returns", set.size(), wanted)});
  }
}

}  // namespace

Result<ScenarioSet> historical_scenarios(const ScenarioSpec& spec, const HistoricalSpec& history, const Market& market,
                                         const std::vector<Bars>& bars) {
  const std::int64_t step_ms = history.step_seconds * 1000;
  const std::int64_t wanted = history.window_days * seconds_per_day / history.step_seconds;
  const std::int64_t warm_up = history.filter ? warm_up_steps : 0;
  JointReturns past = TRY(joint_returns(spec, step_ms, wanted + warm_up, market, bars));
  if (history.filter) TRY_VOID(filter_returns(*history.filter, step_ms, past));
  if (static_cast<std::int64_t>(past.ends.size()) > wanted) {
    past.drop_first(past.ends.size() - static_cast<std::size_t>(wanted));
  }
  if (history.worst) keep_worst(*history.worst, past);
  std::vector<CoinReturns>& coins = past.coins;
  const std::vector<std::int64_t>& ends = past.ends;

  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  set.price.resize(coins.size());
  set.uncovered.assign(coins.size(), false);
  const double least = history.least_share.to_double() * static_cast<double>(ends.size());

  for (std::size_t a = 0; a < coins.size(); ++a) {
    const std::size_t known = known_returns(coins[a]);
    if (static_cast<double>(known) >= least && known > 0) continue;
    set.uncovered[a] = coins[a].is_underlying || !is_dollar(market.registry.assets()[a].name);
    if (known > 0) {
      set.findings.push_back({Finding::Kind::missing, market.registry.assets()[a].name,
                              fmt::format("returns on only {} of {} dates", known, ends.size())});
    }
    coins[a].returns.clear();
  }
  const std::vector<double> mean = market_returns(past);
  add_columns(set, ends, mean);
  for (std::size_t a = 0; a < coins.size(); ++a) {
    if (coins[a].returns.empty()) continue;
    set.price[a] = multipliers(coins[a], mean);
    if (const std::size_t count = proxies(coins[a], mean); count > 0) {
      set.findings.push_back({Finding::Kind::assumed, market.registry.assets()[a].name,
                              fmt::format("{} of {} returns by proxy", count, set.size())});
    }
  }
  move_followers(market.registry, set);
  if (set.size() == 0) {
    return fail({.message = "scenario set " + spec.name + ": no coin that contracts are listed on has enough returns",
                 .remedy = "name folders of its bar files with --bars; their bars must end at multiples of the horizon "
                           "since 1970, UTC"});
  }
  describe(set, market, ends, history.worst ? static_cast<std::int64_t>(ends.size()) : wanted);
  return set;
}

}  // namespace margrave
