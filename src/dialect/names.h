#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "margin/book_reader.h"
#include "market/listing.h"

namespace margrave {

/// One way to read an instrument's name.
struct NamedListing {
  std::string_view venue;  ///< whose spelling it is
  Listing listing;
};

/// Every reading of a name, in the order Deribit, OKX, Binance, ccxt, Hyperliquid. Hyperliquid's names are bare coins
/// (BTC, kPEPE), so almost any word is one: that reading is for names that must then be found in a registry.
std::vector<NamedListing> readings_of(std::string_view name);

/// The first reading that is not a bare coin, for markets that list an instrument by its name alone.
/// Error: nobody's spelling, with examples of each.
Result<Listing> parse_venue_name(std::string_view name);

/// The instruments of a registry by what they are, so that they are found under other venues' names.
class ContractIndex {
 public:
  explicit ContractIndex(const Registry& registry);

  /// The listed instrument that a foreign name stands for: same kind, style, coin, settlement asset, expiry, strike and
  /// side; and how many of its contracts one of the name's is (a swap of 0.01 BTC is 0.01 of a perpetual of 1 BTC).
  /// Nothing if no reading of the name is listed, if readings disagree, if two listed instruments are the same
  /// contract, or if the contracts' sizes are in no decimal ratio of at most 12 places.
  std::optional<Alias> find(std::string_view name) const;

 private:
  using Key = std::tuple<Kind, Style, std::string, std::string, Timestamp, std::string, bool>;
  struct Listed {
    InstrumentId instrument{};
    Decimal contract_size{1, 0};
    bool twice{false};
  };
  static Key key_of(const Instrument& terms, std::string coin, std::string settlement);
  std::map<Key, Listed> listed_;
};

}  // namespace margrave
