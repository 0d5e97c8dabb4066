#include "dialect/hyperliquid.h"
#include "dialect/name_text.h"

namespace margrave {

Result<Listing> parse_hyperliquid_name(std::string_view name) {
  const std::string_view capitals = name.starts_with('k') ? name.substr(1) : name;
  if (!is_coin(capitals) || is_digits(capitals)) return not_a_name(name, "Hyperliquid", "BTC or kPEPE");
  Listing listing{.underlying = std::string(name), .coin = std::string(name), .settlement = "USDC"};
  Instrument& terms = listing.terms;
  terms.name = name;
  terms.kind = Kind::perpetual;
  terms.lot = {1, 8};
  terms.tick = {1, 8};
  return listing;
}

Result<std::string> print_hyperliquid_name(const Listing& listing) {
  const Instrument& terms = listing.terms;
  if (terms.kind != Kind::perpetual || terms.style != Style::linear || listing.settlement != "USDC" ||
      terms.contract_size != Decimal{1, 0}) {
    return fail({.message = "Hyperliquid has no name for such a contract",
                 .field = "kind",
                 .remedy = "give it a name of its own"});
  }
  return listing.coin;
}

}  // namespace margrave
