#pragma once

#include "cli/backtest_books.h"

namespace margrave {

/// `margrave backtest --dvol COIN=FILE --chains PATH --data DIR`: books of options under a recipe over modelled chains,
/// at 00, 08 and 16 UTC as far as vol index and bars reach.
Result<Exit> run_backtest_modelled(const CommonOptions& common, const BacktestOptions& options,
                                   const BacktestSpan& span);

}  // namespace margrave
