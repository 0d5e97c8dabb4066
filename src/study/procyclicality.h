#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"

namespace margrave {

/// What counts as a rise and a call; 8-hour windows unless changed.
struct ProcyclicalityRule {
  std::size_t windows{15};         ///< how far the running minimum looks back: 5 days
  std::size_t windows_per_day{3};  ///< >= 1
  double call{0.25};               ///< a rise above this within a day is a call; 0.25 = 25 %
};

/// How abruptly a margin moves. 0.7 = 70 %.
struct Procyclicality {
  double rise_p99{0};        ///< of M_t / min(M_{t-windows} .. M_t) - 1; order statistics interpolated linearly
  double rise_max{0};        ///< the largest of them
  double peak_to_trough{1};  ///< largest margin / smallest margin
  std::size_t calls{0};      ///< days in which M rose by more than `call` above the close of the day before
};

/// Shapes:  margins[n], n > windows. The first `windows` margins have no full look-back: they only serve it, the trough
///          and the calls. Day d is the windows_per_day margins after index d windows_per_day; the last may be shorter.
/// Units:   any; each margin > 0.
/// Errors:  too few margins; a margin that is not finite or not above zero; a rule without windows.
/// Source:  measurement rule M8; Murphy, Vasios and Vause (2014), Bank of England Financial Stability Paper 29.
Result<Procyclicality> procyclicality(std::span<const double> margins, const ProcyclicalityRule& rule = {});

/// Mean margin before the worst losses / mean margin: above 1 when margin was high when it was needed.
///
/// Shapes:  losses[n], margins[n]; n >= 1. The worst are the ceil(share n) largest losses, ties to the earlier.
/// Errors:  different lengths; none; a number that is not finite; margins that are not above zero; share outside (0,
/// 1). Source:  measurement rule M8 and row 9 of the goals.
Result<double> tail_margin_ratio(std::span<const double> losses, std::span<const double> margins, double share = 0.01);

}  // namespace margrave
