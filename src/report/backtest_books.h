#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/table.h"
#include "walk/bar_check.h"
#include "walk/cadence.h"
#include "walk/walk_judgement.h"

namespace margrave {

/// What modelled chains were made of: nobody recorded them.
struct ModelledWindows {
  std::vector<std::string> levels;  ///< "BTC: FILE", the daily vol index of each underlying
  std::vector<std::string> shapes;  ///< files of recorded chains
  std::size_t shape_chains{0};      ///< whose mean shape it is
  std::int64_t shape_from_ms{0}, shape_to_ms{0};
};

/// A walk of books under a recipe, judged, and what it was of.
struct BooksBacktest {
  std::vector<std::string> folders;
  std::string recipe, recipe_version, recipe_digest;
  std::string books;  ///< as they were asked for: "singles", "random:100:7", a file's name
  std::size_t coins{0};
  BookWalkSpec spec;
  WalkLevel level{WalkLevel::initial};
  std::int64_t from_ms{0}, to_ms{0};  ///< of the tested windows
  std::size_t updates{0};
  WalkJudgement judgement;
  std::vector<BarFinding> findings;
  std::string first_error;           ///< of the earliest margin that failed
  std::vector<CadenceRow> cadences;  ///< where they were asked for
  /// Of a walk over recorded option chains: how many, those that begin no window, and the mean length of a window.
  std::size_t chains{0}, gaps{0};
  double mean_hours{0};
  std::optional<ModelledWindows> modelled{};  ///< where those chains were not recorded
};

/// Coverage, cost, calls and findings; with `each` a line for every book, otherwise for twenty: those with the most
/// breaches.
std::string books_text(const BooksBacktest& backtest, bool each, const Paint& paint);
/// The whole of it as JSON text (schemas/backtest_books.schema.json).
std::string books_json(const BooksBacktest& backtest);
/// One line per book.
std::string books_csv(const BooksBacktest& backtest);
/// One line per book and window, in order of the windows.
std::string windows_csv(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level);

/// "8h", "10m", "90s", "1d"
std::string length_text(std::int64_t ms);

}  // namespace margrave
