#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Decays of an exponentially weighted variance, per step, in [0, 1]: the weight the old variance keeps.
/// `rising` counts when the squared return is above the variance, `falling` otherwise. Equal decays are RiskMetrics'
/// EWMA (0.94 a day); a rising decay below the falling one is quick to rise and slow to fall.
struct EwmaDecay {
  double rising{0.94}, falling{0.94};
};

/// v = d v + (1 - d) r^2 of one series; r in any unit, v in its square. Zero mean. Same bits on every machine.
/// Source: J.P. Morgan/Reuters, RiskMetrics Technical Document (1996), eq. 5.3. docs/methods/volatility.md
class EwmaVariance {
 public:
  /// Errors: a decay outside [0, 1]; a start that is negative or not finite.
  static Result<EwmaVariance> start(const EwmaDecay& decay, double variance);

  /// Takes in one return. Errors: not a finite number; the state is then unchanged.
  Result<void> update(double value);
  /// As update() with a squared return, or another measure of the step's variance, >= 0.
  Result<void> update_square(double square);
  /// Of the next return.
  double variance() const { return variance_; }

 private:
  EwmaVariance(const EwmaDecay& decay, double variance) : decay_(decay), variance_(variance) {}
  EwmaDecay decay_;
  double variance_;
};

/// The same over a series: returns[n] -> n variances, the i-th known before returns[i] (the first is `start`).
/// Errors: as EwmaVariance and check_series; an empty series gives none.
Result<std::vector<double>> ewma_variances(const EwmaDecay& decay, double start, std::span<const double> returns);

}  // namespace margrave
