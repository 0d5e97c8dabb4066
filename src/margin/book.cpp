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
  }
  to.put(static_cast<std::uint64_t>(book.positions.size()));
  for (const Position& position : book.positions) {
    to.put(registry[position.instrument].name);
    to.put(position.lots.raw);
    to.put(position.entry_price ? position.entry_price->to_string() : std::string());
  }
  for (const std::string& name : book.excluded) to.put("excluded " + name);
  return digest(Bytes(to.bytes()));
}

}  // namespace margrave
