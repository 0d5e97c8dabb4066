#pragma once

#include <vector>

#include "base/result.h"
#include "haircut/bar_view.h"

namespace margrave {

/// How bars become steps.
struct StepRules {
  std::int64_t step_ms{8LL * 3'600'000};
  double wick_cap{0.15};      ///< in logarithm: how far a bar's low or high counts beyond its body
  double covered{20.0 / 24};  ///< least share of a day's bars that makes its volume known
  std::int64_t gap_ms{7LL * 86'400'000};
  double break_ratio{5};  ///< a price that is this many times another after such a gap is another asset's
};

/// An asset's past by step: at the step's end, a multiple of its length. What is not known is not a number.
struct PriceSteps {
  std::int64_t step_ms{0};
  std::vector<std::int64_t> end_ms;
  std::vector<double> close;     ///< of the bar that ends here
  std::vector<double> variance;  ///< of the step's log return, from ranges; only where every bar of it is there
  std::vector<double> low;       ///< least of the bars that began in the 24 hours to here, however few there are
  std::vector<double>
      capped_low;               ///< the same with wicks capped: what estimates use, so that one print moves them little
  std::vector<double> covered;  ///< share of those 24 hours that has bars
  std::vector<double> volume_usd;  ///< of the 24 hours to here; scaled up for the missing bars where enough are there
  std::vector<std::size_t> asset;  ///< counts up where the ticker changes its asset

  std::size_t size() const { return end_ms.size(); }
  std::size_t day() const { return static_cast<std::size_t>(86'400'000 / step_ms); }  ///< steps in 24 hours
};

/// Steps from an asset's files, earlier ones first: a step takes all its numbers from the first file with a bar that
/// ends at it, or else from the first with a bar in the 24 hours before. They reach one day beyond the last bar.
/// Edges:  no bars gives no steps. A bar of no volume column counts as no volume known.
/// Errors: a step that is no part of a day, or no multiple of a file's bars; columns of different lengths.
Result<PriceSteps> price_steps(const std::vector<BarView>& files, const StepRules& rules);

/// By step of `asset`: price over what it follows at closes of the same bars, the least of the 24 hours to the step's
/// end and the last; what follows nothing else (no files) is held to one dollar.
struct PegSteps {
  std::vector<double> least, last;
};
PegSteps peg_steps(const std::vector<BarView>& asset, const std::vector<BarView>& followed, const PriceSteps& steps);

}  // namespace margrave
