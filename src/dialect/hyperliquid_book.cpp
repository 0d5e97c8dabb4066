#include "dialect/hyperliquid_book.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

constexpr int cash_decimals = 6;

/// Decimals of the finest size of each coin.
std::map<std::string, int> size_decimals(const HyperliquidSnapshot& snapshot) {
  std::map<std::string, int> decimals;
  for (const HyperliquidAccount& account : snapshot.accounts) {
    for (const HyperliquidPosition& position : account.positions) {
      int& finest = decimals[position.coin];
      const std::string text = position.size.to_string();
      const std::size_t point = text.find('.');
      if (point != std::string::npos) finest = std::max(finest, static_cast<int>(text.size() - point - 1));
    }
  }
  return decimals;
}

Result<void> list_coin(Market& market, AssetId usdc, const std::string& name, double mark, int decimals) {
  const HyperliquidCoin coin = hyperliquid_coin(name);
  if (!(mark > 0) || !std::isfinite(mark)) return fail({.message = "the mark of " + name + " is not positive"});
  std::optional<AssetId> asset = market.registry.asset(coin.coin);
  std::optional<UnderlyingId> underlying = market.registry.underlying(coin.coin);
  if (!underlying) {
    if (!asset) {
      asset = TRY(market.registry.list(Asset{coin.coin, 8}));
      market.state.asset_usd.push_back(mark / coin.units);
    }
    underlying = TRY(market.registry.list(Underlying{coin.coin, *asset}));
    market.state.underlyings.push_back({.index = mark / coin.units, .expiries = {}});
  }
  Instrument perpetual{.name = name + "-PERP", .kind = Kind::perpetual, .underlying = *underlying, .settlement = usdc};
  perpetual.contract_size = Decimal{coin.units, 0};
  perpetual.lot = Decimal{1, decimals};
  perpetual.tick = Decimal{1, 12};
  TRY_VOID(market.registry.list(perpetual));
  InstrumentState state;
  // The mark is per coin; a k-coin's is quoted per thousand of them.
  state.mark = mark / coin.units;
  market.state.instruments.push_back(state);
  return {};
}

Result<Decimal> exact(double amount, int decimals) { return Decimal::parse(fmt::format("{:.{}f}", amount, decimals)); }

Result<Book> book_of(const Market& market, const HyperliquidSnapshot& snapshot, const HyperliquidAccount& account) {
  Book book{.account = account.account, .balances = {}, .positions = {}};
  double pnl = 0;
  for (const HyperliquidPosition& position : account.positions) {
    const InstrumentId id = market.registry.instrument(position.coin + "-PERP").value();
    const int units = hyperliquid_coin(position.coin).units;
    const auto lots = to_lots(market.registry[id], position.size);
    if (!lots)
      return fail({.message = fmt::format("account {}: {}: {}", account.account, position.coin, lots.error().message)});
    if (lots->raw == 0) continue;
    const Decimal entry = TRY(exact(position.entry_price.to_double() / units, 15));
    book.positions.push_back({id, *lots, entry});
    pnl += position.size.to_double() * (snapshot.marks.at(position.coin) - position.entry_price.to_double());
  }
  const double value = std::isnan(account.account_value) ? 0 : account.account_value;
  const Decimal cash = TRY(exact(value - pnl, cash_decimals));
  book.balances.push_back({AssetId{0}, TRY(cash.scaled(cash_decimals))});
  return book;
}

}  // namespace

Result<HyperliquidBooks> hyperliquid_books(const HyperliquidSnapshot& snapshot) {
  HyperliquidBooks result;
  result.market.state.as_of = snapshot.time;
  const AssetId usdc = TRY(result.market.registry.list(Asset{"USDC", cash_decimals}));
  result.market.state.asset_usd.push_back(1.0);
  result.market.state.findings.push_back({Finding::Kind::assumed, "USDC", "1 USD"});
  const std::map<std::string, int> decimals = size_decimals(snapshot);
  for (const auto& [coin, mark] : snapshot.marks) {
    TRY_VOID(list_coin(result.market, usdc, coin, mark, decimals.at(coin)));
  }
  for (const HyperliquidAccount& account : snapshot.accounts) {
    result.books.push_back(TRY(book_of(result.market, snapshot, account)));
  }
  return result;
}

}  // namespace margrave
