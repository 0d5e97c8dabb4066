#pragma once

#include "cli/inputs.h"
#include "cli/output.h"

namespace margrave {

/// `margrave backtest --recipe`: books under a recipe over history. The spec's from, to and step come from the options
/// that both kinds of backtest have.
struct BacktestSpan {
  std::int64_t step_ms{0}, from_ms{0}, to_ms{0};
};
Result<Exit> run_backtest_books(const CommonOptions& common, const BacktestOptions& options, const BacktestSpan& span);

}  // namespace margrave
