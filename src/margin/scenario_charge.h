#pragma once

#include "margin/account.h"

namespace margrave {

/// A measure of the loss over one scenario set, per group, never below zero. Lines and balances whose coin the set does
/// not cover are left out and named in report.omissions. Without `brief` each group's tail and each line's part in it
/// are given.
Result<ComponentAmount> scenario_charge(Account& account, const ScenarioMeasure& rule, bool brief,
                                        MarginReport& report);

/// Profit and loss of one group in every scenario of the rule's set, rounded to the nearest 1e-9 USD; for display.
/// `report` has the components that the rule's transform reads. `group` counts in the order of ComponentAmount::groups.
Result<std::vector<Usd>> scenario_profits(const MarginInputs& inputs, const Portfolio& portfolio,
                                          const ScenarioMeasure& rule, std::size_t group, const MarginReport& report);

}  // namespace margrave
