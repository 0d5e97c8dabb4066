#pragma once

#include <cstdint>
#include <vector>

#include "base/fixed.h"
#include "base/wide.h"

namespace margrave {

/// What of a row's instrument rests on each side within distances of its mid: cumulative, in 10^-6 lots, rounded down.
/// Distances are parts of the mid, above 0 and at most 1, and rise; sizes do not fall outward.
struct DepthLadder {
  static constexpr int lot_decimals = 6;

  std::uint32_t row{0};
  std::vector<Ratio> distances{};
  std::vector<i128> bid{}, ask{};
};

}  // namespace margrave
