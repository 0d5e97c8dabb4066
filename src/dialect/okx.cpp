#include "dialect/okx.h"

#include "dialect/name_text.h"

namespace margrave {
namespace {

void fill_terms(Listing& listing) {
  Instrument& terms = listing.terms;
  const bool bitcoin = listing.coin == "BTC", ether = listing.coin == "ETH";
  terms.lot = {1, 0};
  terms.tick = bitcoin ? Decimal{1, 1} : Decimal{1, 4};
  if (terms.kind == Kind::spot) {
    terms.contract_size = {1, 0};
    terms.lot = {1, 8};
  } else if (terms.kind == Kind::option) {
    terms.contract_size = bitcoin ? Decimal{1, 2} : Decimal{1, 1};
    terms.tick = {1, 4};
  } else if (terms.style == Style::inverse) {
    terms.contract_size = bitcoin ? Decimal{100, 0} : Decimal{10, 0};
  } else {
    terms.contract_size = bitcoin ? Decimal{1, 2} : ether ? Decimal{1, 1} : Decimal{1, 0};
    terms.lot = {1, 2};
  }
}

}  // namespace

Result<Listing> parse_okx_name(std::string_view name) {
  constexpr std::string_view examples = "BTC-USDT, BTC-USDT-SWAP, BTC-USD-260327 or BTC-USD-260327-100000-C";
  std::vector<std::string_view> parts = split_name(name, '-');
  if (parts.size() < 2 || !is_coin(parts[0]) || !is_coin(parts[1]) || parts[0] == parts[1] || is_digits(parts[1])) {
    return not_a_name(name, "OKX", examples);
  }
  const std::string coin(parts[0]), quote(parts[1]);
  Listing listing{.underlying = coin, .coin = coin, .settlement = quote};
  Instrument& terms = listing.terms;
  terms.name = name;
  parts.erase(parts.begin(), parts.begin() + 2);
  if (parts.empty()) {
    terms.kind = Kind::spot;
  } else {
    terms.style = quote == "USD" ? Style::inverse : Style::linear;
    if (terms.style == Style::inverse) listing.settlement = coin;
    terms.kind = Kind::perpetual;
    const bool swap = parts.size() == 1 && parts[0] == "SWAP";
    if (!swap && !parse_dated(parts, terms)) return not_a_name(name, "OKX", examples);
    if (terms.kind == Kind::option && terms.style == Style::linear) return not_a_name(name, "OKX", examples);
  }
  fill_terms(listing);
  return listing;
}

Result<std::string> print_okx_name(const Listing& listing) {
  const Instrument& terms = listing.terms;
  const bool inverse = terms.style == Style::inverse;
  if (terms.kind == Kind::option && !inverse) {
    return fail({.message = "OKX lists no option that settles in " + listing.settlement,
                 .field = "settlement",
                 .remedy = "give it a name of its own"});
  }
  const std::string pair = listing.coin + "-" + (inverse ? "USD" : listing.settlement);
  if (terms.kind == Kind::spot) return pair;
  if (terms.kind == Kind::perpetual) return pair + "-SWAP";
  return pair + TRY(print_dated(terms));
}

}  // namespace margrave
