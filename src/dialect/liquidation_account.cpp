#include "dialect/liquidation_account.h"

#include <algorithm>

#include "dialect/derive_account.h"

namespace margrave {
namespace {

struct Amount {
  Cursor at;
  Bounds bounds;
};

/// The amounts of a portfolio in the order of their assets.
Result<std::vector<Amount>> amounts_in(const Cursor& portfolio) {
  const Cursor cash = TRY(portfolio.get("cash")), perp = TRY(portfolio.get("perp"));
  const Cursor coins = TRY(perp.get("amount"));
  std::vector<Amount> all{{cash, Bounds::money()}, {coins, Bounds::size()}};
  if (const auto base = portfolio.find("base_amount")) all.push_back({*base, Bounds::size()});
  for (const std::string_view key : {"options", "collaterals"}) {
    if (!portfolio.find(key)) continue;
    for (const Cursor& item : TRY(list_at(portfolio, key))) {
      const Cursor amount = TRY(item.get("amount"));
      all.push_back({amount, Bounds::size()});
    }
  }
  return all;
}

AssetId asset_at(std::size_t index) { return AssetId{static_cast<std::uint32_t>(index)}; }

Result<void> add_nearer(const Cursor& map, std::string_view key, const Cursor& when, std::int64_t seconds,
                        Changes& changes) {
  const Cursor at = TRY(map.get(key));
  const std::int64_t left = TRY(seconds_at(map, key)) - seconds;
  if (left < 1) return fail(when.error("an expiry of the account has passed then", "use a time before it"));
  changes[&at.node()] = std::to_string(left);
  return {};
}

}  // namespace

Result<Book> amounts_of(const Cursor& portfolio) {
  Book book{.account = "account", .balances = {}, .positions = {}};
  const std::vector<Amount> all = TRY(amounts_in(portfolio));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Decimal value = TRY(decimal_in(all[i].at, all[i].bounds));
    const i128 units = TRY(value.scaled(sold_decimals, Round::half_even));  // at most 10^33: no overflow
    if (units != 0) book.balances.push_back({asset_at(i), units});
  }
  return book;
}

Result<void> add_amounts(const Cursor& portfolio, const Book& amounts, Changes& changes) {
  const std::vector<Amount> all = TRY(amounts_in(portfolio));
  for (const Amount& amount : all) changes[&amount.at.node()] = Decimal{}.to_string();
  for (const Balance& balance : amounts.balances)
    changes[&all[balance.asset.index()].at.node()] = Decimal{balance.units, sold_decimals}.to_string();
  return {};
}

Result<void> add_time(const Cursor& market, const Cursor& portfolio, const Cursor& when, std::int64_t seconds,
                      Changes& changes) {
  for (const Cursor& expiry : TRY(list_at(market, "expiries")))
    TRY_VOID(add_nearer(expiry, "seconds", when, seconds, changes));
  for (const Cursor& option : TRY(list_at(portfolio, "options")))
    TRY_VOID(add_nearer(option, "expiry", when, seconds, changes));
  return {};
}

Node changed(const Node& node, const Changes& changes) {
  Node copy = node;
  const auto change = changes.find(&node);
  if (change != changes.end()) copy.text = change->second;
  for (std::size_t i = 0; i < node.items.size(); ++i) copy.items[i] = changed(node.items[i], changes);
  for (std::size_t i = 0; i < node.entries.size(); ++i) copy.entries[i].value = changed(node.entries[i].value, changes);
  return copy;
}

}  // namespace margrave
