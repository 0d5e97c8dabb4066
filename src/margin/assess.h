#pragma once

#include "base/isa.h"
#include "margin/margin_report.h"
#include "margin/portfolio.h"

namespace margrave {

class PreparedRecipe;

/// Everything an assessment reads. The referenced objects must outlive the call; nothing is changed.
struct MarginInputs {
  const Registry& registry;
  const RiskArray& array;
  const RowIndex& index;
  const Recipe& recipe;
  Isa isa{Isa::portable};
  /// Of the same array and recipe, so that what all accounts share is computed once for all calls. Without it every
  /// call does it for the instruments of its books.
  const PreparedRecipe* prepared{nullptr};
};

/// The margin of one book: equity, every component and level, the worst scenario or tail of each group, and what each
/// position contributes. A pure function of integers: no result depends on instruction set or machine.
///
/// Roundings: requirements up, equity down, a position's value to the nearest; a contribution by largest remainder, so
/// that contributions sum to their component exactly.
/// Errors: an instrument the market could not price, overflow of 128 bits, a recipe whose set the array lacks, or whose
/// numeraire is not the array's. With the numeraire settlement the book should be a settlement_part().
/// Source: docs/methods/margin.md
Result<MarginReport> assess(const MarginInputs& inputs, const Book& book);

/// As assess() without contributions and lines, for many accounts: same amounts, to the unit, of the components that a
/// level rests on; others stay 0.
Result<MarginReport> assess_brief(const MarginInputs& inputs, const Book& book);

/// assess_brief() of an account that is vectors already; its orders are not looked at.
Result<MarginReport> assess_portfolio(const MarginInputs& inputs, const Portfolio& portfolio);

/// assess_brief() for all books on `threads` threads, in their order. An account that fails has its error in its slot.
std::vector<Result<MarginReport>> assess_all(const MarginInputs& inputs, const std::vector<Book>& books,
                                             unsigned threads);

/// Indices of the reports from the closest to maintenance to the safest: by health factor with 12 decimals, so that a
/// debt without requirement stands at 0; accounts that have none last, the smallest equity first; failed ones before
/// all; ties by position.
std::vector<std::size_t> by_distance_to_maintenance(const Recipe& recipe,
                                                    const std::vector<Result<MarginReport>>& reports);

}  // namespace margrave
