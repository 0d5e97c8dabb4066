#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "product/registry.h"

namespace margrave {

struct Balance {
  AssetId asset{};
  i128 units{0};  ///< of 10^-decimals of the asset; negative is a debt
};

struct Position {
  InstrumentId instrument{};
  Lots lots{};                         ///< long > 0, short < 0; never 0
  std::optional<Decimal> entry_price;  ///< forward-like contracts; absent: entered at the present mark
};

/// What one account holds: balances ascending by asset, positions in the order they were given.
struct Book {
  std::string account;
  std::vector<Balance> balances;
  std::vector<Position> positions;
  std::vector<std::string> excluded{};  ///< instruments of positions that were not understood: the number is incomplete
};

Digest digest_of(const Registry& registry, const Book& book);

}  // namespace margrave
