#include "margin/order_check.h"

#include "formula/number.h"
#include "margin/fill.h"
#include "margin/prepared_recipe.h"

namespace margrave {
namespace {

Standing standing_of(const Recipe& recipe, const MarginReport& report) {
  return {report.equity, report.initial(recipe), report.maintenance(recipe)};
}

/// a * b of amounts: 256 bits hold every product of two of 128.
Number product(Usd a, Usd b) {
  Number out;
  CHECK(Number::multiply(Number::from_units(a.raw, 0), Number::from_units(b.raw, 0), out));
  return out;
}

/// The instruments of the book and the order that the market could price.
std::vector<InstrumentId> instruments_in(const RowIndex& index, const Book& book, const Order& order) {
  std::vector<InstrumentId> all{order.instrument};
  for (const Position& position : book.positions) all.push_back(position.instrument);
  for (const Order& other : book.orders) all.push_back(other.instrument);
  std::erase_if(all, [&](InstrumentId id) { return !index.instrument[id.index()]; });
  return all;
}

/// The account after the fill of one order.
Result<Standing> standing_after(const MarginInputs& inputs, const Book& book, const Order& order) {
  Book alone = book;
  alone.orders = {order};
  const std::vector<Fill> fills = TRY(make_fills(inputs.registry, inputs.index, alone));
  Portfolio portfolio = TRY(make_portfolio(inputs.registry, inputs.index, inputs.array, book));
  const Portfolio filled = TRY(with_fills(std::move(portfolio), fills, std::vector<bool>(fills.size(), true)));
  return standing_of(inputs.recipe, TRY(assess_portfolio(inputs, filled)));
}

OrderReason reason_of(const OrderDecision& decision) {
  if (decision.before.equity >= decision.with_orders) return OrderReason::covered;
  const bool excess = decision.after.excess() < decision.before.excess();
  const bool health = is_health_worse(decision.before, decision.after);
  if (excess && health) return OrderReason::both_fall;
  if (excess) return OrderReason::excess_falls;
  return health ? OrderReason::health_falls : OrderReason::helps;
}

}  // namespace

std::string_view to_string(OrderReason reason) {
  switch (reason) {
    case OrderReason::covered:
      return "covered";
    case OrderReason::helps:
      return "does not make the account worse";
    case OrderReason::excess_falls:
      return "lowers equity less initial margin";
    case OrderReason::health_falls:
      return "lowers equity over maintenance";
    case OrderReason::both_fall:
      return "lowers equity less initial margin, and equity over maintenance";
  }
  return "";
}

bool is_health_worse(const Standing& before, const Standing& after) {
  if (after.equity.raw < 0) return before.equity.raw >= 0;
  if (before.equity.raw < 0 || after.maintenance.raw <= 0) return false;
  if (before.maintenance.raw <= 0) return true;
  return product(after.equity, before.maintenance) < product(before.equity, after.maintenance);
}

Result<OrderDecision> check_order(const MarginInputs& given, const Book& book, const Order& order) {
  if (order.lots.raw == 0 || order.limit_price.units <= 0)
    return fail({.message = "account " + book.account + ": an order has lots and a limit above 0"});
  MarginInputs inputs = given;
  std::optional<PreparedRecipe> own;
  if (inputs.prepared == nullptr) {
    inputs.prepared = &own.emplace(inputs, instruments_in(inputs.index, book, order));
  }
  Book with = book;
  with.orders.push_back(order);
  const MarginReport report = TRY(assess_brief(inputs, with));
  OrderDecision decision;
  decision.with_orders = report.orders->amount;
  decision.before = standing_of(inputs.recipe, report);
  decision.after = TRY(standing_after(inputs, book, order));
  decision.reason = reason_of(decision);
  decision.accepted = decision.reason <= OrderReason::helps;
  return decision;
}

}  // namespace margrave
