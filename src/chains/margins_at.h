#pragma once

#include <vector>

#include "base/isa.h"
#include "margin/margin_report.h"
#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// Requirements of books in a market under scenario sets that are made already, as assess_brief() gives them; in the
/// order of the books, an error in the slot of what fails. Without a set nothing moves. One thread.
/// Errors: those of revalue().
Result<std::vector<Result<MarginReport>>> margins_at(const Market& market, const std::vector<ScenarioSet>& sets,
                                                     const Recipe& recipe, const std::vector<Book>& books, Isa isa);

}  // namespace margrave
