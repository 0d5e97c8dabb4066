#pragma once

#include "dialect/golden_numbers.h"

namespace margrave {

/// Recorded series for which estimates were published: the mark against the pound, Alcoa, the S&P 500, SPY with its
/// realised kernel. They are known by their columns, their length and their first number; each estimate is a vector.
bool is_published_series(const CsvReader& csv);

/// Fits what was fitted to the series and compares. Allowed: as many digits as are printed, or what the source's own
/// optimiser leaves open; docs/methods/volatility.md has both. A series of the same columns that is another one counts
/// its rows as not supported.
Result<void> check_published_series(CsvReader& csv, Tally& tally);

}  // namespace margrave
