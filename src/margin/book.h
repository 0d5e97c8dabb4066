#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "product/registry.h"

namespace margrave {

struct Balance {
  AssetId asset{};
  i128 units{0};      ///< of 10^-decimals of the asset, all told; negative is a debt
  i128 unsettled{0};  ///< of these, profits that are agreed and not yet paid
  i128 borrowed{0};   ///< what `units` is lower by for what the account has borrowed, interest included; >= 0
};

struct Position {
  InstrumentId instrument{};
  Lots lots{};                         ///< long > 0, short < 0; never 0
  std::optional<Decimal> entry_price;  ///< forward-like contracts; absent: entered at the present mark
  i128 accrued{0};  ///< funding not yet paid, in the settlement asset's smallest unit; owed by the account < 0
};

/// What an account may come to hold: an order that rests on the venue.
struct Order {
  InstrumentId instrument{};
  Lots lots{};              ///< not yet filled; to buy > 0, to sell < 0; never 0
  Decimal limit_price;      ///< > 0; in the instrument's price unit
  Decimal fee{};            ///< for all its lots, in the settlement asset; a rebate is negative
  bool reduce_only{false};  ///< it fills as far as it closes a position
};

/// What one account holds: balances ascending by asset, positions and orders in the order they were given.
struct Book {
  std::string account;
  std::vector<Balance> balances;
  std::vector<Position> positions;
  std::vector<std::string> excluded{};  ///< instruments of positions that were not understood: the number is incomplete
  std::vector<Order> orders{};
  std::string owner{};   ///< the account that this is a part of: a sub-account, or an isolated position; empty: none
  std::string linked{};  ///< accounts of one name here are one risk: see linked_requirements()
};

Digest digest_of(const Registry& registry, const Book& book);

}  // namespace margrave
