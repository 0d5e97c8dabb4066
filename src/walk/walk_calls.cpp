#include "walk/walk_calls.h"

#include <cmath>

namespace margrave {
namespace {

/// What the book has lost since its opening, USD; nothing where a coin lacks a close at one of both instants.
std::optional<double> loss_since(const WalkPrices& prices, const HeldBook& held, std::int64_t from_ms,
                                 std::int64_t at_ms) {
  double loss = 0;
  for (const Exposure& exposure : held.exposures) {
    const auto ends = prices.over(exposure.coin, from_ms, at_ms);
    if (!ends) return std::nullopt;
    loss -= exposure.coins * (ends->end - ends->start);
  }
  return loss;
}

}  // namespace

Result<std::vector<HeldBook>> hold_books(const std::vector<WalkBook>& books, const Market& market, double notional) {
  std::vector<HeldBook> held;
  for (const WalkBook& book : books) {
    const auto sized = TRY(size_book(book, market, notional));
    if (!sized) continue;
    HeldBook one{{.name = book.name, .shares = {}, .positions = {}, .balances = {}}, sized->exposures};
    for (const Position& position : sized->book.positions)
      one.book.positions.push_back({market.registry[position.instrument].name, position.lots, position.entry_price});
    held.push_back(std::move(one));
  }
  return held;
}

HeldPath path_of(const BookWalk& walk, const WalkPrices& prices, const HeldBook& held, std::size_t book,
                 std::int64_t from_ms, std::int64_t to_ms) {
  HeldPath path;
  std::int64_t opened_ms = 0;
  double gross = 0;
  for (std::size_t u = 0; u < walk.update_ms.size(); ++u) {
    const std::int64_t at = walk.update_ms[u];
    const UpdateCell& cell = walk.update(u, book);
    if (at < from_ms || at > to_ms || cell.state != CellState::good) continue;
    if (path.at_ms.empty()) {
      opened_ms = at;
      gross = cell.gross;
    }
    const auto loss = loss_since(prices, held, opened_ms, at);
    if (!loss || !(gross > 0)) continue;
    path.at_ms.push_back(at);
    path.loss.push_back(*loss / gross);
    path.initial.push_back(cell.initial / gross);
    path.warning.push_back(cell.warning / gross);
    path.maintenance.push_back(cell.maintenance / gross);
    path.backstop.push_back(cell.backstop / gross);
  }
  return path;
}

HeldAccount follow(const HeldPath& path, double leverage) {
  HeldAccount account;
  account.leverage = leverage;
  if (path.at_ms.empty()) return account;
  const double opening = 1 / leverage;
  account.allowed = opening >= path.initial.front();
  if (!account.allowed) return account;
  for (std::size_t i = 0; i < path.at_ms.size(); ++i) {
    const double equity = opening - path.loss[i];
    const auto note = [&](std::optional<std::int64_t>& first, bool below) {
      if (below && !first) first = path.at_ms[i];
    };
    note(account.warned_ms, path.warning[i] > 0 && equity < path.warning[i]);
    if (!account.called_ms && equity < path.maintenance[i]) account.equity_at_call = equity;
    note(account.called_ms, equity < path.maintenance[i]);
    note(account.handed_over_ms, path.backstop[i] > 0 && equity < path.backstop[i]);
    note(account.broke_ms, equity < 0);
  }
  return account;
}

}  // namespace margrave
