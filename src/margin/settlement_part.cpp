#include "margin/settlement_part.h"

#include <algorithm>

namespace margrave {

std::vector<AssetId> settlement_assets(const Registry& registry, const std::vector<Book>& books) {
  std::vector<AssetId> assets;
  for (const Book& book : books) {
    for (const Balance& balance : book.balances) assets.push_back(balance.asset);
    for (const Position& position : book.positions) assets.push_back(registry[position.instrument].settlement);
    for (const Order& order : book.orders) assets.push_back(registry[order.instrument].settlement);
  }
  std::sort(assets.begin(), assets.end());
  assets.erase(std::unique(assets.begin(), assets.end()), assets.end());
  return assets;
}

Book settlement_part(const Registry& registry, const Book& book, AssetId asset) {
  Book part = book;
  std::erase_if(part.balances, [&](const Balance& balance) { return balance.asset != asset; });
  std::erase_if(part.positions, [&](const Position& of) { return registry[of.instrument].settlement != asset; });
  std::erase_if(part.orders, [&](const Order& of) { return registry[of.instrument].settlement != asset; });
  return part;
}

std::vector<Book> settlement_parts(const Registry& registry, const std::vector<Book>& books, AssetId asset) {
  std::vector<Book> parts;
  for (const Book& book : books) {
    Book part = settlement_part(registry, book, asset);
    if (!part.balances.empty() || !part.positions.empty() || !part.orders.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace margrave
