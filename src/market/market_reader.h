#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "document/node.h"
#include "market/listing.h"
#include "market/state.h"

namespace margrave {

struct MarketReadOptions {
  /// The terms that a venue's name stands for, so that a file may list such instruments by name alone; empty: every
  /// instrument states its terms.
  std::function<Result<Listing>(std::string_view)> terms_of{};
};

/// Reads Margrave's own market file, YAML or JSON (schemas/market.schema.json, docs/methods/market_state.md).
///
/// Errors, each with file, line, field and what to do: an unknown key, a wrong type, a number that is not finite, a
/// negative price, a name listed twice, an asset or underlying that is not there, an instrument that has expired at
/// as_of, an option with neither a vol nor a smile, a confidence outside 0 to 1, an asset that follows a follower, an
/// expiry without a forward, a smile with an arbitrage.
Result<Market> read_market(const Document& document, const MarketReadOptions& options = {});
/// The same of a file, "-" being standard input.
Result<Market> read_market_file(const std::string& path, const MarketReadOptions& options = {});

}  // namespace margrave
