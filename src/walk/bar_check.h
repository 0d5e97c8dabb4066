#pragma once

#include <string>
#include <vector>

#include "market/bars.h"

namespace margrave {

/// What is odd about recorded bars and does not keep them from being read. Nothing is corrected or filled in.
struct BarFinding {
  enum class Kind : std::uint8_t {
    gap,           ///< bars are missing; a window with an end in it is not tested and is no scenario
    jump,          ///< the price is over three times, or below a third of, that before a gap of a day: another asset
    spike,         ///< one close stands over three times off both its neighbours, which are close to each other
    off_grid,      ///< a bar does not stand at a multiple of the file's step from the first
    disagreement,  ///< two files of one coin are over a twentieth apart at the same instant
  } kind{Kind::gap};
  std::string coin, file;
  std::int64_t at_ms{0};  ///< of the first bar after it, or of the bar itself
  std::size_t count{1};   ///< bars that are missing, or that are like this
  double ratio{1};        ///< price after over price before; of a disagreement, of the second file over the first
};
std::string_view to_string(BarFinding::Kind kind);
/// "FTTUSDT_1h.csv.gz: 7,441 bars missing before 2023-09-22T08:00:00Z"
std::string to_string(const BarFinding& finding);

inline constexpr double other_asset_ratio = 3;  ///< a jump across a gap beyond it, or its inverse
inline constexpr std::int64_t other_asset_gap_ms = 86'400'000;

/// Findings by file in the order given, then by time. Of gaps a day or longer each is one; shorter ones of a file are
/// one finding together, at the longest; so are spikes (at the largest), bars off the grid (at the first) and
/// disagreements of two files (at the largest).
/// Error: a file whose times lie before 2009, which are seconds taken for milliseconds.
Result<std::vector<BarFinding>> check_bars(const std::vector<Bars>& bars);

}  // namespace margrave
