#pragma once

#include "margin/account.h"

namespace margrave {

/// The largest loss at expiry of each group's options, over a price of 0 and their strikes; never below 0, rounded up.
/// Without `brief` each line has what it pays at the worst price. Errors: overflow.
Result<ComponentAmount> payoff_charge(Account& account, const Payoff& rule, bool brief);

}  // namespace margrave
