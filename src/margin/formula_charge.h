#pragma once

#include "margin/assess.h"

namespace margrave {

/// The value of an expression for every group that it stands on, and their sum. In dollars each group's value is
/// rounded as the recipe's arithmetic says; what other expressions read is not rounded. Without `brief` each line's
/// part in it is given: by the slopes of what is proportional to a position (Euler), scaled to the amount; what rests
/// on no position stands with the balances. Errors: a field that the market does not know, overflow.
Result<ComponentAmount> formula_charge(const MarginInputs& inputs, const Portfolio& portfolio, const Formula& rule,
                                       bool brief, const MarginReport& report);

/// The largest loss at expiry of each group's options, over a price of 0 and their strikes; never below 0, rounded up.
/// Errors: overflow.
Result<ComponentAmount> payoff_charge(const MarginInputs& inputs, const Portfolio& portfolio, const Payoff& rule,
                                      bool brief, const MarginReport& report);

/// What `component` of the recipe came to for the group of `coarse` that a line (or balance) is in. Where the
/// component's groups are finer they are summed; where there is none, its `otherwise`.
Result<Number> amount_within(const MarginInputs& inputs, const Portfolio& portfolio, const MarginReport& report,
                             std::size_t component, Grouping coarse, std::size_t line);

}  // namespace margrave
