#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "study/procyclicality.h"
#include "walk/book_walk.h"

namespace margrave {

/// How the margins of one book did. Losses, margins and calls in parts of the gross notional when a window begins.
struct BookJudgement {
  std::string book;
  std::array<std::size_t, cell_states> cells{};     ///< windows by state
  std::size_t windows{0}, breaches{0};              ///< of those that are good
  double two_sided_p{1}, too_many_p{1}, runs_p{1};  ///< exact; of the rate asked about, and of no clustering
  double uncovered{0};                              ///< mean over all windows
  double mean_excess{0}, worst_excess{0};           ///< over breaches; 0 without any
  double mean_margin{0};
  double static_margin{0};  ///< the least constant share that is breached no more often over the same windows
  std::optional<double> efficiency{};  ///< mean margin / static margin; none where that is 0
  std::optional<double> tail{};        ///< mean margin before the worst 1 % of losses / mean margin
  /// Of the margins at updates, over the least of five days. None: too few, or one that is not above 0.
  std::optional<Procyclicality> rises{};
  std::size_t calls{0};               ///< margin calls, see count_calls()
  double called{0}, largest_call{0};  ///< their sum, and the largest
};

/// How the margins of all books did together.
struct WalkJudgement {
  std::vector<BookJudgement> books;  ///< with a good window at least, in the order of the walk
  std::vector<std::string> without;  ///< books without any
  double rate{0.01};                 ///< of breaches that is asked about
  std::size_t windows{0}, breaches{0};
  double pooled_rate{0}, pooled_error{0};  ///< in blocks of five days; the error is 0 with fewer than two
  double rate_holds{0}, order_holds{0}, not_too_many{0};  ///< share of books with a p above 5 % after Holm
  double uncovered{0}, mean_margin{0};                    ///< means over books
  std::optional<double> efficiency{};                     ///< median over books
  std::size_t calls{0};
};

enum class WalkLevel : std::uint8_t { initial, maintenance };

struct JudgeSpec {
  WalkLevel level{WalkLevel::initial};  ///< what is held against losses
  double rate{0.01};
};

/// Judges a walk whose windows do not overlap: overlapping ones are no independent observations.
/// Errors: windows that overlap, a rate outside (0, 1), no book with a good window.
Result<WalkJudgement> judge_walk(const BookWalk& walk, const BookWalkSpec& spec, const JudgeSpec& of);

/// Margins, losses and ends of a book's good windows, for tests and plots.
struct BookSeries {
  std::vector<std::int64_t> end_ms;
  std::vector<double> margin, loss;  ///< in parts of gross
};
BookSeries series_of(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level, std::size_t book);

/// Margin calls of an account that posts the initial margin, loses and gains what its book does, is paid what it has
/// above initial at the beginning of every window, and is called up to initial where it has less than maintenance.
/// After a stretch without a margin it starts anew.
struct Calls {
  std::size_t count{0};
  double sum{0}, largest{0};  ///< in parts of gross
};
Calls count_calls(const BookWalk& walk, const BookWalkSpec& spec, std::size_t book);

}  // namespace margrave
