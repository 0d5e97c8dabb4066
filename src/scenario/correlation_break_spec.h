#pragma once

#include <vector>

#include "document/cursor.h"

namespace margrave {

/// Coins that come apart and coins that move as one, at the volatility of now. correlation_break.h
struct CorrelationBreakSpec {
  std::int64_t window_days{1000};
  std::int64_t step_seconds{8 * 3600};
  Decimal least_share{5, 1};  ///< a coin with returns on a smaller share of the dates counts as uncovered
  double decay{0.99};         ///< of the variance, per step
  double wick_cap{0.15};      ///< of a bar beyond its body, in logarithm
  double confidence{0.99};    ///< of a coin's own move, and of a spread's
  std::vector<double> correlations{0, 1};
  std::size_t least_over{0};  ///< trailing steps of the correlation whose least counts too; 0: none does
};

/// The keys of a set of kind correlation_break but horizon. Errors name file, line, field and remedy.
Result<CorrelationBreakSpec> read_correlation_break(const Cursor& at);

}  // namespace margrave
