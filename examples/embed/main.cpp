// Margins a book from memory: a market, a recipe and a book in, a requirement out. Nothing is global, nothing throws.
#include <cstdio>

#include "report/margin_books.h"

int main() {
  const auto margined = margrave::margin_books(
      {.market = "{version: 1, as_of: 2026-03-01T08:00:00Z, assets: {USDC: {decimals: 6, usd: 1}, BTC: {decimals: 8}},"
                 " underlyings: {BTC: {index: 60000}}, instruments: [{name: BTC-PERP, kind: perpetual, style: linear,"
                 " underlying: BTC, settlement: USDC, contract_size: 1, tick: 0.1, lot: 0.001, mark: 60000}]}",
       .recipe = "{recipe: mine, version: '1', scenarios: {moves: {kind: grid, spot: ['-0.15', '0.15']}},"
                 " components: {scan: {measure: worst, scenarios: moves}}, levels: {initial: scan, maintenance: scan}}",
       .book = "{account: a, balances: {USDC: '2000'},"
               " positions: [{instrument: BTC-PERP, size: '0.1', entry_price: '58000'}]}"});
  if (!margined) return std::fprintf(stderr, "%s\n", to_string(margined.error()).c_str()), 3;
  for (const margrave::AccountReport& account : margined->accounts)
    std::printf("%s: equity %s USD, initial margin %s USD\n", account.book.account.c_str(),
                to_string(account.report.equity).c_str(),
                to_string(account.report.initial(margined->recipe())).c_str());
}
