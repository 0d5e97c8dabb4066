#pragma once

#include <map>
#include <string>

#include "dialect/account_vector.h"
#include "margin/transfer.h"

// An account of a vector while parts of it are sold: its amounts as a book of whole numbers, and the vector as it would
// read with other amounts and at a later time.

namespace margrave {

/// Decimals of every amount, as the venue's contracts keep them.
inline constexpr int sold_decimals = 18;
/// The first asset of such a book: dollars.
inline constexpr AssetId sold_cash{0};

/// The amounts of a portfolio as balances, in units of 10^-18: cash, then the perpetual, the coin if the portfolio has
/// one, options and collaterals, each an asset of its own in the portfolio's order.
Result<Book> amounts_of(const Cursor& portfolio);

/// Numbers that read otherwise now, by the place of the old ones.
using Changes = std::map<const Node*, std::string>;
Result<void> add_amounts(const Cursor& portfolio, const Book& amounts, Changes& changes);
/// Every expiry is `seconds` nearer; prices and vols stay. `when` is where the seconds were read.
/// Errors: an expiry would have passed.
Result<void> add_time(const Cursor& market, const Cursor& portfolio, const Cursor& when, std::int64_t seconds,
                      Changes& changes);
Node changed(const Node& node, const Changes& changes);

}  // namespace margrave
