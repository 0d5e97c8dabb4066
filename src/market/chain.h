#pragma once

#include <string>
#include <vector>

#include "market/forward.h"
#include "market/listing.h"
#include "market/state.h"
#include "market/svi_fit.h"

namespace margrave {

/// What a venue says of one instrument at one time. Prices in the instrument's price unit (inverse options: coin per
/// coin), absent where there is none.
struct ChainQuote {
  Listing instrument{};
  double bid{absent}, bid_size{absent}, ask{absent}, ask_size{absent};
  double mark{absent};
  double mark_vol{absent};          ///< annualised, 0.65 = 65 %
  double underlying_price{absent};  ///< the forward of its expiry as the venue states it, USD per coin
  double index{absent};             ///< USD per coin
  double rate{absent};              ///< continuous, per year
  double funding_rate{absent};      ///< perpetuals: fraction per 8 hours
  double open_interest{absent};     ///< contracts
  Timestamp time{};                 ///< of the quote
};

/// Everything a venue says at one instant, in no particular order.
struct Chain {
  std::string source;  ///< file or feed, for messages
  Timestamp time{};    ///< of the snapshot
  std::vector<ChainQuote> quotes;
  /// The perpetual that the venue lists on an underlying, one for each, quoted here or not: most accounts hold some.
  std::vector<Listing> perpetuals{};
};

struct ChainOptions {
  std::optional<Timestamp> as_of{};    ///< default: the snapshot's own time
  std::int64_t stale_seconds{900};     ///< a quote older than this is reported and not fitted
  double arbitrage_tolerance{0.0005};  ///< of the forward: what marks may contradict each other by
  VolSource prefer{VolSource::mark};
  std::uint64_t version{0};
};

/// One expiry as it was fitted: what the report and the plot show.
struct ExpiryFit {
  UnderlyingId underlying{};
  Timestamp expiry{};
  double years{0};
  ForwardEstimate forward{};
  std::vector<SmileQuote> quotes{};  ///< ascending k; empty for an expiry without options
  std::optional<SmileFit> smile{};
};

struct ChainMarket {
  Market market;
  std::vector<ExpiryFit> fits;  ///< by underlying, then expiry
};

/// Builds the registry and the market state of a chain: instruments in the order underlying, kind, expiry, strike, put
/// before call; forwards per expiry; smiles; findings on whatever is missing, stale, crossed, contradictory or assumed.
///
/// Left out, with a finding: instruments that have expired, and options that end with neither a mark vol nor a smile.
/// Assumed, with a finding: a dollar stablecoin is worth 1 USD unless the chain has an index for it, and USD, USDC and
/// USDT are listed in any case; where an underlying has no quote of a perpetual, the venue's own is at the index.
/// Errors:  an empty chain, a duplicate instrument, an underlying without any index or forward, a negative price, a
/// price or vol beyond base/limits.h.
Result<ChainMarket> build_market(const Chain& chain, const ChainOptions& options = {});

}  // namespace margrave
