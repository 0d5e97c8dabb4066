#pragma once

#include <string>
#include <string_view>

#include "market/listing.h"

namespace margrave {

/// The terms that a Binance symbol of a derivative stands for.
///
///   BTCUSDT, BTCUSDC                                linear perpetual (the spot market has the same symbol: a spot
///                                                   holding is a balance of the coin)
///   BTCUSDT_260327                                  linear future
///   BTCUSD_PERP, BTCUSD_260327                      inverse, in contracts of 100 USD for BTC and 10 USD for others
///   BTC-260327-100000-C                             option, linear, settled in USDT
///
/// Expiry is 08:00 UTC. Linear sizes are in coins; 1000SHIB is a coin of its own, since its prices are those of a
/// thousand. Lots and ticks are the finest of the venue and not those of each symbol. Only the venue's own spelling is
/// accepted, so printing gives the same name.
Result<Listing> parse_binance_name(std::string_view name);

/// The symbol of a contract, from its terms alone.
/// Errors: an expiry that is not 08:00 UTC; what the venue does not list: spot, options but on USDT, linear contracts
/// but in a dollar coin.
Result<std::string> print_binance_name(const Listing& listing);

}  // namespace margrave
