#pragma once

#include "cli/backtest_books.h"

namespace margrave {

/// `margrave backtest --calls`: accounts that are opened at --from with so much leverage and held, and when each of
/// them would be warned, called and handed over.
Result<Exit> run_backtest_calls(const CommonOptions& common, const BacktestOptions& options, const BacktestSpan& span);

}  // namespace margrave
