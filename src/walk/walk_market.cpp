#include "walk/walk_market.h"

#include <algorithm>
#include <set>

namespace margrave {
namespace {

/// A lot in coins: the largest power of ten that is worth a cent at most, within its bounds.
Decimal lot_of(double price) {
  int decimals = 0;
  double worth = price;
  while (worth > 1e-2 && decimals < 8) {
    worth /= 10;
    ++decimals;
  }
  return Decimal{1, decimals};
}

}  // namespace

std::vector<Listing> bar_perpetuals(const std::vector<Bars>& bars, const std::string& settlement) {
  std::vector<Listing> all;
  std::set<std::string> seen;
  for (const Bars& file : bars) {
    if (file.t_ms.empty() || !seen.insert(file.coin).second) continue;
    // The earliest bar of any of its files, so that what is known later changes no lot.
    const Bars* first = &file;
    for (const Bars& other : bars) {
      if (other.coin == file.coin && !other.t_ms.empty() && other.t_ms.front() < first->t_ms.front()) first = &other;
    }
    Listing listing;
    listing.terms.name = file.coin + (settlement == "USD" ? "-PERP" : "-PERP-" + settlement);
    listing.terms.kind = Kind::perpetual;
    listing.terms.style = Style::linear;
    listing.terms.tick = Decimal{1, 12};
    listing.terms.lot = lot_of(first->open.front());
    listing.underlying = listing.coin = file.coin;
    listing.settlement = settlement;
    all.push_back(std::move(listing));
  }
  return all;
}

Result<Market> walk_market(const std::vector<Bars>& bars, const std::vector<Listing>& contracts, Timestamp at) {
  Market market = TRY(market_from_bars(bars, at));
  for (const Listing& contract : contracts) {
    const auto underlying = market.registry.underlying(contract.underlying);
    if (!underlying || !market.registry.asset(contract.settlement)) continue;
    TRY(list(market.registry, contract));
    market.state.instruments.push_back({.mark = market.state.underlyings[underlying->index()].index});
  }
  return market;
}

}  // namespace margrave
