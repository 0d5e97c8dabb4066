#include "scenario/historical.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "market/listing.h"
#include "scenario/standard_returns.h"
#include "scenario/vol_moves.h"

namespace margrave {
namespace {

/// The sums of the moves of the `trailing` dates that end with each, or of all up to it, the earliest added first.
std::vector<double> trailing_sums(const std::vector<double>& moves, std::size_t trailing) {
  std::vector<double> sums(moves.size(), 0.0);
  for (std::size_t back = std::min(trailing, moves.size()); back-- > 0;) {
    for (std::size_t t = back; t < moves.size(); ++t) sums[t] += moves[t - back];
  }
  return sums;
}

/// The dates whose trailing mean move is largest, ascending; the earlier of equals. All where there are no more.
std::vector<std::size_t> worst_dates(const WorstSpec& worst, const JointReturns& past) {
  const std::vector<double> sums = trailing_sums(market_moves(past), worst.trailing);
  std::vector<std::pair<double, std::size_t>> by_move(sums.size());
  for (std::size_t t = 0; t < sums.size(); ++t)
    by_move[t] = {-sums[t] / static_cast<double>(std::min(t + 1, worst.trailing)), t};
  const auto end = by_move.begin() + static_cast<std::ptrdiff_t>(std::min(worst.count, sums.size()));
  std::nth_element(by_move.begin(), end, by_move.end());
  std::vector<std::size_t> kept;
  for (auto at = by_move.begin(); at != end; ++at) kept.push_back(at->second);
  std::sort(kept.begin(), kept.end());
  return kept;
}

/// The dates that are to become scenarios, ascending.
std::vector<std::size_t> wanted_dates(const HistoricalSpec& history, const JointReturns& past) {
  if (history.worst) return worst_dates(*history.worst, past);
  std::vector<std::size_t> all(past.ends.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// Returns that a coin must have to be covered. The worst dates may hold none of them, so that how strongly the coin
/// moves is known from the others alone: there must be enough of those to tell.
double least_returns(const HistoricalSpec& history, std::size_t dates) {
  const double share = history.least_share.to_double() * static_cast<double>(dates);
  return history.worst ? std::max(share, static_cast<double>(std::min(least_dates, dates))) : share;
}

std::size_t known_returns(const CoinReturns& coin) {
  std::size_t count = 0;
  for (const double move : coin.returns) count += std::isnan(move) ? 0u : 1u;
  return count;
}

/// Takes away the returns of coins that have too few, and says so.
void drop_uncovered(const HistoricalSpec& history, const Market& market, JointReturns& past, ScenarioSet& set) {
  const std::size_t dates = past.ends.size();
  const double least = least_returns(history, dates);
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

/// Multipliers by scenario, and how many of them are by proxy. `mean` has all dates, those of the scenarios among them.
std::vector<double> multipliers(const CoinReturns& coin, const std::vector<double>& mean,
                                const std::vector<std::size_t>& dates, std::size_t& proxies) {
  std::vector<double> price;
  price.reserve(dates.size());
  double ratio = -1;
  for (const std::size_t t : dates) {
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

void move_coins(const Market& market, const JointReturns& past, const std::vector<double>& mean,
                const std::vector<std::size_t>& dates, ScenarioSet& set) {
  set.price.resize(past.coins.size());
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    if (past.coins[a].returns.empty()) continue;
    std::size_t proxies = 0;
    set.price[a] = multipliers(past.coins[a], mean, dates, proxies);
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
  // Which times were the worst is told by all coins, also those that are not covered.
  std::vector<std::size_t> dates = wanted_dates(history, past);
  const std::size_t due = history.worst ? dates.size() : window_steps(history).window;
  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  drop_uncovered(history, market, past, set);
  const std::vector<double> mean = market_returns(past);
  // An outage of every file: no return of any coin ends there.
  std::erase_if(dates, [&](std::size_t t) { return std::isnan(mean[t]); });
  set.names.reserve(dates.size());
  for (const std::size_t t : dates) set.names.push_back(name_of(past.ends[t]));
  leave_unmoved(set);
  move_coins(market, past, mean, dates, set);
  if (set.size() == 0) {
    return fail({.message = "scenario set " + spec.name + ": no coin that contracts are listed on has enough returns",
                 .remedy = "name folders of its bar files with --bars; their bars must end at multiples of the horizon "
                           "since 1970, UTC"});
  }
  if (spec.vol_moves) set_vol_moves(market.registry, *spec.vol_moves, set);
  describe(set, market, past.ends.back(), due);
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
