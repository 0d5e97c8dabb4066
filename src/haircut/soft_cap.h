#pragma once

#include <algorithm>
#include <limits>

namespace margrave {

/// A limit on how much of one thing a venue takes, without an edge: up to `from` of it a dollar counts in full, at the
/// cap the next dollar counts for nothing, in between the part that does not count rises in a straight line.
struct SoftCap {
  double cap_usd{std::numeric_limits<double>::infinity()};  ///< > 0; infinite is no cap
  double held_usd{0};                                       ///< on the whole venue, without the amount asked about
  double from{0.5};                                         ///< share of the cap, in [0, 1)

  bool valid() const { return cap_usd > 0 && held_usd >= 0 && from >= 0 && from < 1; }
  /// The part of the next dollar that does not count after x >= 0 more dollars; in [0, 1], never falling with x.
  double marginal(double x_usd) const {
    if (cap_usd == std::numeric_limits<double>::infinity()) return 0;
    return std::clamp(((held_usd + x_usd) / cap_usd - from) / (1 - from), 0.0, 1.0);
  }
};

}  // namespace margrave
