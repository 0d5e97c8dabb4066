#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace margrave {

/// The daily record of a vol index: the root of the variance of the next 30 days that options imply, day after day
/// without a gap. Only opens and closes are kept: when a day's high and low were reached is not known.
struct Dvol {
  std::string file;
  std::int64_t first_ms{0};             ///< the beginning of the first day
  std::vector<double> open{}, close{};  ///< by day, annualised: 0.65 is 65 %

  /// What was known at an instant: the open of its day; at the very end of the last day, where no day follows, its
  /// close. Nothing before the first day and after the last.
  std::optional<double> known_at(std::int64_t at_ms) const;
  std::int64_t end_ms() const;  ///< of the last day
};

/// Reads a CSV, compressed or not, with the columns t_ms, dvol_open, dvol_high, dvol_low, dvol_close: the beginning of
/// the day and per cent per year. Errors with file, line and field: a missing column, a day twice, time that goes
/// backwards, days that are missing, a vol that is not above 0 or above 1000, one that looks like a fraction (below 2),
/// open or close outside low and high, no rows.
Result<Dvol> read_dvol(const std::string& path);

}  // namespace margrave
