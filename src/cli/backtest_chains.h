#pragma once

#include "cli/backtest_books.h"

namespace margrave {

/// `margrave backtest --chains`: books of options under a recipe over recorded chains.
Result<Exit> run_backtest_chains(const CommonOptions& common, const BacktestOptions& options, const BacktestSpan& span);

}  // namespace margrave
