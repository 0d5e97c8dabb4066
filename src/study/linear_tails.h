#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// What a walk looks back on. A step is one window of eight hours, say.
struct TailSpec {
  std::vector<double> decays;                          ///< of the exponentially weighted variance, per step
  double least{1.0 / 3.0}, most{3.0};                  ///< bounds of volatility now over volatility then
  std::size_t window{3000};                            ///< scenarios
  std::size_t first{1000};                             ///< steps of own history before the first margin
  std::size_t stress_count{750}, stress_trailing{90};  ///< the worst times: see docs/methods/revaluation.md
  /// True: moves are log returns of a price, and one unit loses 1 - exp(move), or exp(move) - 1 where it is short.
  /// False: moves are a book's profits themselves.
  bool moves_are_log_returns{true};
};

/// The tails of the filtered scenarios at one decay, by tested step; parts of the entry notional, >= 0.
struct FilteredTails {
  std::vector<double> shortfall;      ///< ES 97.5 %: mean of the worst ceil(0.025 n)
  std::vector<double> value_at_risk;  ///< VaR 99 %: the ceil(0.01 n)-th worst
};

/// One side of a unit, or of a book, by tested step.
struct SideTails {
  std::vector<double> loss;             ///< that followed
  std::vector<FilteredTails> at_decay;  ///< in the order of the spec's decays
  std::vector<double> worst;            ///< ES 97.5 % of the worst times, returns as they were
  std::vector<double> ever;             ///< ES 97.5 % of all history, returns as they were
};
struct LinearTails {
  std::vector<double> decays;
  std::vector<std::size_t> at;  ///< the tested steps, ascending
  SideTails long_side, short_side;
};

/// The tails from which margins are made, each step's from what was known when it began: nothing after a step changes
/// them by a bit.
///
/// Shapes:  moves[n], variances[n] -> at most n - first steps.
/// Edges:   a step without its move (not a number) is neither tested nor a scenario; one without a variance leaves
///          volatility where it is. Volatility starts at the mean of the first 30 variances.
/// Errors:  different lengths, a move or variance that is infinite, a variance below zero, a spec outside its ranges.
/// Source:  docs/methods/dynamic_margin.md; measurement rules M2, M3, M7 of docs/evidence/linear-books.md.
Result<LinearTails> linear_tails(const TailSpec& spec, std::span<const double> moves,
                                 std::span<const double> variances);

/// One part of a book: so many units of an asset (below zero: short), its log returns and their variances by step.
struct BookLeg {
  double units{1};
  std::span<const double> log_returns, variances;
};

/// What a book's scenarios are brought to the volatility of: each leg's to its own, which leaves dependence as it was
/// on their dates, or the whole book's profits to that of the book, which lets today's correlation in.
enum class BookFilter : std::uint8_t { each_leg, whole_book };

/// The same for a book of several assets, losses in parts of one unit. A scenario is the move of all legs on one date.
/// The variance of a whole book's step is its squared profit. The worst times are those of the market: of the mean
/// absolute return of the legs. The short side is the book with every sign turned.
///
/// Shapes:  legs[m], m >= 1, each of n steps.
/// Edges:   a step without the return of any leg is neither tested nor a scenario.
/// Errors:  as linear_tails; no leg; moves_are_log_returns not set.
Result<LinearTails> book_tails(const TailSpec& spec, std::span<const BookLeg> legs, BookFilter filter);

}  // namespace margrave
