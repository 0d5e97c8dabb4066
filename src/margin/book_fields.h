#pragma once

#include <optional>
#include <string_view>

#include "margin/book_reader.h"

namespace margrave {

/// Checks of the values of books, whatever document they stand in: their errors have a remedy and no place.
Result<AssetId> find_asset(const Registry& registry, std::string_view name);
/// An amount in the asset's smallest unit.
Result<i128> read_units(const Registry& registry, AssetId asset, const Decimal& amount);
/// The listed instrument that a name stands for. Nothing: what is held in it is to be left out.
Result<std::optional<Alias>> resolve(const Registry& registry, const BookOptions& options, std::string_view name);
/// Contracts of an alias in whole lots of what is listed.
Result<Lots> read_size(const Instrument& instrument, const Decimal& size, const Decimal& contracts);
Result<Decimal> read_entry(const Registry& registry, const Position& position, const Decimal& entry);
/// Funding of a forward-like position that is not paid yet.
Result<i128> read_accrued(const Registry& registry, const Position& position, const Decimal& amount);
Result<Decimal> read_limit(const Registry& registry, const Order& order, const Decimal& limit);
Result<Decimal> read_fee(const Registry& registry, const Order& order, const Decimal& fee);

/// What one line of a book says of an asset. Borrowed amounts are given as what is owed, above 0.
struct BalancePart {
  enum class Of : std::uint8_t { balance, unsettled, borrowed } of{Of::balance};
  AssetId asset{};
  i128 units{0};
};
/// Adds it to the book's balances. Errors: a balance given twice, a debt below 0.
Result<void> add_part(const Registry& registry, Book& book, const BalancePart& part);

/// Balances ascending by asset.
void sort_balances(Book& book);

}  // namespace margrave
