#include "margin/fill.h"

#include <algorithm>
#include <map>

#include "base/mul_div.h"
#include "product/cost_leg.h"

namespace margrave {
namespace {

constexpr i128 largest_quantity = i128{1} << 95;

tl::unexpected<Error> overflow(const std::string& account, const std::string& what) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account + ": " + what + " leaves 128 bits",
               .remedy = "correct the sizes of its orders"});
}

/// Lots that are held and lots that orders without reduce-only buy and sell, of one instrument.
struct Reach {
  i128 held{0}, bought{0}, sold{0};
};

/// How many lots each order can fill.
std::vector<std::int64_t> fillable(const Book& book) {
  std::map<InstrumentId, Reach> reach;
  for (const Position& position : book.positions) reach[position.instrument].held += position.lots.raw;
  for (const Order& order : book.orders) {
    if (order.reduce_only) continue;
    Reach& of = reach[order.instrument];
    (order.lots.raw > 0 ? of.bought : of.sold) += abs128(order.lots.raw);
  }
  std::vector<std::size_t> closing;
  std::vector<std::int64_t> lots;
  for (std::size_t i = 0; i < book.orders.size(); ++i) {
    lots.push_back(book.orders[i].reduce_only ? 0 : book.orders[i].lots.raw);
    if (book.orders[i].reduce_only) closing.push_back(i);
  }
  // The lowest price to sell at and the highest to buy at first.
  std::stable_sort(closing.begin(), closing.end(), [&](std::size_t a, std::size_t b) {
    const Order &x = book.orders[a], &y = book.orders[b];
    if ((x.lots.raw < 0) != (y.lots.raw < 0)) return x.lots.raw < 0;
    return x.lots.raw < 0 ? x.limit_price < y.limit_price : x.limit_price > y.limit_price;
  });
  std::map<std::pair<InstrumentId, bool>, i128> left;
  for (const std::size_t i : closing) {
    const Order& order = book.orders[i];
    const bool sells = order.lots.raw < 0;
    const Reach& of = reach[order.instrument];
    const i128 most = std::max(i128{0}, sells ? of.held + of.bought : of.sold - of.held);
    i128& open = left.emplace(std::pair{order.instrument, sells}, most).first->second;
    const i128 taken = std::min(open, abs128(order.lots.raw));
    open -= taken;
    lots[i] = static_cast<std::int64_t>(sells ? -taken : taken);
  }
  return lots;
}

/// The part of a whole order's holding that some of its lots have, rounded down: against the account.
i128 part_of(i128 whole, std::int64_t lots, std::int64_t all) {
  i128 part = 0;
  CHECK(mul_div(whole, lots < 0 ? -i128{lots} : i128{lots}, all < 0 ? -i128{all} : i128{all}, Round::down, part));
  return part;
}

Result<Fill> make_fill(const Registry& registry, const RowIndex& index, const Book& book, std::size_t number,
                       std::int64_t lots) {
  const Order& order = book.orders[number];
  const Instrument& instrument = registry[order.instrument];
  const auto row = index.instrument[order.instrument.index()];
  const auto asset = index.asset[instrument.settlement.index()];
  if (!row || !asset) {
    return fail({.message = "account " + book.account + ": the market cannot price " +
                            (row ? registry[instrument.settlement].name : instrument.name),
                 .remedy = "see the market's findings for what is missing"});
  }
  Fill fill{.order = number,
            .line = {.instrument = order.instrument, .lots = Lots{lots}, .position = {*row, lots}},
            .reduce_only = order.reduce_only};
  const i128 cost = TRY(cost_leg(registry, order.instrument, Lots{lots}, order.limit_price));
  const i128 fee = -TRY(order.fee.scaled(registry[instrument.settlement].decimals, Round::up));
  if (abs128(cost) >= largest_quantity || abs128(fee) >= largest_quantity) {
    return overflow(book.account, "the cost of an order in " + instrument.name);
  }
  if (instrument.is_forward()) fill.line.leg = Holding{*asset, cost};
  const i128 premium = instrument.is_forward() ? 0 : cost;
  const i128 paid = premium + part_of(fee, lots, order.lots.raw);
  if (paid != 0) fill.paid.push_back({*asset, paid});
  return fill;
}

void pay(std::vector<Holding>& balances, const Holding& holding) {
  for (Holding& balance : balances) {
    if (balance.row == holding.row) {
      balance.quantity += holding.quantity;
      return;
    }
  }
  balances.push_back(holding);
}

/// Some of a fill's lots; all where they are as many.
Fill part_of(Fill fill, std::int64_t lots) {
  const std::int64_t all = fill.line.lots.raw;
  if (lots == all) return fill;
  fill.line.lots = Lots{lots};
  fill.line.position.quantity = lots;
  if (fill.line.leg) fill.line.leg->quantity = part_of(fill.line.leg->quantity, lots, all);
  for (Holding& holding : fill.paid) holding.quantity = part_of(holding.quantity, lots, all);
  return fill;
}

Result<void> apply(Portfolio& portfolio, const Fill& fill) {
  for (const Holding& holding : fill.paid) pay(portfolio.balances, holding);
  const auto at = std::find_if(portfolio.lines.begin(), portfolio.lines.end(),
                               [&](const Line& line) { return line.instrument == fill.line.instrument; });
  if (at == portfolio.lines.end()) return portfolio.lines.push_back(fill.line), Result<void>{};
  if (__builtin_add_overflow(at->lots.raw, fill.line.lots.raw, &at->lots.raw)) {
    return overflow(portfolio.account, "a position after a fill");
  }
  at->position.quantity = at->lots.raw;
  if (at->leg) at->leg->quantity += fill.line.leg->quantity;
  if (at->lots.raw != 0) return {};
  if (at->leg) pay(portfolio.balances, *at->leg);
  portfolio.lines.erase(at);
  return {};
}

/// How many of a reduce-only order's lots close something.
std::int64_t closing_lots(const Portfolio& portfolio, const Line& order) {
  i128 held = 0;
  for (const Line& line : portfolio.lines) held += line.instrument == order.instrument ? line.lots.raw : 0;
  const i128 wanted = order.lots.raw;
  if (wanted < 0) return static_cast<std::int64_t>(-std::min(-wanted, std::max(i128{0}, held)));
  return static_cast<std::int64_t>(std::min(wanted, std::max(i128{0}, -held)));
}

}  // namespace

Result<std::vector<Fill>> make_fills(const Registry& registry, const RowIndex& index, const Book& book) {
  const std::vector<std::int64_t> lots = fillable(book);
  std::vector<Fill> fills;
  for (std::size_t i = 0; i < lots.size(); ++i) {
    if (lots[i] != 0) fills.push_back(TRY(make_fill(registry, index, book, i, lots[i])));
  }
  // Reduce-only orders last, the worst limit for the account first: in this order they would fill.
  std::stable_sort(fills.begin(), fills.end(), [&](const Fill& a, const Fill& b) {
    if (a.reduce_only != b.reduce_only) return b.reduce_only;
    if (!a.reduce_only) return false;
    const Decimal &x = book.orders[a.order].limit_price, &y = book.orders[b.order].limit_price;
    if ((a.line.lots.raw < 0) != (b.line.lots.raw < 0)) return a.line.lots.raw < 0;
    return a.line.lots.raw < 0 ? x < y : x > y;
  });
  return fills;
}

std::vector<Holding> holdings_of(const Fill& fill) {
  std::vector<Holding> holdings{fill.line.position};
  if (fill.line.leg) holdings.push_back(*fill.line.leg);
  holdings.insert(holdings.end(), fill.paid.begin(), fill.paid.end());
  return holdings;
}

Result<Portfolio> with_fills(Portfolio portfolio, const std::vector<Fill>& fills, const std::vector<bool>& chosen) {
  for (std::size_t i = 0; i < fills.size(); ++i) {
    if (!chosen[i]) continue;
    const std::int64_t lots = fills[i].reduce_only ? closing_lots(portfolio, fills[i].line) : fills[i].line.lots.raw;
    if (lots != 0) TRY_VOID(apply(portfolio, part_of(fills[i], lots)));
  }
  return portfolio;
}

}  // namespace margrave
