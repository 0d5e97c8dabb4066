#include "dialect/ccxt.h"

#include "dialect/name_text.h"

namespace margrave {
namespace {

constexpr std::string_view examples = "BTC/USDT, BTC/USDT:USDT, BTC/USD:BTC-260327 or BTC/USD:BTC-260327-100000-C";

}  // namespace

Result<Listing> parse_ccxt_name(std::string_view name) {
  const std::vector<std::string_view> halves = split_name(name, ':');
  const std::vector<std::string_view> pair = split_name(halves[0], '/');
  if (halves.size() > 2 || pair.size() != 2 || !is_coin(pair[0]) || !is_coin(pair[1]) || pair[0] == pair[1]) {
    return not_a_name(name, "ccxt", examples);
  }
  Listing listing{.underlying = std::string(pair[0]), .coin = std::string(pair[0]), .settlement = std::string(pair[1])};
  Instrument& terms = listing.terms;
  terms.name = name;
  terms.lot = {1, 8};
  terms.tick = {1, 8};
  if (halves.size() == 1) {
    terms.kind = Kind::spot;
    return listing;
  }
  std::vector<std::string_view> parts = split_name(halves[1], '-');
  const bool inverse = parts[0] == pair[0];
  if (!inverse && parts[0] != pair[1]) return not_a_name(name, "ccxt", examples);
  listing.settlement = parts[0];
  terms.style = inverse ? Style::inverse : Style::linear;
  // An inverse contract is on the dollar price; another quote of the coin would be another underlying.
  if (inverse && pair[1] != "USD") return not_a_name(name, "ccxt", examples);
  parts.erase(parts.begin());
  if (!parts.empty() && !parse_dated(parts, terms)) return not_a_name(name, "ccxt", examples);
  return listing;
}

Result<std::string> print_ccxt_name(const Listing& listing) {
  const Instrument& terms = listing.terms;
  const bool inverse = terms.style == Style::inverse;
  const std::string pair = listing.coin + "/" + (inverse ? "USD" : listing.settlement);
  if (terms.kind == Kind::spot) return pair;
  const std::string settled = pair + ":" + listing.settlement;
  if (terms.kind == Kind::perpetual) return settled;
  return settled + TRY(print_dated(terms));
}

}  // namespace margrave
