#pragma once

#include "margin/assess.h"
#include "margin/fill.h"

namespace margrave {

/// The initial margin with an account's open orders: equity less it is the least that equity less initial margin can
/// come to, whichever of the orders fill at their limits, fees paid.
///
/// It lies between `at_least`, which the orders in `filled` do ask for, and `amount`, an upper bound: in every scenario
/// of a measure each order fills if that makes the loss larger; a rate takes the worse side of each group; expressions
/// are bounded step by step (see bound()). Where the two meet, as they do where one worst case of sums decides, it is
/// exact.
///
/// `report` is that of the positions alone, under the same recipe; what no scenario covers is added to its omissions.
/// Cost: a pass over the orders for each measure's scenarios, and one assessment for each measure. Errors: those of
/// assess() and bound(); overflow. Source: docs/methods/orders.md
Result<OrderMargin> open_order_margin(const MarginInputs& inputs, const Portfolio& portfolio, const Book& book,
                                      MarginReport& report);

}  // namespace margrave
