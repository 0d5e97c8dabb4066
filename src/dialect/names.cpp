#include "dialect/names.h"

#include "dialect/binance.h"
#include "dialect/ccxt.h"
#include "dialect/deribit.h"
#include "dialect/hyperliquid.h"
#include "dialect/okx.h"
#include "document/text.h"

namespace margrave {
namespace {

constexpr std::string_view bare_coins = "Hyperliquid";

/// a / b as a decimal of at most 12 places; nothing if it is longer. Both positive.
std::optional<Decimal> ratio_of(const Decimal& a, const Decimal& b) {
  constexpr int places = 12;
  const auto numerator = a.scaled(18), denominator = b.scaled(18);
  i128 scaled = 0;
  if (!numerator || !denominator || !multiply(*numerator, power_of_ten(places), scaled) || scaled % *denominator != 0)
    return std::nullopt;
  return Decimal{scaled / *denominator, places};
}

}  // namespace

std::vector<NamedListing> readings_of(std::string_view name) {
  std::vector<NamedListing> readings;
  const auto add = [&](std::string_view venue, Result<Listing> listing) {
    if (listing) readings.push_back({venue, *std::move(listing)});
  };
  add("Deribit", parse_deribit_name(name));
  add("OKX", parse_okx_name(name));
  add("Binance", parse_binance_name(name));
  add("ccxt", parse_ccxt_name(name));
  add(bare_coins, parse_hyperliquid_name(name));
  return readings;
}

Result<Listing> parse_venue_name(std::string_view name) {
  for (NamedListing& reading : readings_of(name)) {
    if (reading.venue != bare_coins) return std::move(reading.listing);
  }
  return fail({.message = in_quotes(name) + " is no venue's instrument name",
               .field = "instrument",
               .remedy = "give its terms, or a name like BTC-PERPETUAL, BTC-27MAR26-100000-C (Deribit), BTC-USDT-SWAP "
                         "(OKX), BTCUSDT_260327 (Binance), BTC/USDT:USDT (ccxt)"});
}

ContractIndex::Key ContractIndex::key_of(const Instrument& terms, std::string coin, std::string settlement) {
  const bool option = terms.kind == Kind::option;
  return {terms.kind,
          terms.style,
          std::move(coin),
          std::move(settlement),
          terms.expires() ? terms.expiry : Timestamp{},
          option ? terms.strike.to_string() : std::string(),
          option && terms.is_call};
}

ContractIndex::ContractIndex(const Registry& registry) {
  for (std::uint32_t i = 0; i < registry.instruments().size(); ++i) {
    const Instrument& terms = registry.instruments()[i];
    const std::string& coin = registry[registry[terms.underlying].coin].name;
    const auto [at, fresh] = listed_.try_emplace(key_of(terms, coin, registry[terms.settlement].name),
                                                 Listed{InstrumentId{i}, terms.contract_size});
    at->second.twice = !fresh;
  }
}

std::optional<Alias> ContractIndex::find(std::string_view name) const {
  std::optional<Alias> found;
  for (const NamedListing& reading : readings_of(name)) {
    const Listing& other = reading.listing;
    const auto at = listed_.find(key_of(other.terms, other.coin, other.settlement));
    if (at == listed_.end()) continue;
    const auto contracts = ratio_of(other.terms.contract_size, at->second.contract_size);
    if (at->second.twice || !contracts) return std::nullopt;
    if (found && (found->instrument != at->second.instrument || found->contracts != *contracts)) return std::nullopt;
    found = Alias{at->second.instrument, *contracts};
  }
  return found;
}

}  // namespace margrave
