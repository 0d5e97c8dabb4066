#pragma once

#include <optional>
#include <string>
#include <vector>

#include "walk/book_walk.h"
#include "walk/walk_prices.h"

namespace margrave {

/// A book that is sized once and then held.
struct HeldBook {
  WalkBook book;
  std::vector<Exposure> exposures;
};
/// Books of shares at the prices of a market, `notional` USD each, as accounts that are held as they are; those whose
/// coins have no price are left out. Errors: those of size_book().
Result<std::vector<HeldBook>> hold_books(const std::vector<WalkBook>& books, const Market& market, double notional);

/// A held book through time, from its opening: all in parts of its gross notional then. At every update that has a
/// margin and a close of every coin.
struct HeldPath {
  std::vector<std::int64_t> at_ms;
  std::vector<double> loss, initial, warning, maintenance, backstop;  ///< 0 where a recipe has no such level
};
/// The first instant is the opening; a path without one is empty. `book` counts in the walk.
HeldPath path_of(const BookWalk& walk, const WalkPrices& prices, const HeldBook& held, std::size_t book,
                 std::int64_t from_ms, std::int64_t to_ms);

/// What becomes of an account that holds a book with equity of gross / leverage at its opening, and neither trades nor
/// pays in. The first instant at which its equity is below a level; none: it never is.
struct HeldAccount {
  double leverage{0};
  bool allowed{false};  ///< its equity covers the initial margin at the opening; what follows is of it alone
  std::optional<std::int64_t> warned_ms{}, called_ms{};  ///< below warning; below maintenance
  std::optional<std::int64_t> handed_over_ms{};          ///< below the backstop
  std::optional<std::int64_t> broke_ms{};                ///< equity below 0: a loss that the account does not cover
  double equity_at_call{0};                              ///< in parts of the gross notional at its opening
};
HeldAccount follow(const HeldPath& path, double leverage);

}  // namespace margrave
