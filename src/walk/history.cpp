#include "walk/history.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "base/check.h"
#include "base/parallel.h"
#include "market/listing.h"
#include "math/elementary.h"
#include "scenario/joint_returns.h"
#include "scenario/price_windows.h"
#include "scenario/step_variance.h"

namespace margrave {
namespace {

/// One asset of a market over the dates of its set.
struct Moves {
  std::vector<double> returns;  ///< empty: it has nothing to say
  std::size_t known{0};
  bool is_underlying{false};
};

/// The mean over coins that have a return, by date, in order of the assets; nothing where none has one.
std::vector<double> mean_returns(const std::vector<Moves>& assets, std::size_t dates, bool absolute) {
  std::vector<double> sum(dates, 0.0), count(dates, 0.0);
  for (const Moves& asset : assets) {
    if (!asset.is_underlying || asset.returns.empty()) continue;
    for (std::size_t t = 0; t < dates; ++t) {
      const double move = asset.returns[t];
      const bool there = !std::isnan(move);
      sum[t] += there ? (absolute ? std::fabs(move) : move) : 0.0;
      count[t] += there ? 1.0 : 0.0;
    }
  }
  for (std::size_t t = 0; t < dates; ++t) sum[t] = count[t] > 0 ? sum[t] / count[t] : (absolute ? 0.0 : absent);
  return sum;
}

/// The dates of the worst times, ascending.
std::vector<std::size_t> worst_dates(const WorstSpec& worst, const std::vector<Moves>& assets, std::size_t dates) {
  std::vector<std::size_t> kept(dates);
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  if (dates <= worst.count) return kept;
  const std::vector<double> moves = mean_returns(assets, dates, true);
  std::vector<std::pair<double, std::size_t>> by_move(dates);
  for (std::size_t t = 0; t < dates; ++t) {
    const std::size_t first = t + 1 < worst.trailing ? 0 : t + 1 - worst.trailing;
    double sum = 0;
    for (std::size_t i = first; i <= t; ++i) sum += moves[i];
    by_move[t] = {-sum / static_cast<double>(t + 1 - first), t};
  }
  const auto end = by_move.begin() + static_cast<std::ptrdiff_t>(worst.count);
  std::nth_element(by_move.begin(), end, by_move.end());
  kept.clear();
  for (auto at = by_move.begin(); at != end; ++at) kept.push_back(at->second);
  std::sort(kept.begin(), kept.end());
  return kept;
}

/// How strongly an asset moves against the mean of all, over the dates both have.
double proxy_ratio(const std::vector<double>& returns, const std::vector<double>& mean) {
  double own = 0, others = 0;
  for (std::size_t t = 0; t < mean.size(); ++t) {
    if (std::isnan(returns[t]) || std::isnan(mean[t])) continue;
    own += std::fabs(returns[t]);
    others += std::fabs(mean[t]);
  }
  return others > 0 ? own / others : 1.0;
}

/// Multipliers by scenario, and how many of them are by proxy.
std::vector<double> multipliers(const std::vector<double>& returns, const std::vector<double>& mean,
                                std::size_t& proxies) {
  std::vector<double> price;
  price.reserve(mean.size());
  double ratio = -1;
  for (std::size_t t = 0; t < mean.size(); ++t) {
    if (std::isnan(mean[t])) continue;
    double move = returns[t];
    if (std::isnan(move)) {
      if (ratio < 0) ratio = proxy_ratio(returns, mean);
      move = std::max(-0.99, ratio * mean[t]);
      ++proxies;
    }
    price.push_back(1.0 + move);
  }
  return price;
}

std::int64_t floor_to(std::int64_t at, std::int64_t step) { return at - ((at % step) + step) % step; }

std::string in_hours(std::int64_t ms) {
  return ms % 3'600'000 == 0 ? fmt::format("{}h", ms / 3'600'000) : fmt::format("{}s", ms / 1000);
}

Result<void> check_steps(const ScenarioSpec& spec, const std::vector<Bars>& bars, std::int64_t step_ms) {
  std::set<std::int64_t> steps;
  for (const Bars& file : bars) {
    if (file.step_ms > 0 && step_ms % file.step_ms == 0) return {};
    if (file.step_ms > 0) steps.insert(file.step_ms);
  }
  if (steps.empty()) return {};
  return fail({.message = fmt::format("scenario set {}: no bar file has a step that divides the horizon of {}; the "
                                      "shortest step is {}",
                                      spec.name, in_hours(step_ms), in_hours(*steps.begin())),
               .field = "horizon",
               .remedy = "name folders of finer bars"});
}

}  // namespace

Result<History> History::read(const ScenarioSpec& spec, const std::vector<Bars>& bars, unsigned threads, Isa isa) {
  History history;
  history.spec_ = spec;
  history.history_ = std::get<HistoricalSpec>(spec.kind);
  history.isa_ = isa;
  CHECK(!history.history_.filter || !history.history_.filter->correlation);
  history.step_ms_ = history.history_.step_seconds * 1000;
  TRY_VOID(check_steps(spec, bars, history.step_ms_));
  std::map<std::string, std::vector<const Bars*>> files;
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (const Bars& file : bars) {
    if (file.t_ms.empty()) continue;
    files[file.coin].push_back(&file);
    first = std::min(first, file.t_ms.front());
    last = std::max(last, file.t_ms.back() + file.step_ms);
  }
  const std::int64_t step = history.step_ms_;
  history.first_end_ms_ = first > last ? 0 : floor_to(first + step - 1, step) + step;
  for (std::int64_t end = history.first_end_ms_; first <= last && end <= last; end += step)
    history.names_.push_back(to_string(Timestamp::from_ms(end)));
  std::vector<std::pair<const std::vector<const Bars*>*, Coin*>> work;
  for (const auto& [coin, of] : files) work.emplace_back(&of, &history.coins_[coin]);
  parallel_for(work.size(), threads, [&](std::size_t i) { history.read_coin(*work[i].first, *work[i].second); });
  return history;
}

void History::read_coin(const std::vector<const Bars*>& files, Coin& coin) const {
  coin.first_ms = std::numeric_limits<std::int64_t>::max();
  coin.last_ms = std::numeric_limits<std::int64_t>::min();
  for (const Bars* file : files) {
    coin.first_ms = std::min(coin.first_ms, file->t_ms.front());
    coin.last_ms = std::max(coin.last_ms, file->t_ms.back() + file->step_ms);
  }
  const std::size_t steps = names_.size();
  std::vector<std::int64_t> ends(steps);
  for (std::size_t t = 0; t < steps; ++t) ends[t] = first_end_ms_ + static_cast<std::int64_t>(t) * step_ms_;
  coin.returns.resize(steps);
  coin.known.assign(steps + 1, 0);
  for (std::size_t t = 0; t < steps; ++t) {
    coin.returns[t] = return_at(files, ends[t], step_ms_);
    coin.known[t + 1] = coin.known[t] + (std::isnan(coin.returns[t]) ? 0u : 1u);
  }
  if (!history_.filter) return;
  coin.variance = step_variances(files, ends, step_ms_, history_.filter->wick_cap);
  coin.logs.resize(steps);
  for (std::size_t t = 0; t < steps; ++t) coin.logs[t] = 1.0 + coin.returns[t];
  stable_log(isa_, coin.logs, coin.logs);
}

/// Brings the returns of a span to the volatility at its end; those for warming up are left out.
void History::scale(const Coin& coin, const Span& span, std::vector<double>& returns) const {
  const auto begin = static_cast<std::ptrdiff_t>(span.begin), end = static_cast<std::ptrdiff_t>(span.end);
  const std::vector<double> variances(coin.variance.begin() + begin, coin.variance.begin() + end);
  const std::vector<double> factors = filter_factors(variances, *history_.filter);
  for (std::size_t t = span.warm; t < factors.size(); ++t) {
    returns[t - span.warm] = factors[t] * coin.logs[span.begin + t];
  }
  stable_exp(isa_, returns, returns);
  for (double& move : returns) move -= 1.0;
}

std::int64_t History::step_end(std::int64_t as_of_ms) const {
  const std::int64_t last = first_end_ms_ + (static_cast<std::int64_t>(names_.size()) - 1) * step_ms_;
  return std::min(floor_to(as_of_ms, step_ms_), last);
}

Result<ScenarioSet> History::at(const Market& market) const {
  const std::size_t wanted = static_cast<std::size_t>(history_.window_days * seconds_per_day / history_.step_seconds);
  const std::size_t assets = market.registry.assets().size();
  std::vector<const Coin*> coins(assets, nullptr);
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (std::size_t a = 0; a < assets; ++a) {
    const Asset& asset = market.registry.assets()[a];
    const auto found = coins_.find(asset.name);
    if (asset.follows || found == coins_.end()) continue;
    coins[a] = &found->second;
    first = std::min(first, found->second.first_ms);
    last = std::max(last, found->second.last_ms);
  }
  const std::int64_t end_ms = std::min(last, market.state.as_of.ns / 1'000'000);
  Span span;
  if (first <= last && end_ms >= first_end_ms_) {
    span.end = static_cast<std::size_t>((floor_to(end_ms, step_ms_) - first_end_ms_) / step_ms_) + 1;
    const std::int64_t lowest = floor_to(first + step_ms_ - 1, step_ms_) + step_ms_;
    span.begin = static_cast<std::size_t>((lowest - first_end_ms_) / step_ms_);
    const std::size_t most = wanted + (history_.filter ? static_cast<std::size_t>(warm_up_steps) : 0);
    if (span.end > span.begin + most) span.begin = span.end - most;
    span.begin = std::min(span.begin, span.end);
  }
  if (span.end - span.begin < 10) {
    return fail({.message = "scenario set " + spec_.name + ": the bar files give fewer than 10 returns before " +
                            to_string(market.state.as_of),
                 .remedy = "name folders of bar files with --bars, in steps that divide the horizon"});
  }
  if (span.end - span.begin > wanted) span.warm = span.end - span.begin - wanted;

  std::vector<Moves> moves(assets);
  for (const Underlying& underlying : market.registry.underlyings())
    moves[underlying.coin.index()].is_underlying = true;
  const std::size_t from = span.begin + span.warm, dates = span.end - from;
  for (std::size_t a = 0; a < assets; ++a) {
    if (coins[a] == nullptr) continue;
    moves[a].returns.resize(dates);
    moves[a].known = coins[a]->known[span.end] - coins[a]->known[from];
    if (history_.filter) {
      scale(*coins[a], span, moves[a].returns);
    } else {
      std::copy_n(coins[a]->returns.begin() + static_cast<std::ptrdiff_t>(from), dates, moves[a].returns.begin());
    }
  }
  std::vector<std::size_t> kept(dates);
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  if (history_.worst && dates > history_.worst->count) {
    kept = worst_dates(*history_.worst, moves, dates);
    for (Moves& asset : moves) {
      if (asset.returns.empty()) continue;
      asset.known = 0;
      for (std::size_t i = 0; i < kept.size(); ++i) {
        asset.returns[i] = asset.returns[kept[i]];
        asset.known += std::isnan(asset.returns[i]) ? 0u : 1u;
      }
      asset.returns.resize(kept.size());
    }
  }

  ScenarioSet set;
  set.name = spec_.name;
  set.horizon_seconds = spec_.horizon_seconds;
  set.at_horizon = spec_.at_horizon;
  set.price.resize(assets);
  set.uncovered.assign(assets, false);
  const double least = history_.least_share.to_double() * static_cast<double>(kept.size());
  for (std::size_t a = 0; a < assets; ++a) {
    Moves& asset = moves[a];
    if (static_cast<double>(asset.known) >= least && asset.known > 0) continue;
    const std::string& name = market.registry.assets()[a].name;
    set.uncovered[a] = asset.is_underlying || !is_dollar(name);
    if (asset.known > 0) {
      set.findings.push_back(
          {Finding::Kind::missing, name, fmt::format("returns on only {} of {} dates", asset.known, kept.size())});
    }
    asset.returns.clear();
  }
  const std::vector<double> mean = mean_returns(moves, kept.size(), false);
  set.names.reserve(kept.size());
  for (std::size_t t = 0; t < kept.size(); ++t) {
    if (!std::isnan(mean[t])) set.names.push_back(names_[from + kept[t]]);
  }
  leave_unmoved(set);
  for (std::size_t a = 0; a < assets; ++a) {
    if (moves[a].returns.empty()) continue;
    std::size_t proxies = 0;
    set.price[a] = multipliers(moves[a].returns, mean, proxies);
    if (proxies > 0) {
      set.findings.push_back({Finding::Kind::assumed, market.registry.assets()[a].name,
                              fmt::format("{} of {} returns by proxy", proxies, set.size())});
    }
  }
  move_followers(market.registry, set);
  if (set.size() == 0) {
    return fail({.message = "scenario set " + spec_.name + ": no coin that contracts are listed on has enough returns",
                 .remedy = "name folders of its bar files with --bars; their bars must end at multiples of the horizon "
                           "since 1970, UTC"});
  }
  const std::int64_t last_end = first_end_ms_ + static_cast<std::int64_t>(from + kept.back()) * step_ms_;
  const std::int64_t days = seconds_between(Timestamp::from_ms(last_end), market.state.as_of) / seconds_per_day;
  if (days > 2) {
    set.findings.push_back({Finding::Kind::stale, set.name,
                            fmt::format("the bars end at {}, {} days before {}",
                                        to_string(Timestamp::from_ms(last_end)), days, to_string(market.state.as_of))});
  }
  const std::size_t due = history_.worst ? kept.size() : wanted;
  if (set.size() < due) {
    set.findings.push_back({Finding::Kind::missing, set.name,
                            fmt::format("{} of the {} dates of the window have returns", set.size(), due)});
  }
  return set;
}

}  // namespace margrave
