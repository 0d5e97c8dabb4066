#pragma once

#include <string>
#include <vector>

#include "base/timestamp.h"
#include "depth/depth_curve.h"

namespace margrave {

/// What rested within whole percentages of the mid at one moment.
struct PercentDepth {
  Timestamp at{};
  DepthCurve curve;
  /// The mean price of the nearest bids and asks: it must lie near the market's own price. Files are known in which it
  /// lay 20 % away for weeks (2025-04 and 2025-05), because the book behind them was stale.
  BookPrice middle{};
};

/// Reads CSV, gzip allowed, with the columns timestamp (UTC, 2025-05-19 11:07:31), percentage (below 0 a bid's, above 0
/// an ask's distance in per cent), depth (size within it) and notional (the same times price): the layout of
/// daily bookDepth files. Rows of one time are one curve, in any order; curves may differ in their distances, as they
/// do on the day when 0.2 % was added.
///
/// Errors with file, line and field: times that fall, a percentage that is 0, beyond 100 or given twice at one time, a
/// distance on one side only, a depth or notional below 0, a depth that falls outward, asks that are on average cheaper
/// than bids, no rows.
Result<std::vector<PercentDepth>> read_percent_depth(const std::string& path);

/// The moments whose `middle` is farther from `price` than `tolerance` of it: their book was not that of the market.
std::vector<Timestamp> stale_depths(const std::vector<PercentDepth>& depths, BookPrice price, Ratio tolerance);

}  // namespace margrave
