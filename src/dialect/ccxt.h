#pragma once

#include <string>
#include <string_view>

#include "market/listing.h"

namespace margrave {

/// The terms that a unified symbol of the ccxt library stands for: base/quote:settle-expiry-strike-type.
///
///   BTC/USDT                                        spot
///   BTC/USDT:USDT, BTC/USD:BTC                      perpetual, linear and inverse
///   BTC/USDT:USDT-260327, BTC/USD:BTC-260327        future
///   BTC/USDC:USDC-260327-100000-C, BTC/USD:BTC-260327-100000-P    option
///
/// A unified symbol does not say how large a contract is: sizes are taken in coins, of inverse forwards in USD (a
/// position's `contracts` times its `contractSize`). Expiry is 08:00 UTC. Printing gives the same name back.
Result<Listing> parse_ccxt_name(std::string_view name);

/// The unified symbol of a contract, from its terms alone. Errors: an expiry that is not 08:00 UTC.
Result<std::string> print_ccxt_name(const Listing& listing);

}  // namespace margrave
