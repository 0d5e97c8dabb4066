#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"
#include "volatility/sliding_sum.h"

namespace margrave {

/// How a jump is told from volatility. A window of 16 hours of minutes or 10 days of hours is usual: Lee and Mykland
/// take about the root of 252 times the observations per day. `false_alarm` is the probability that `sample` returns
/// without a jump show one.
struct JumpRule {
  std::size_t window{240};   ///< K, returns that measure the local volatility; >= 4
  std::size_t sample{1000};  ///< n, returns that are judged together; >= 3
  double false_alarm{0.01};
};

/// What one return says. statistic = r / local vol, with vol^2 the mean of |r_j| |r_(j-1)| over the K - 2 pairs before:
/// absent (NaN) before the window is full or when it has no variation.
struct JumpVerdict {
  double statistic{0};
  bool jump{false};
};

/// |statistic| above this is a jump: C_n + S_n beta*, with beta* = -ln(-ln(1 - false alarm)).
/// Source: Lee and Mykland (2008), eqs. 7, 8, 12, 13 and theorem 1.
double jump_threshold(const JumpRule& rule);

/// Lee-Mykland's test on a stream of returns of equal steps, O(1) on average. Bipower variation keeps a jump itself
/// out of the volatility that judges it.
class JumpDetector {
 public:
  /// Errors: a rule outside its bounds.
  static Result<JumpDetector> start(const JumpRule& rule);
  /// Judges one return by those before it, then takes it in. Errors: not a finite number; the state is then unchanged.
  Result<JumpVerdict> update(double value);

 private:
  explicit JumpDetector(const JumpRule& rule);
  JumpVerdict judge(double value) const;
  double threshold_;
  double pairs_;
  SlidingSum products_;
  double last_{0};
  bool has_last_{false};
};

/// returns[n] -> n verdicts; the bits are JumpDetector's.
Result<std::vector<JumpVerdict>> detect_jumps(const JumpRule& rule, std::span<const double> returns);

/// Realised variance, bipower variation and the part of the variance that jumps made, of the returns of one day.
/// bipower = pi/2 n/(n-1) sum |r_i| |r_(i-1)|, jump = max(0, 1 - bipower / variance).
/// Source: Barndorff-Nielsen and Shephard (2004). Shapes: returns[n], n >= 2. Edges: all zero gives jump 0.
struct BipowerVariation {
  double variance{0}, bipower{0}, jump_share{0};
};
Result<BipowerVariation> bipower_variation(std::span<const double> returns);

}  // namespace margrave
