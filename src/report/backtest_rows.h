#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "report/backtest_books.h"

namespace margrave {

/// What a backtest of books says, row by row, for a terminal and for a page alike.

struct BacktestCell {
  std::string text;
  bool bad{false};  ///< more breaches than the rate explains, at 5 %, one book alone
};
/// A table's columns and its rows, of as many cells.
struct BacktestTable {
  std::vector<std::string> columns;
  std::vector<std::vector<BacktestCell>> rows;
};

/// All books together: a name and a value each.
BacktestTable pooled_rows(const WalkJudgement& all);
/// A row per book named; `wide` adds what a terminal has no room for.
BacktestTable book_rows(const std::vector<const BookJudgement*>& books, bool wide);
/// A row per cadence.
BacktestTable cadence_rows(const std::vector<CadenceRow>& cadences);
/// Windows that are not tested, counted by reason, and the first failure: a sentence each.
std::vector<std::string> untested_lines(const BooksBacktest& backtest);

/// "1.234 %"
std::string percent_text(double share, int decimals);
/// "-" where there is none.
std::string grouped_or_dash(std::optional<double> value, int decimals);

}  // namespace margrave
