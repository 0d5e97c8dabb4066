#include "walk/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/parallel.h"
#include "math/elementary.h"
#include "scenario/historical.h"
#include "scenario/price_windows.h"
#include "scenario/step_variance.h"

namespace margrave {
namespace {

std::int64_t floor_to(std::int64_t at, std::int64_t step) { return at - ((at % step) + step) % step; }

std::ptrdiff_t place(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

}  // namespace

Result<History> History::read(const ScenarioSpec& spec, const std::vector<Bars>& bars, unsigned threads, Isa isa) {
  History history;
  history.spec_ = spec;
  history.history_ = std::get<HistoricalSpec>(spec.kind);
  history.isa_ = isa;
  CHECK(!history.history_.filter || !history.history_.filter->correlation);
  history.step_ms_ = history.history_.step_seconds * 1000;
  std::vector<const Bars*> all;
  for (const Bars& file : bars) all.push_back(&file);
  TRY_VOID(check_steps(spec, all, history.step_ms_));
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
  for (std::size_t t = 0; t < steps; ++t) coin.returns[t] = return_at(files, ends[t], step_ms_);
  if (!history_.filter) return;
  coin.variance = step_variances(files, ends, step_ms_, history_.filter->wick_cap);
  coin.logs.resize(steps);
  for (std::size_t t = 0; t < steps; ++t) coin.logs[t] = 1.0 + coin.returns[t];
  stable_log(isa_, coin.logs, coin.logs);
}

std::vector<double> History::returns_of(const Coin& coin, std::size_t begin, std::size_t warm, std::size_t end) const {
  if (!history_.filter) return {coin.returns.begin() + place(begin + warm), coin.returns.begin() + place(end)};
  const std::vector<double> variances(coin.variance.begin() + place(begin), coin.variance.begin() + place(end));
  const std::vector<double> factors = filter_factors(variances, *history_.filter);
  std::vector<double> returns(end - begin - warm);
  scale_returns(isa_, std::span(factors).subspan(warm), std::span(coin.logs).subspan(begin + warm), returns);
  return returns;
}

Result<ScenarioSet> History::at(const Market& market) const {
  const std::vector<Asset>& assets = market.registry.assets();
  std::vector<const Coin*> coins(assets.size(), nullptr);
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (std::size_t a = 0; a < assets.size(); ++a) {
    const auto found = coins_.find(assets[a].name);
    if (assets[a].follows || found == coins_.end()) continue;
    coins[a] = &found->second;
    first = std::min(first, found->second.first_ms);
    last = std::max(last, found->second.last_ms);
  }
  const WindowSteps steps = window_steps(history_);
  const StepSpan span =
      last_steps(first, last, market.state.as_of.ns / 1'000'000, step_ms_, steps.window + steps.warm_up);
  if (span.count < least_steps) return fail(too_few_steps(spec_, market.state.as_of));
  const auto begin = static_cast<std::size_t>((span.first_end_ms - first_end_ms_) / step_ms_);
  const std::size_t warm = span.count - std::min(span.count, steps.window), end = begin + span.count;

  JointReturns past;
  for (std::size_t t = begin + warm; t < end; ++t)
    past.ends.push_back(first_end_ms_ + static_cast<std::int64_t>(t) * step_ms_);
  past.coins.resize(assets.size());
  for (const Underlying& underlying : market.registry.underlyings())
    past.coins[underlying.coin.index()].is_underlying = true;
  for (std::size_t a = 0; a < assets.size(); ++a) {
    if (coins[a] != nullptr) past.coins[a].returns = returns_of(*coins[a], begin, warm, end);
  }
  return set_of_returns(spec_, history_, market, std::move(past), [&](std::int64_t end_ms) {
    return names_[static_cast<std::size_t>((end_ms - first_end_ms_) / step_ms_)];
  });
}

}  // namespace margrave
