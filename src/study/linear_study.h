#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/linear_walk.h"

namespace margrave {

/// One side of one unit of an asset after a walk.
struct StudiedSeries {
  std::string asset;
  bool is_long{true};
  std::vector<std::int64_t> end_ms;  ///< of its tested windows, ascending
  WalkSide side;
};

/// The models of a walk, in the order in which reports show them.
enum class WalkModel : std::uint8_t { core, raw, reactive, slow, bounded };
inline constexpr WalkModel walk_models[] = {WalkModel::core, WalkModel::raw, WalkModel::reactive, WalkModel::slow,
                                            WalkModel::bounded};
std::string_view to_string(WalkModel model);
const std::vector<double>& margins_of(const WalkSide& side, WalkModel model);

/// The windows that end in (from, to].
struct StudySpan {
  std::int64_t from_ms{0}, to_ms{0};
};

/// How one series of margins did. Losses and margins in parts of the entry notional.
struct SeriesJudgement {
  std::string asset;
  bool is_long{true};
  std::size_t windows{0}, breaches{0};
  double two_sided_p{1}, too_many_p{1}, runs_p{1};  ///< exact; of a rate of 1 % and of no clustering
  double uncovered{0}, worst_excess{0};
  double mean_margin{0};
  double cost{0};  ///< mean margin over that of the core
  double tail{0};  ///< mean margin before the worst 1 % of losses over the mean margin
  double tail_of_raw{0};
  double rise_p99{0}, rise_max{0}, peak_to_trough{1};  ///< over the least margin of the five days before
};

/// How a model did over all series of a span.
struct ModelJudgement {
  WalkModel model{WalkModel::core};
  std::vector<SeriesJudgement> series;
  double rate_holds{0}, order_holds{0}, not_too_many{0};  ///< share of series with a p above 5 % after Holm
  double pooled_rate{0}, pooled_error{0};                 ///< with blocks of five days; 0 with fewer than two
  double uncovered{0}, cost{0}, tail{0}, tail_of_raw{0};  ///< means over series
};

/// Judges one model. Series with no more than 15 windows in the span are left out. Rises look back over
/// `rise_windows`: five days of windows of eight hours unless said otherwise (fewer than 16; 5 for windows of a day).
/// Errors: no series is left; those of the tests.
Result<ModelJudgement> judge(const std::vector<StudiedSeries>& all, WalkModel model, const StudySpan& span,
                             std::size_t rise_windows = 15);

/// The part of a series' values that belongs to the windows of a span. Shapes: values[n] by tested window.
template <class T>
std::vector<T> within(const StudiedSeries& series, const std::vector<T>& values, const StudySpan& span) {
  std::vector<T> part;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (series.end_ms[i] > span.from_ms && series.end_ms[i] <= span.to_ms) part.push_back(values[i]);
  }
  return part;
}

}  // namespace margrave
