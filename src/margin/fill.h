#pragma once

#include "margin/portfolio.h"

namespace margrave {

/// An order as a fill would change the account: a line as a position has it, and what leaves the balances.
struct Fill {
  std::size_t order{0};         ///< of the book
  Line line{};                  ///< lots that may fill; the leg of a forward-like contract is at the limit
  std::vector<Holding> paid{};  ///< an option's premium, and the fee
  bool reduce_only{false};
};

/// The orders of a book as fills. Of reduce-only orders only what can ever fill: no more lots than the position could
/// have to close, those at the limit that is worst for the account first; their fees in proportion, rounded up.
/// Errors: an instrument or asset that the market could not price, with its name; an amount that overflows.
Result<std::vector<Fill>> make_fills(const Registry& registry, const RowIndex& index, const Book& book);

/// Everything that a fill adds to the account.
std::vector<Holding> holdings_of(const Fill& fill);

/// The account after some of the fills: those that are not reduce-only first, then the others as far as there is
/// something to close. Lots of one instrument net into the first line of it; a line that is closed leaves its leg in
/// the balance. Errors: overflow.
Result<Portfolio> with_fills(Portfolio portfolio, const std::vector<Fill>& fills, const std::vector<bool>& chosen);

}  // namespace margrave
