#include "margin/transfer.h"

#include <algorithm>

namespace margrave {
namespace {

tl::unexpected<Error> too_large(const Book& book, const std::string& what) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + book.account + ": " + what + " after the sale leaves its numbers",
               .remedy = "split the account"});
}

i128 units_of(const Book& book, AssetId asset) {
  const auto at = std::find_if(book.balances.begin(), book.balances.end(),
                               [&](const Balance& balance) { return balance.asset == asset; });
  return at == book.balances.end() ? 0 : at->units;
}

/// Adds to the balance of an asset, which keeps its place by asset and is not there when all of it is 0.
bool add_balance(Book& book, const Balance& part) {
  auto at = std::lower_bound(book.balances.begin(), book.balances.end(), part.asset,
                             [](const Balance& balance, AssetId other) { return balance.asset < other; });
  if (at == book.balances.end() || at->asset != part.asset) at = book.balances.insert(at, {part.asset, 0});
  if (!add(at->units, part.units, at->units) || !add(at->unsettled, part.unsettled, at->unsettled) ||
      !add(at->borrowed, part.borrowed, at->borrowed)) {
    return false;
  }
  if (at->units == 0 && at->unsettled == 0 && at->borrowed == 0) book.balances.erase(at);
  return true;
}

bool move_balance(SaleBooks& books, const Balance& part) {
  if (part.units == i128_min || part.unsettled == i128_min || part.borrowed == i128_min) return false;
  const Balance out{part.asset, -part.units, -part.unsettled, -part.borrowed};
  return add_balance(books.seller, out) && add_balance(books.buyer, part);
}

/// The share of what a balance is made of beside its units.
Balance share_of(const Balance& balance, const Number& share) {
  return {balance.asset, 0, split_units(balance.unsettled, share).given, split_units(balance.borrowed, share).given};
}

/// Lots that may be added up: what funding a position has accrued stays with it.
bool same_entry(const Position& a, const Position& b) {
  return a.instrument == b.instrument && a.entry_price == b.entry_price && a.accrued == 0 && b.accrued == 0;
}

/// Adds lots to the position in the same instrument at the same entry price; without one it is a new position.
bool add_position(Book& book, const Position& position) {
  if (position.lots.raw == 0) return true;
  const auto at = std::find_if(book.positions.begin(), book.positions.end(),
                               [&](const Position& other) { return same_entry(other, position); });
  if (at == book.positions.end()) {
    book.positions.push_back(position);
    return true;
  }
  const i128 lots = static_cast<i128>(at->lots.raw) + position.lots.raw;
  if (!fits_int64(lots)) return false;
  at->lots.raw = static_cast<std::int64_t>(lots);
  if (lots == 0) book.positions.erase(at);
  return true;
}

Result<void> sell_balances(const Book& seller, const Sale& sale, SaleBooks& books) {
  for (const Balance& balance : seller.balances) {
    if (balance.units == i128_min || balance.unsettled == i128_min || balance.borrowed == i128_min) {
      return too_large(seller, "a balance");
    }
    Balance part = share_of(balance, sale.share);
    if (balance.asset != sale.cash) part.units = split_units(balance.units, sale.share).given;
    if (!move_balance(books, part)) return too_large(seller, "a balance");
  }
  i128 shared = 0, moved = 0;
  if (sale.reserved == i128_min || !add(units_of(seller, sale.cash), -sale.reserved, shared) || shared == i128_min ||
      sale.payment == i128_min || !add(split_units(shared, sale.share).given, -sale.payment, moved) ||
      !move_balance(books, {sale.cash, moved})) {
    return too_large(seller, "cash");
  }
  return {};
}

Result<void> sell_positions(const Book& seller, const Sale& sale, SaleBooks& books) {
  books.seller.positions.clear();
  for (const Position& position : seller.positions) {
    if (position.accrued == i128_min) return too_large(seller, "accrued funding");
    const Split lots = split_units(position.lots.raw, sale.share);
    Split accrued = split_units(position.accrued, sale.share);
    if (lots.kept == 0) accrued = {position.accrued, 0};  // it stays with lots
    if (lots.given == 0) accrued = {0, position.accrued};
    Position part = position;
    part.lots.raw = static_cast<std::int64_t>(lots.kept);  // both parts are no larger than the whole
    part.accrued = accrued.kept;
    if (lots.kept != 0) books.seller.positions.push_back(part);
    part.lots.raw = static_cast<std::int64_t>(lots.given);
    part.accrued = accrued.given;
    if (!add_position(books.buyer, part)) return too_large(books.buyer, "a position");
  }
  return {};
}

}  // namespace

Split split_units(i128 units, const Number& share) {
  CHECK(share.sign() >= 0 && share <= Number(1));
  Number part;
  Split split;
  // 127 bits times a share of at most 10^36 units of its last decimal (120 bits): exact.
  CHECK(Number::multiply(Number::from_units(units, 0), share, part) && part.to_units(0, Round::up, split.given));
  split.kept = units - split.given;
  return split;
}

Result<SaleBooks> sell_share(const Book& seller, const Book& buyer, const Sale& sale) {
  if (sale.share.sign() < 0 || sale.share > Number(1)) {
    return fail({.message = "a share of " + sale.share.to_string() + " cannot be sold",
                 .field = "share",
                 .remedy = "use 0 to 1"});
  }
  if (!seller.excluded.empty()) {
    return fail({.message = "account " + seller.account + " has positions that were not understood",
                 .remedy = "complete the market, so that all of it can be shared"});
  }
  SaleBooks books{.seller = seller, .buyer = buyer};
  TRY_VOID(sell_balances(seller, sale, books));
  TRY_VOID(sell_positions(seller, sale, books));
  return books;
}

}  // namespace margrave
