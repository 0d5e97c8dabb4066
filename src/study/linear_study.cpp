#include "study/linear_study.h"

#include <algorithm>

#include "study/binomial.h"
#include "study/breaches.h"
#include "study/calendar_blocks.h"
#include "study/holm.h"
#include "study/independence.h"
#include "study/procyclicality.h"

namespace margrave {
namespace {

constexpr double rate = 0.01;
constexpr std::size_t least_windows = 16;
constexpr std::int64_t day_ms = 86'400'000;

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

Result<SeriesJudgement> judge_series(const StudiedSeries& of, WalkModel model, const StudySpan& span,
                                     std::size_t rise_windows) {
  const std::vector<double> losses = within(of, of.side.loss, span);
  const std::vector<double> margins = within(of, margins_of(of.side, model), span);
  const Breaches breaches = TRY(find_breaches(losses, margins));
  const BinomialTest test = TRY(binomial_test(count_of(breaches), rate));
  const Procyclicality rises = TRY(procyclicality(margins, {.windows = rise_windows}));
  SeriesJudgement found;
  found.asset = of.asset;
  found.is_long = of.is_long;
  found.windows = losses.size();
  found.breaches = breaches.at.size();
  found.two_sided_p = test.two_sided;
  found.too_many_p = test.at_least;
  found.runs_p = TRY(runs_test(path_of(breaches)));
  found.uncovered = breaches.uncovered;
  found.worst_excess = breaches.worst_excess;
  found.mean_margin = mean(margins);
  found.cost = found.mean_margin / mean(within(of, of.side.core, span));
  found.tail = TRY(tail_margin_ratio(losses, margins));
  found.tail_of_raw = TRY(tail_margin_ratio(losses, within(of, of.side.raw, span)));
  found.rise_p99 = rises.rise_p99;
  found.rise_max = rises.rise_max;
  found.peak_to_trough = rises.peak_to_trough;
  return found;
}

Result<void> pool(const std::vector<StudiedSeries>& all, const StudySpan& span, ModelJudgement& found) {
  std::vector<double> losses, margins;
  std::vector<std::int64_t> days;
  for (const StudiedSeries& one : all) {
    const std::vector<double> loss = within(one, one.side.loss, span);
    if (loss.size() < least_windows) continue;
    const std::vector<double> margin = within(one, margins_of(one.side, found.model), span);
    losses.insert(losses.end(), loss.begin(), loss.end());
    margins.insert(margins.end(), margin.begin(), margin.end());
    for (const std::int64_t end : within(one, one.end_ms, span)) days.push_back((end - 1) / day_ms);
  }
  const auto [first, last] = std::minmax_element(days.begin(), days.end());
  if (*last - *first < 5) return {};
  const PooledRate pooled = TRY(pooled_breach_rate({losses, margins, days}));
  found.pooled_rate = pooled.rate;
  found.pooled_error = pooled.standard_error;
  return {};
}

double mean_of(const std::vector<SeriesJudgement>& series, double SeriesJudgement::*value) {
  double sum = 0;
  for (const SeriesJudgement& one : series) sum += one.*value;
  return sum / static_cast<double>(series.size());
}

}  // namespace

std::string_view to_string(WalkModel model) {
  switch (model) {
    case WalkModel::core:
      return "core";
    case WalkModel::raw:
      return "raw";
    case WalkModel::reactive:
      return "reactive";
    case WalkModel::slow:
      return "slow";
    case WalkModel::bounded:
      break;
  }
  return "bounded";
}

const std::vector<double>& margins_of(const WalkSide& side, WalkModel model) {
  switch (model) {
    case WalkModel::core:
      return side.core;
    case WalkModel::raw:
      return side.raw;
    case WalkModel::reactive:
      return side.reactive;
    case WalkModel::slow:
      return side.slow;
    case WalkModel::bounded:
      break;
  }
  return side.bounded;
}

Result<ModelJudgement> judge(const std::vector<StudiedSeries>& all, WalkModel model, const StudySpan& span,
                             std::size_t rise_windows) {
  ModelJudgement found;
  found.model = model;
  for (const StudiedSeries& one : all) {
    if (within(one, one.side.loss, span).size() < least_windows) continue;
    found.series.push_back(TRY(judge_series(one, model, span, rise_windows)));
  }
  if (found.series.empty()) {
    return fail({.message = "no asset has more than 15 tested windows in the span",
                 .remedy = "give longer bars, a wider span, or ask for fewer windows before the first"});
  }
  found.rate_holds = TRY(share_passing(found.series, &SeriesJudgement::two_sided_p));
  found.order_holds = TRY(share_passing(found.series, &SeriesJudgement::runs_p));
  found.not_too_many = TRY(share_passing(found.series, &SeriesJudgement::too_many_p));
  TRY_VOID(pool(all, span, found));
  found.uncovered = mean_of(found.series, &SeriesJudgement::uncovered);
  found.cost = mean_of(found.series, &SeriesJudgement::cost);
  found.tail = mean_of(found.series, &SeriesJudgement::tail);
  found.tail_of_raw = mean_of(found.series, &SeriesJudgement::tail_of_raw);
  return found;
}

}  // namespace margrave
