#pragma once

#include "margin/assess.h"

namespace margrave {

/// A rate of notional, of mark value or of unrealised gains, per group, rounded up per group. A group's notional is
/// net: long and short of it offset each other. A line's part is in proportion to what it adds to the group, and
/// nothing where the group is charged nothing.
Result<ComponentAmount> rate_charge(const MarginInputs& inputs, const Portfolio& portfolio, const RateOnBase& rule,
                                    bool brief);

}  // namespace margrave
