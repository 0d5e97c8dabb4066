#pragma once

#include "margin/account.h"

namespace margrave {

/// The value of a component's expression for every group that it stands on, and their sum. In dollars each group's
/// value is rounded as the recipe's arithmetic says; what other expressions read is not rounded. Without `brief` each
/// line's part in it is given: by the slopes of what is proportional to a position (Euler), scaled to the amount; what
/// rests on no position stands with the balances. `component` is a Formula; `report` has those that it reads.
/// Errors: a field that the market does not know, overflow.
Result<ComponentAmount> formula_charge(Account& account, std::size_t component, bool brief, const MarginReport& report);

}  // namespace margrave
