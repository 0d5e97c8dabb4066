#pragma once

#include "margin/diversification.h"
#include "report/amount.h"
#include "report/table.h"

namespace margrave {

/// The section "Diversification" of a full report: the parts alone, together, the credit, and the credit of pairs.
std::string diversification_text(const Money& money, const Result<Diversification>& diversification,
                                 const Paint& paint);

}  // namespace margrave
