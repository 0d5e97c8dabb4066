#include "study/frontier.h"

#include <algorithm>
#include <numeric>

#include "study/procyclicality.h"

namespace margrave {
namespace {

/// The first index inside a span and the first behind it.
struct Range {
  std::size_t begin{0}, end{0};
};
Range range_of(const TailSeries& series, const StudySpan& span) {
  const auto& ends = series.end_ms;
  const auto after = [&](std::int64_t ms) {
    return static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), ms) - ends.begin());
  };
  return {.begin = after(span.from_ms), .end = after(span.to_ms)};
}

/// Margins, all summed, of one series.
std::vector<double> margins_in(const TailSeries& series, const MarginModel& model, const Range& range) {
  std::vector<double> margins = model_margins(model, series.tails);
  margins.resize(range.end);
  margins.erase(margins.begin(), margins.begin() + static_cast<std::ptrdiff_t>(range.begin));
  return margins;
}

}  // namespace

double mean_margin(const std::vector<TailSeries>& series, const MarginModel& model, const StudySpan& span) {
  double sum = 0, count = 0;
  for (const TailSeries& one : series) {
    for (const double margin : margins_in(one, model, range_of(one, span))) {
      sum += margin;
      count += 1;
    }
  }
  return count > 0 ? sum / count : 0;
}

Result<FrontierPoint> frontier_point(const std::vector<TailSeries>& series, const MarginModel& model,
                                     const StudySpan& span, double mean_margin) {
  std::vector<std::vector<double>> margins;
  std::vector<double> losses, all;
  FrontierPoint point{.model = model};
  for (const TailSeries& one : series) {
    const Range range = range_of(one, span);
    const std::vector<double> own = margins_in(one, model, range);
    for (std::size_t t = range.begin; t < range.end; ++t) losses.push_back(one.tails.loss[t]);
    all.insert(all.end(), own.begin(), own.end());
    if (!one.gauges_rises) continue;
    const Procyclicality rises = TRY(procyclicality(own));
    point.rise_p99 = std::max(point.rise_p99, rises.rise_p99);
    point.rise_max = std::max(point.rise_max, rises.rise_max);
  }
  if (all.empty()) return fail({.message = "no series has a window in the span", .remedy = "give a wider span"});
  const auto count = static_cast<double>(all.size());
  point.scale = mean_margin * count / std::accumulate(all.begin(), all.end(), 0.0);
  for (std::size_t i = 0; i < all.size(); ++i) point.uncovered += std::max(losses[i] - point.scale * all[i], 0.0);
  point.uncovered /= count;
  return point;
}

std::vector<std::size_t> unbeaten(const std::vector<FrontierPoint>& points, double FrontierPoint::*rise) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (points[a].*rise != points[b].*rise) return points[a].*rise < points[b].*rise;
    return points[a].uncovered < points[b].uncovered;
  });
  std::vector<std::size_t> kept;
  for (const std::size_t i : order) {
    if (kept.empty() || points[i].uncovered < points[kept.back()].uncovered) kept.push_back(i);
  }
  return kept;
}

}  // namespace margrave
