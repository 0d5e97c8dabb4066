#pragma once

#include <string>

#include "report/backtest_books.h"

namespace margrave {

/// The backtest as one HTML page that needs nothing beside it: no script, no font, no file. What was walked, all books
/// together, margin against loss with breaches marked for every book, a table of books, the cadence, what was not
/// tested and what is odd about the bars. Readable on a light and on a dark screen, and on a small one.
std::string backtest_page(const BooksBacktest& backtest, const BookWalk& walk);

}  // namespace margrave
