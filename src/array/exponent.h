#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/wide.h"

namespace margrave {

/// How many bits an entry has. narrow: |entry| <= 2^31 - 1. wide: |entry| <= 2^61 - 1, for golden vectors, proofs and
/// recipes that ask for a small row error. A whole array has one width.
enum class RowWidth : std::uint8_t { narrow, wide };

std::string_view to_string(RowWidth width);

/// Exponents of rows lie in -120 .. 120: one lot is worth entry * 2^exponent USD.
inline constexpr int exponent_lowest = -120;
inline constexpr int exponent_highest = 120;

/// Largest magnitude of an entry: 2^31 - 1 or 2^61 - 1.
constexpr std::int64_t entry_limit(RowWidth width) {
  return (std::int64_t{1} << (width == RowWidth::narrow ? 31 : 61)) - 1;
}

/// The exponent for a row that is listed now: the smallest e >= lowest with 2 * largest * 2^-e <= entry_limit, so a
/// factor 2 stays above the widest scenario. Computed on the bits of `largest`: nothing is rounded.
///
/// Units:   largest = max over the scenarios of |value of one lot| in USD.
/// Edges:   a row of zeros gets exponent 0, or `lowest` where that is higher.
/// Errors:  largest is negative or not finite, or no exponent up to 120 holds it.
/// `lowest` keeps a worthless instrument from forcing a far finer unit on every account that holds it.
Result<int> smallest_exponent(double largest, RowWidth width, int lowest = exponent_lowest);

/// Checks a row against the exponent that was fixed when its instrument was listed: |value| must not leave the entries.
/// The error names the row and says that a rescale is a new version of the array's listing.
Result<void> check_exponent(std::string_view row, int exponent, double largest, RowWidth width);

}  // namespace margrave
