#include "scenario/historical.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "market/listing.h"
#include "math/elementary.h"
#include "scenario/price_windows.h"
#include "scenario/step_variance.h"

namespace margrave {
namespace {

constexpr double none = absent;
constexpr std::int64_t warm_up_steps = 300;  ///< before the window, where there are bars: volatility forgets its start

/// One coin's return over (at - step, at], from the first file that has both ends.
double return_at(const std::vector<const Bars*>& files, std::int64_t at_ms, std::int64_t step_ms) {
  for (const Bars* bars : files) {
    const double end = close_at(*bars, at_ms);
    const double start = std::isnan(end) ? none : close_at(*bars, at_ms - step_ms);
    if (!std::isnan(start)) return end / start - 1.0;
  }
  return none;
}

struct Coin {
  std::vector<const Bars*> files;
  std::vector<double> returns;  ///< by date; none where there is none
  std::size_t known{0};
  bool is_underlying{false};  ///< contracts are listed on it
};

std::vector<Coin> coins_of(const Market& market, const std::vector<Bars>& bars) {
  std::vector<Coin> coins(market.registry.assets().size());
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
std::vector<std::int64_t> step_ends(const std::vector<Coin>& coins, Timestamp as_of, std::int64_t step_ms,
                                    std::int64_t count) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (const Coin& coin : coins) {
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
Result<void> check_steps(const ScenarioSpec& spec, const std::vector<Coin>& coins, std::int64_t horizon_ms) {
  std::set<std::int64_t> steps;
  for (const Coin& coin : coins) {
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

/// Brings a coin's returns to its volatility now. Returns are scaled in logarithm, so that no price falls below 0.
void filter_returns(Coin& coin, const std::vector<std::int64_t>& ends, std::int64_t step_ms, const FilterSpec& filter) {
  const std::vector<double> factors =
      filter_factors(step_variances(coin.files, ends, step_ms, filter.wick_cap), filter);
  for (std::size_t t = 0; t < ends.size(); ++t) {
    double& move = coin.returns[t];
    if (!std::isnan(move)) move = stable_exp(factors[t] * stable_log(1.0 + move)) - 1.0;
  }
}

/// Leaves out the first dates: those that volatility was warmed up on.
void drop_first(std::size_t count, std::vector<Coin>& coins, std::vector<std::int64_t>& ends) {
  const auto begins = static_cast<std::ptrdiff_t>(count);
  ends.erase(ends.begin(), ends.begin() + begins);
  for (Coin& coin : coins) {
    if (!coin.returns.empty()) coin.returns.erase(coin.returns.begin(), coin.returns.begin() + begins);
  }
}

/// Mean absolute return of all coins that contracts are listed on and that have one, by date.
std::vector<double> mean_moves(const std::vector<Coin>& coins, std::size_t dates) {
  std::vector<double> mean(dates, 0);
  for (std::size_t t = 0; t < dates; ++t) {
    std::size_t count = 0;
    for (const Coin& coin : coins) {
      if (!coin.is_underlying || coin.returns.empty() || std::isnan(coin.returns[t])) continue;
      mean[t] += std::fabs(coin.returns[t]);
      ++count;
    }
    if (count > 0) mean[t] /= static_cast<double>(count);
  }
  return mean;
}

/// Keeps the dates whose trailing mean move is largest, in their order; the earlier of equals.
void keep_worst(const WorstSpec& worst, std::vector<Coin>& coins, std::vector<std::int64_t>& ends) {
  if (ends.size() <= worst.count) return;
  const std::vector<double> moves = mean_moves(coins, ends.size());
  std::vector<std::pair<double, std::size_t>> by_move;
  for (std::size_t t = 0; t < ends.size(); ++t) {
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
  pick(ends);
  for (Coin& coin : coins) {
    if (!coin.returns.empty()) pick(coin.returns);
  }
}

/// Mean return of all coins that have one, by date. A dollar that hardly moves says nothing of the market.
std::vector<double> market_returns(const std::vector<Coin>& coins, std::size_t dates) {
  std::vector<double> mean(dates, none);
  for (std::size_t t = 0; t < dates; ++t) {
    double sum = 0;
    std::size_t count = 0;
    for (const Coin& coin : coins) {
      if (!coin.is_underlying || coin.returns.empty() || std::isnan(coin.returns[t])) continue;
      sum += coin.returns[t];
      ++count;
    }
    if (count > 0) mean[t] = sum / static_cast<double>(count);
  }
  return mean;
}

/// How strongly the coin moves against the mean of all, by mean absolute returns over the dates both have.
double proxy_ratio(const Coin& coin, const std::vector<double>& mean) {
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
  const std::size_t n = set.names.size();
  set.weights.assign(n, Ratio{power_of_ten(Ratio::decimals)});
  set.dampening.assign(n, 1.0);
  set.vol_shock.assign(n, 0.0);
  set.vol_floor.assign(n, 0.0);
  set.basis_shift.assign(n, 0.0);
  set.rate_shift.assign(n, 0.0);
}

std::vector<double> multipliers(const Coin& coin, const std::vector<double>& mean) {
  const double ratio = proxy_ratio(coin, mean);
  std::vector<double> price;
  for (std::size_t t = 0; t < mean.size(); ++t) {
    if (std::isnan(mean[t])) continue;
    const double move = std::isnan(coin.returns[t]) ? std::max(-0.99, ratio * mean[t]) : coin.returns[t];
    price.push_back(1.0 + move);
  }
  return price;
}

std::size_t proxies(const Coin& coin, const std::vector<double>& mean) {
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
  std::vector<Coin> coins = coins_of(market, bars);
  TRY_VOID(check_steps(spec, coins, step_ms));
  const std::int64_t warm_up = history.filter ? warm_up_steps : 0;
  std::vector<std::int64_t> ends = step_ends(coins, market.state.as_of, step_ms, wanted + warm_up);
  if (ends.size() < 10) {
    return fail({.message = "scenario set " + spec.name + ": the bar files give fewer than 10 returns before " +
                            to_string(market.state.as_of),
                 .remedy = "name folders of bar files with --bars, in steps that divide the horizon"});
  }
  for (Coin& coin : coins) {
    if (coin.files.empty()) continue;
    for (const std::int64_t end : ends) coin.returns.push_back(return_at(coin.files, end, step_ms));
    if (history.filter) filter_returns(coin, ends, step_ms, *history.filter);
  }
  if (static_cast<std::int64_t>(ends.size()) > wanted) {
    drop_first(ends.size() - static_cast<std::size_t>(wanted), coins, ends);
  }
  if (history.worst) keep_worst(*history.worst, coins, ends);
  for (Coin& coin : coins) {
    for (const double move : coin.returns) coin.known += std::isnan(move) ? 0u : 1u;
  }

  ScenarioSet set;
  set.name = spec.name;
  set.horizon_seconds = spec.horizon_seconds;
  set.at_horizon = spec.at_horizon;
  set.price.resize(coins.size());
  set.uncovered.assign(coins.size(), false);
  const double least = history.least_share.to_double() * static_cast<double>(ends.size());

  for (std::size_t a = 0; a < coins.size(); ++a) {
    if (static_cast<double>(coins[a].known) >= least && coins[a].known > 0) continue;
    set.uncovered[a] = coins[a].is_underlying || !is_dollar(market.registry.assets()[a].name);
    if (coins[a].known > 0) {
      set.findings.push_back({Finding::Kind::missing, market.registry.assets()[a].name,
                              fmt::format("returns on only {} of {} dates", coins[a].known, ends.size())});
    }
    coins[a].returns.clear();
  }
  const std::vector<double> mean = market_returns(coins, ends.size());
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
