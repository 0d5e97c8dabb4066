#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "base/wide.h"
#include "formula/number.h"

namespace margrave {

/// Whole numbers that sum to `total` and are closest to parts[i] * numerator / denominator: each is rounded down, and
/// what is then missing goes one unit each to the largest remainders, ties to the lowest index.
///
/// Precondition: total is the exact sum of the parts times the fraction, rounded by less than one unit per part.
/// False when a share leaves 128 bits. denominator > 0, numerator >= 0.
[[nodiscard]] bool apportion(std::span<const i128> parts, i128 numerator, i128 denominator, i128 total,
                             std::vector<i128>& out);

/// Whole numbers in proportion to the parts that sum to `total` exactly, remainders as above; all of it to the last
/// where the parts do not sum to something of the total's sign. Error: a share leaves its numbers.
Result<std::vector<i128>> share_in_proportion(const std::vector<i128>& parts, i128 total);
Result<std::vector<i128>> share_in_proportion(const std::vector<Number>& parts, i128 total);

}  // namespace margrave
