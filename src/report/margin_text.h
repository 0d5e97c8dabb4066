#pragma once

#include "report/margin_context.h"
#include "report/table.h"

namespace margrave {

/// The full report of one account: equity and levels, why, the scenario matrix with its worst cell marked, positions
/// with their contributions, Greeks, inputs.
Result<std::string> margin_text(const MarginContext& context, const AccountReport& account, const Paint& paint);

/// One line per account, closest to maintenance first; `top` lines, 0 for all. Failed accounts come first with their
/// error.
std::string accounts_text(const MarginContext& context, const std::vector<Book>& books,
                          const std::vector<Result<MarginReport>>& reports, std::size_t top, const Paint& paint);

}  // namespace margrave
