#pragma once

#include <string>
#include <vector>

#include "market/bars.h"
#include "market/listing.h"

namespace margrave {

/// A linear perpetual on every coin that has bars, settled in a dollar: "BTC-PERP" in USD, "BTC-PERP-USDT" in any
/// other. One contract is one coin. The lot is the largest power of ten that was worth a cent at most at the coin's
/// first bar, from 1e-8 to one coin: a million dollars are then known to a cent, and fewer than 2^30 lots, so that sums
/// of many stay within 64 bits.
std::vector<Listing> bar_perpetuals(const std::vector<Bars>& bars, const std::string& settlement = "USD");

/// The market of a walk at an instant: market_from_bars(), and of the contracts those whose coin has a price then,
/// marked at the index. Errors: those of market_from_bars().
Result<Market> walk_market(const std::vector<Bars>& bars, const std::vector<Listing>& contracts, Timestamp at);

}  // namespace margrave
