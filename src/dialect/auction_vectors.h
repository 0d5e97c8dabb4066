#pragma once

#include "dialect/golden_numbers.h"
#include "formula/number.h"
#include "margin/unwind.h"

namespace margrave {

/// The exact number at a key, from the text of the document.
Result<Number> number_at(const Cursor& map, std::string_view key);

/// The values of the rule, by name.
using AuctionValues = std::map<std::string, Number>;

/// An account in an auction: what the venue's own machine keeps between bids.
struct Auction {
  Unwind rule;
  bool insolvent{false};
  bool live{true};
  Number reserved;  ///< paid in by bidders so far

  UnwindState state(const Number& equity, const Number& excess, const Number& seconds, const Number& wanted) const;
  /// A bid was made: what it paid is reserved from now on, and the auction ends where it took all that it could.
  void accept(const AuctionValues& values, const Number& wanted);
};

/// The rule `unwind/derive-auction.yaml` with the parameters of a vector: starting_mtm_pct, fast_cutoff_pct,
/// fast_seconds, slow_seconds, insolvent_seconds (may be null), fee_rate, buffer_pct.
Result<Auction> auction_of(const Cursor& params, const Number& equity);

/// Dutch auctions of a venue, bid by bid, run on chain.
bool is_auction_vectors(std::string_view model);
Result<void> check_auction_vectors(const Cursor& root, const std::vector<Cursor>& vectors, Tally& tally);

}  // namespace margrave
