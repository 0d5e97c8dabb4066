#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "margin/book.h"
#include "market/state.h"

namespace margrave {

/// What a book of options is made of: contracts by distance of the strike and days to expiry, chosen anew from every
/// chain. docs/methods/option_books.md lists them.
enum class BookShape : std::uint8_t { call, straddle, strangle, condor, calendar, put_spread, wings, random };
std::string_view to_string(BookShape shape);

/// One book by rule.
struct OptionBookRule {
  std::string underlying;
  BookShape shape{BookShape::straddle};
  bool is_long{true};       ///< of a random book it says nothing: each of its options has a side of its own
  bool is_hedged{false};    ///< the perpetual takes away its delta
  std::uint64_t seed{0};    ///< of a random book
  std::uint64_t stream{0};  ///< its number in the list

  std::string name() const;  ///< "BTC short straddle, hedged", "ETH random 3"
  std::string kind() const;  ///< the name without underlying and number: "short straddle, hedged", "random"
};

/// Every shape of each underlying, long and short, as it is and hedged: 28 books of each.
std::vector<OptionBookRule> standard_option_books(const std::vector<std::string>& underlyings);
/// `count` random books of each underlying, each as it is and hedged. The i-th book is the same in a longer list.
std::vector<OptionBookRule> random_option_books(const std::vector<std::string>& underlyings, std::size_t count,
                                                std::uint64_t seed);

/// The rules' books in a market, positions only, legs in order and the hedge last. A book's options have contents of
/// `notional` USD together at the index, each leg alike, to the nearest lot; a random book has 1 to 12 options, each by
/// chance among those listed with an hour left and a strike within a factor e of the forward, with a weight and a side
/// by chance. A hedge is the perpetual of the same underlying, to the nearest lot, against the delta of
/// scenario/greeks.h. Nothing where the market lacks what the rule asks for: the underlying, two expiries for a
/// calendar, distinct strikes for a spread, a perpetual. Shapes: rules[n] -> n books.
std::vector<std::optional<Book>> place_option_books(const std::vector<OptionBookRule>& rules, const Market& market,
                                                    double notional);

/// USD of the contents of all positions at the index, without signs.
double gross_of(const Market& market, const Book& book);

}  // namespace margrave
