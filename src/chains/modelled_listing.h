#pragma once

#include <vector>

#include "base/decimal.h"
#include "base/timestamp.h"

namespace margrave {

/// Expiries of modelled chains at an instant, ascending, all at 08:00 UTC and after it: the next two days, the next
/// four Fridays, the last Fridays of the next three months and of the next four quarters. One that is listed stays
/// until it expires.
std::vector<Timestamp> modelled_expiries(Timestamp at);

/// Strikes around a forward, ascending, on a round grid: its step is the largest of 1, 2 or 5 times a power of ten that
/// is at most 2 % of the forward to 35 days, 5 % to 100 days, 10 % beyond. With x = ln(strike / forward) / sqrt(years)
/// every step is listed within |x| <= 1, every fifth within |x| <= 3; none beyond a factor of 4. Empty where forward or
/// years is not above 0.
std::vector<Decimal> modelled_strikes(double forward, double years);

}  // namespace margrave
