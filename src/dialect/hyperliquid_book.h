#pragma once

#include "dialect/hyperliquid.h"
#include "margin/book.h"
#include "market/state.h"

namespace margrave {

/// A recorded instant as a market and books, in one order: books[i] is snapshot.accounts[i].
struct HyperliquidBooks {
  Market market;
  std::vector<Book> books;
};

/// Lists a linear USDC perpetual per coin held, at the snapshot's marks (a k-coin is a contract of 1,000 coins), with
/// the finest size step that any position needs as its lot. An account's USDC balance is its value less the unrealised
/// pnl of its positions at these marks, so that its equity is the value the venue printed; without a value it is 0 less
/// that pnl. Errors: a mark that is not positive, a size or an amount beyond its range; each names the coin or account.
Result<HyperliquidBooks> hyperliquid_books(const HyperliquidSnapshot& snapshot);

}  // namespace margrave
