#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/linear_study.h"
#include "study/margin_model.h"

namespace margrave {

/// One side of an asset before any model.
struct TailSeries {
  SideTails tails;
  std::vector<std::int64_t> end_ms;  ///< of its tested windows, ascending
  bool gauges_rises{false};          ///< its rises are limited; those of the others are not looked at
};

/// What a model's abruptness buys: the uncovered loss at one cost against the rises.
struct FrontierPoint {
  MarginModel model;
  double scale{1};                  ///< that brings its mean margin to the one asked for
  double uncovered{0};              ///< mean over all windows of all series, parts of the entry notional
  double rise_p99{0}, rise_max{0};  ///< over the least margin of the five days before: the worst series that gauges
};

/// Shapes:  each series at least 17 windows in the span.
/// Errors:  those of procyclicality(); no series.
/// Source:  goals, rules M5 and M8.
Result<FrontierPoint> frontier_point(const std::vector<TailSeries>& series, const MarginModel& model,
                                     const StudySpan& span, double mean_margin);

/// Mean margin over all windows of all series of a span; 0 without any.
double mean_margin(const std::vector<TailSeries>& series, const MarginModel& model, const StudySpan& span);

/// Those that no other beats in both: indices by ascending rise, uncovered loss falling. `rise` is what is compared.
std::vector<std::size_t> unbeaten(const std::vector<FrontierPoint>& points, double FrontierPoint::*rise);

}  // namespace margrave
