#pragma once

#include <vector>

#include "base/result.h"
#include "volatility/ewma_correlation.h"

namespace margrave {

/// Past returns with the correlation of today in place of that of their day.
///
///     z'(s) = C(now)^1/2 C(s)^-1/2 z(s)
///
/// C(s) is EwmaCorrelation's of what was known before step s, C(now) its last; both have eigenvalues of at least
/// `floor`, those below count as it. Roots are the symmetric ones: they take no order of the series, change steadily
/// with the correlation, and of all roots leave each series closest to what it was. Where C(s) is C(now), z' is z up to
/// rounding. A step with gaps takes the rows and columns of the series that are there; a gap stays one.
///
/// Shapes:  z[series][steps], divided by their volatility, NaN where there is none.
/// Errors:  EwmaCorrelation's; floor outside (0, 1]; series of unequal length.
/// Cost:    about 1.4 n^3 + 40 n^2 operations a step.
/// Source:  Duffie and Pan, "An overview of value at risk" (1997), Hull and White (1998), section 6, for the
///          transformation; Kessy, Lewin and Strimmer, "Optimal whitening and decorrelation" (2018), for the root.
Result<std::vector<std::vector<double>>> recorrelated(const CorrelationRule& rule, double floor,
                                                      const std::vector<std::vector<double>>& z);

}  // namespace margrave
