#pragma once

#include <optional>
#include <string>
#include <vector>

#include "margin/book.h"
#include "market/state.h"

namespace margrave {

/// A book as a walk holds it: of one shape that is sized anew at every update, or an account as it is.
struct WalkBook {
  /// A part of the notional in the perpetual of a coin.
  struct Share {
    std::string coin;
    std::int64_t millionths{0};  ///< of the notional; long > 0, short < 0
  };
  struct Held {
    std::string instrument;
    Lots lots{};
    std::optional<Decimal> entry_price;
  };
  struct Kept {
    std::string asset;
    i128 units{0}, unsettled{0}, borrowed{0};
  };
  std::string name;
  std::vector<Share> shares;    ///< empty: the account below
  std::vector<Held> positions;  ///< of a fixed account
  std::vector<Kept> balances;

  bool is_fixed() const { return shares.empty(); }
};

/// One unit of every coin, long and short.
std::vector<WalkBook> single_books(const std::vector<std::string>& coins);
/// Every coin against the one after it by name, half the notional each, and the reverse. Fewer than two coins: none.
std::vector<WalkBook> spread_books(const std::vector<std::string>& coins);
/// Books of 1 to 8 coins (never more than there are), each side and weight by chance; the i-th book is stream i of the
/// seed, so a longer list begins with the shorter one. The millionths of a book sum to a million in absolute value.
std::vector<WalkBook> random_books(const std::vector<std::string>& coins, std::size_t count, std::uint64_t seed);
/// Accounts as they are. Errors: an open order, or a position in what bars cannot value.
Result<std::vector<WalkBook>> fixed_books(const Registry& registry, const std::vector<Book>& books);

/// What an account has of one asset or coin: its sign and size in USD follow its price.
struct Exposure {
  std::string coin;
  double coins{0};
};

/// A book in the instruments of a market.
struct SizedBook {
  Book book;
  std::vector<Exposure> exposures;  ///< dollars of its balances among them
};
/// Nothing where the market lacks one of its coins. A share is sized to `notional` USD at the coin's index, to the
/// nearest lot. Errors: a size beyond the lots that can be counted.
Result<std::optional<SizedBook>> size_book(const WalkBook& book, const Market& market, double notional);

}  // namespace margrave
