#include "haircut/price_steps.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "volatility/range_variance.h"

namespace margrave {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t day_ms = 86'400'000;

Result<void> check(const std::vector<BarView>& files, const StepRules& rules) {
  if (rules.step_ms <= 0 || day_ms % rules.step_ms != 0)
    return fail({.message = "a step of haircuts is a whole part of a day"});
  for (const BarView& file : files) {
    const std::size_t n = file.t_ms.size();
    if (file.step_ms <= 0 || rules.step_ms % file.step_ms != 0)
      return fail({.message = "the bars of a file do not fill steps", .remedy = "give bars of 15m, 1h or 4h"});
    for (const auto& column : {file.open, file.high, file.low, file.close}) {
      if (column.size() != n) return fail({.message = "columns of bars differ in length"});
    }
    if (!file.volume.empty() && file.volume.size() != n) return fail({.message = "columns of bars differ in length"});
  }
  return {};
}

/// The bars that began in [from, to).
struct BarRange {
  std::size_t begin{0}, end{0};
  std::size_t size() const { return end - begin; }
};
BarRange bars_in(const BarView& file, std::int64_t from, std::int64_t to) {
  const auto first = std::lower_bound(file.t_ms.begin(), file.t_ms.end(), from);
  const auto last = std::lower_bound(first, file.t_ms.end(), to);
  return {static_cast<std::size_t>(first - file.t_ms.begin()), static_cast<std::size_t>(last - file.t_ms.begin())};
}

double close_at(const BarView& file, std::int64_t end) {
  const BarRange bar = bars_in(file, end - file.step_ms, end - file.step_ms + 1);
  return bar.size() == 0 ? unknown : file.close[bar.begin];
}

double variance_in(const BarView& file, std::int64_t from, std::int64_t to, double wick_cap) {
  const BarRange bars = bars_in(file, from, to);
  if (static_cast<std::int64_t>(bars.size()) * file.step_ms != to - from) return unknown;
  double sum = 0;
  for (std::size_t i = bars.begin; i < bars.end; ++i) {
    const auto capped = cap_wicks({file.open[i], file.high[i], file.low[i], file.close[i]}, wick_cap);
    if (!capped) return unknown;
    const auto variance = parkinson_variance(*capped);
    if (!variance) return unknown;
    sum += *variance;
  }
  return sum;
}

const BarView* file_of(const std::vector<BarView>& files, std::int64_t end) {
  for (const BarView& file : files) {
    if (!std::isnan(close_at(file, end))) return &file;
  }
  for (const BarView& file : files) {
    if (bars_in(file, end - day_ms, end).size() > 0) return &file;
  }
  return nullptr;
}

void add_step(const BarView* file, std::int64_t end, const StepRules& rules, PriceSteps& steps) {
  steps.end_ms.push_back(end);
  steps.close.push_back(file == nullptr ? unknown : close_at(*file, end));
  steps.variance.push_back(file == nullptr ? unknown : variance_in(*file, end - rules.step_ms, end, rules.wick_cap));
  steps.low.push_back(unknown);
  steps.capped_low.push_back(unknown);
  steps.covered.push_back(0);
  steps.volume_usd.push_back(unknown);
  if (file == nullptr) return;
  const BarRange day = bars_in(*file, end - day_ms, end);
  double low = std::numeric_limits<double>::infinity(), capped_low = low, volume = 0;
  for (std::size_t i = day.begin; i < day.end; ++i) {
    low = std::min(low, file->low[i]);
    const auto capped = cap_wicks({file->open[i], file->high[i], file->low[i], file->close[i]}, rules.wick_cap);
    if (capped) capped_low = std::min(capped_low, capped->low);
    if (!file->volume.empty()) volume += file->volume[i] * file->close[i];
  }
  if (day.size() > 0) steps.low.back() = low;
  if (std::isfinite(capped_low)) steps.capped_low.back() = capped_low;
  const double share =
      static_cast<double>(day.size()) * static_cast<double>(file->step_ms) / static_cast<double>(day_ms);
  steps.covered.back() = share;
  if (!file->volume.empty() && share >= rules.covered - 1e-12) steps.volume_usd.back() = volume / share;
}

void number_assets(const StepRules& rules, PriceSteps& steps) {
  std::size_t asset = 0;
  std::int64_t last_ms = 0;
  double last = unknown;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const double close = steps.close[t];
    if (!std::isnan(close)) {
      const bool gap = !std::isnan(last) && steps.end_ms[t] - last_ms > rules.gap_ms;
      if (gap && (close > last * rules.break_ratio || close * rules.break_ratio < last)) ++asset;
      last = close;
      last_ms = steps.end_ms[t];
    }
    steps.asset.push_back(asset);
  }
}

}  // namespace

Result<PriceSteps> price_steps(const std::vector<BarView>& files, const StepRules& rules) {
  TRY_VOID(check(files, rules));
  PriceSteps steps;
  steps.step_ms = rules.step_ms;
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = std::numeric_limits<std::int64_t>::min();
  for (const BarView& file : files) {
    if (file.t_ms.empty()) continue;
    first = std::min(first, file.t_ms.front());
    last = std::max(last, file.t_ms.back() + file.step_ms);
  }
  if (first > last) return steps;
  std::int64_t end = first + 1;
  end += (rules.step_ms - end % rules.step_ms) % rules.step_ms;
  for (; end < last + day_ms; end += rules.step_ms) add_step(file_of(files, end), end, rules, steps);
  number_assets(rules, steps);
  return steps;
}

PegSteps peg_steps(const std::vector<BarView>& asset, const std::vector<BarView>& followed, const PriceSteps& steps) {
  PegSteps peg;
  for (const std::int64_t end : steps.end_ms) {
    peg.least.push_back(unknown);
    peg.last.push_back(unknown);
    const BarView* file = file_of(asset, end);
    if (file == nullptr) continue;
    const BarRange day = bars_in(*file, end - day_ms, end);
    for (std::size_t i = day.begin; i < day.end; ++i) {
      const std::int64_t at = file->t_ms[i] + file->step_ms;
      double worth = followed.empty() ? 1.0 : unknown;
      for (const BarView& other : followed) {
        if (std::isnan(worth)) worth = close_at(other, at);
      }
      if (std::isnan(worth)) continue;
      peg.last.back() = file->close[i] / worth;
      peg.least.back() = std::isnan(peg.least.back()) ? peg.last.back() : std::min(peg.least.back(), peg.last.back());
    }
  }
  return peg;
}

}  // namespace margrave
