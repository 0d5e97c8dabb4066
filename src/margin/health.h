#pragma once

#include <optional>

#include "base/fixed.h"

namespace margrave {

using Multiple = Fixed<struct MultipleTag, 6>;  ///< how many times one amount is another; 1 = equal

/// equity / maintenance, rounded down, against the account: it is 1 or more exactly where maintenance is met. Without a
/// requirement there is none, but 0 for an account in debt. Held at the ends of 128 bits.
std::optional<Multiple> health_factor(Usd equity, Usd maintenance);

/// The same in units of 10^-decimals, for an order that is finer than what is shown.
std::optional<i128> health_in_units(Usd equity, Usd maintenance, int decimals);

}  // namespace margrave
