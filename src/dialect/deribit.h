#pragma once

#include <string>
#include <string_view>

#include "market/listing.h"

namespace margrave {

/// The terms that a Deribit instrument name stands for.
///
///   BTC-PERPETUAL, BTC-27MAR26, BTC-27MAR26-100000-C           inverse: settled in the coin
///   BTC_USDC-PERPETUAL, XRP_USDC-27MAR26-0d55-C, BTC_USDC      linear: settled in USDC (or USDT, USDE, ...); spot
///
/// Expiry is 08:00 UTC of the day. A `d` in a strike is the decimal point. What a name does not say is filled in:
/// inverse forwards are contracts of 1 USD, lot 10 for BTC and 1 otherwise (sizes on the venue are in USD); options are
/// contracts of 1 coin, lot 0.1 BTC or 1 other coin, tick 0.0001 coin (the venue's smallest; it asks for 0.0005 above
/// 0.005); linear contracts are of 1 coin with the lots of table_of_linear_lots() in deribit.cpp, tick as assumed
/// there. public/get_instruments says these exactly: read_deribit_book() takes them from there when it has it. Only the
/// venue's own spelling is accepted ("BTC-02FEB26" is not), so printing gives the same name back.
Result<Listing> parse_deribit_name(std::string_view name);

/// The name of an instrument in Deribit's spelling, from its terms alone; Listing::terms.name is not looked at.
/// Errors: an expiry that is not 08:00 UTC, a linear contract settled in its own coin.
Result<std::string> print_deribit_name(const Listing& listing);

}  // namespace margrave
