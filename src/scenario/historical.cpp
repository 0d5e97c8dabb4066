#include "scenario/historical.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "market/listing.h"

namespace margrave {
namespace {

/// The dates whose trailing mean move is largest, ascending; the earlier of equals.
std::vector<std::size_t> worst_dates(const WorstSpec& worst, const JointReturns& past) {
  const std::vector<double> moves = market_moves(past);
  std::vector<std::pair<double, std::size_t>> by_move(moves.size());
  for (std::size_t t = 0; t < moves.size(); ++t) {
    const std::size_t first = t + 1 < worst.trailing ? 0 : t + 1 - worst.trailing;
    double sum = 0;
    for (std::size_t i = first; i <= t; ++i) sum += moves[i];
    by_move[t] = {-sum / static_cast<double>(t + 1 - first), t};
  }
  const auto end = by_move.begin() + static_cast<std::ptrdiff_t>(worst.count);
  std::nth_element(by_move.begin(), end, by_move.end());
  std::vector<std::size_t> kept;
  for (auto at = by_move.begin(); at != end; ++at) kept.push_back(at->second);
  std::sort(kept.begin(), kept.end());
  return kept;
}

void keep_worst(const WorstSpec& worst, JointReturns& past) {
  if (past.ends.size() <= worst.count) return;
  const std::vector<std::size_t> kept = worst_dates(worst, past);
  const auto pick = [&](auto& values) {
    for (std::size_t i = 0; i < kept.size(); ++i) values[i] = values[kept[i]];
    values.resize(kept.size());
  };
  pick(past.ends);
  for (CoinReturns& coin : past.coins) {
    if (!coin.returns.empty()) pick(coin.returns);
  }
}

std::size_t known_returns(const CoinReturns& coin) {
  std::size_t count = 0;
  for (const double move : coin.returns) count += std::isnan(move) ? 0u : 1u;
  return count;
}

/// Takes away the returns of coins that have too few, and says so.
void drop_uncovered(const HistoricalSpec& history, const Market& market, JointReturns& past, ScenarioSet& set) {
  const std::size_t dates = past.ends.size();
  const double least = history.least_share.to_double() * static_cast<double>(dates);
  set.uncovered.assign(past.coins.size(), false);
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    CoinReturns& coin = past.coins[a];
    const std::size_t known = known_returns(coin);
    if (static_cast<double>(known) >= least && known > 0) continue;
    const std::string& name = market.registry.assets()[a].name;
    set.uncovered[a] = coin.is_underlying || !is_dollar(name);
    if (known > 0) {
      set.findings.push_back(
          {Finding::Kind::missing, name, fmt::format("returns on only {} of {} dates", known, dates)});
    }
    coin.returns.clear();
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

/// Multipliers by scenario, and how many of them are by proxy.
std::vector<double> multipliers(const CoinReturns& coin, const std::vector<double>& mean, std::size_t& proxies) {
  std::vector<double> price;
  price.reserve(mean.size());
  double ratio = -1;
  for (std::size_t t = 0; t < mean.size(); ++t) {
    if (std::isnan(mean[t])) continue;
    double move = coin.returns[t];
    if (std::isnan(move)) {
      if (ratio < 0) ratio = proxy_ratio(coin, mean);
      move = std::max(-0.99, ratio * mean[t]);
      ++proxies;
    }
    price.push_back(1.0 + move);
  }
  return price;
}

void move_coins(const Market& market, const JointReturns& past, const std::vector<double>& mean, ScenarioSet& set) {
  set.price.resize(past.coins.size());
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    if (past.coins[a].returns.empty()) continue;
    std::size_t proxies = 0;
    set.price[a] = multipliers(past.coins[a], mean, proxies);
    if (proxies > 0) {
      set.findings.push_back({Finding::Kind::assumed, market.registry.assets()[a].name,
                              fmt::format("{} of {} returns by proxy", proxies, set.size())});
    }
  }
  move_followers(market.registry, set);
}

void describe(ScenarioSet& set, const Market& market, std::int64_t last_end_ms, std::size_t due) {
  const Timestamp last = Timestamp::from_ms(last_end_ms);
  const std::int64_t days = seconds_between(last, market.state.as_of) / seconds_per_day;
  if (days > 2) {
    set.findings.push_back(
        {Finding::Kind::stale, set.name,
         fmt::format("the bars end at {}, {} days before {}", to_string(last), days, to_string(market.state.as_of))});
  }
  if (set.size() < due) {
    set.findings.push_back({Finding::Kind::missing, set.name,
                            fmt::format("{} of the {} dates of the window have returns", set.size(), due)});
  }
}

}  // namespace

WindowSteps window_steps(const HistoricalSpec& history) {
  return {static_cast<std::size_t>(history.window_days * seconds_per_day / history.step_seconds),
          history.filter ? static_cast<std::size_t>(warm_up_steps) : 0};
}

Result<ScenarioSet> set_of_returns(const ScenarioSpec& spec, const HistoricalSpec& history, const Market& market,
                                   JointReturns past, const std::function<std::string(std::int64_t)>& name_of) {
  if (history.worst) keep_worst(*history.worst, past);
  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  drop_uncovered(history, market, past, set);
  const std::vector<double> mean = market_returns(past);
  set.names.reserve(mean.size());
  for (std::size_t t = 0; t < mean.size(); ++t) {
    // Absent: an outage of every file, no return of any coin ends here.
    if (!std::isnan(mean[t])) set.names.push_back(name_of(past.ends[t]));
  }
  leave_unmoved(set);
  move_coins(market, past, mean, set);
  if (set.size() == 0) {
    return fail({.message = "scenario set " + spec.name + ": no coin that contracts are listed on has enough returns",
                 .remedy = "name folders of its bar files with --bars; their bars must end at multiples of the horizon "
                           "since 1970, UTC"});
  }
  describe(set, market, past.ends.back(), history.worst ? past.ends.size() : window_steps(history).window);
  return set;
}

Result<ScenarioSet> historical_scenarios(const ScenarioSpec& spec, const HistoricalSpec& history, const Market& market,
                                         const std::vector<Bars>& bars) {
  const std::int64_t step_ms = history.step_seconds * 1000;
  const WindowSteps steps = window_steps(history);
  JointReturns past =
      TRY(joint_returns(spec, step_ms, static_cast<std::int64_t>(steps.window + steps.warm_up), market, bars));
  if (history.filter) TRY_VOID(filter_returns(*history.filter, step_ms, past));
  if (past.ends.size() > steps.window) past.drop_first(past.ends.size() - steps.window);
  return set_of_returns(spec, history, market, std::move(past),
                        [](std::int64_t end_ms) { return to_string(Timestamp::from_ms(end_ms)); });
}

}  // namespace margrave
