#pragma once

#include "margin/assess.h"

namespace margrave {

/// Accounts whose books name the same `linked` are one risk: where they would be asked for more as one account than
/// each by itself, the difference is added to their levels (MarginReport::linked), in proportion to what each is asked
/// for, to the unit. As one account means the larger of two: with the lines that they have, and with one position in
/// each instrument. So splitting a position over linked accounts never lowers what is asked for. Nothing is taken away
/// where together they would be asked for less.
///
/// Accounts without a report are left out. Errors: those of assess_brief() of the accounts as one.
/// Source: docs/methods/orders.md
Result<void> raise_linked(const MarginInputs& inputs, const std::vector<Book>& books,
                          const std::vector<MarginReport*>& reports);

}  // namespace margrave
