#include "margin/book.h"

#include "base/codec.h"

namespace margrave {

Digest digest_of(const Registry& registry, const Book& book) {
  Encoder to;
  to.put(std::string("margrave book 1"));
  to.put(book.account);
  to.put(static_cast<std::uint64_t>(book.balances.size()));
  for (const Balance& balance : book.balances) {
    to.put(registry[balance.asset].name);
    to.put(balance.units);
    if (balance.unsettled != 0) to.put("unsettled " + to_string(balance.unsettled));
    if (balance.borrowed != 0) to.put("borrowed " + to_string(balance.borrowed));
  }
  to.put(static_cast<std::uint64_t>(book.positions.size()));
  for (const Position& position : book.positions) {
    to.put(registry[position.instrument].name);
    to.put(position.lots.raw);
    to.put(position.entry_price ? position.entry_price->to_string() : std::string());
    if (position.accrued != 0) to.put("accrued " + to_string(position.accrued));
  }
  for (const std::string& name : book.excluded) to.put("excluded " + name);
  for (const Order& order : book.orders) {
    to.put("order " + registry[order.instrument].name + (order.reduce_only ? " reduce only" : ""));
    to.put(order.lots.raw);
    to.put(order.limit_price.to_string());
    to.put(order.fee.to_string());
  }
  if (!book.owner.empty()) to.put("owner " + book.owner);
  if (!book.linked.empty()) to.put("linked " + book.linked);
  return digest(Bytes(to.bytes()));
}

}  // namespace margrave
