#pragma once

#include <string>
#include <string_view>

#include "market/listing.h"

namespace margrave {

/// The terms that an OKX instrument id stands for.
///
///   BTC-USDT                                        spot
///   BTC-USDT-SWAP, BTC-USDT-260327                  linear: settled in the second coin
///   BTC-USD-SWAP, BTC-USD-260327, BTC-USD-260327-100000-C    inverse: settled in the first
///
/// Expiry is 08:00 UTC. A size counts contracts: of 0.01 BTC, 0.1 ETH or 1 other coin (linear; the venue's other coins
/// differ, its public/instruments says them), of 100 USD for BTC and 10 USD for others (inverse), of 0.01 BTC or 0.1
/// other coin (options). Ticks and lots are the venue's of 2025 for BTC and assumed for others. Only the venue's own
/// spelling is accepted, so printing gives the same name back.
Result<Listing> parse_okx_name(std::string_view name);

/// The instrument id of a contract, from its terms alone.
/// Errors: an expiry that is not 08:00 UTC, a linear option, which the venue does not list.
Result<std::string> print_okx_name(const Listing& listing);

}  // namespace margrave
