#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "volatility/tail_fit.h"

namespace margrave {

/// The distribution of recorded returns: as they were, or with a generalised Pareto tail on each side.
class ReturnDistribution {
 public:
  /// Steps between the recorded values, joined by straight lines: the i-th of n, ascending, at (i - 1/2) / n; nothing
  /// beyond the least and the largest. Errors: fewer than 10 values, a gap.
  static Result<ReturnDistribution> empirical(std::span<const double> returns);
  /// The same between two thresholds, each with `share` of the values beyond it, and the fitted tails beyond them.
  /// Errors: those of tail_threshold() and fit_pareto_tail(). Source: McNeil and Frey (2000).
  static Result<ReturnDistribution> with_pareto_tails(std::span<const double> returns, double share);

  /// The value at a probability in (0, 1).
  double quantile(double probability) const;
  /// Shapes of the tails, NaN where there are none.
  double low_shape() const;
  double high_shape() const;

 private:
  std::vector<double> sorted_;
  std::optional<ParetoTail> low_, high_;  ///< of losses and of gains, both as positive numbers
};

}  // namespace margrave
