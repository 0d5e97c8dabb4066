#include "margin/book_fields.h"

#include <algorithm>

#include "base/limits.h"
#include "product/cost_leg.h"

namespace margrave {
namespace {

constexpr i128 largest_units = i128{1} << 95;  ///< of an asset, in a balance or a cost leg

std::string names_of(const std::vector<Asset>& assets) {
  std::string names;
  for (const Asset& asset : assets) {
    if (names.size() > 200) return names + ", ...";
    names += (names.empty() ? "" : ", ") + asset.name;
  }
  return names;
}

/// What is wrong with a field, before its place is known.
tl::unexpected<Error> wrong(std::string message, std::string remedy) {
  return fail({.message = std::move(message), .remedy = std::move(remedy)});
}

Result<InstrumentId> find_instrument(const Registry& registry, std::string_view name) {
  if (const auto id = registry.instrument(name)) return *id;
  const std::string nearest = registry.nearest_instrument(name);
  return wrong("instrument '" + std::string(name.substr(0, 80)) + "' is not in the market",
               nearest.empty() ? "list it in the market, or take it out of the book if it has expired"
                               : "did you mean " + nearest + "?");
}

/// size * contracts, exact.
Result<Decimal> convert_size(const Decimal& size, const Decimal& contracts) {
  i128 units = 0;
  const int decimals = size.decimals + contracts.decimals;
  if (!multiply(size.units, contracts.units, units) || decimals > 36) {
    return wrong("size " + size.to_string() + " is out of range", "check it, or split the position");
  }
  return Decimal{units, decimals};
}

/// Refuses what would cost more than an account can hold.
Result<void> check_cost(const Registry& registry, InstrumentId instrument, Lots lots, const Decimal& price,
                        const char* name) {
  const auto cost = cost_leg(registry, instrument, lots, price);
  if (cost && abs128(*cost) < largest_units) return {};
  return fail({.kind = ErrorKind::overflow,
               .message = std::string("size times ") + name + " is out of range",
               .remedy = "check both, or split the position"});
}

/// The balance of an asset, made if there is none.
Balance& balance_of(Book& book, AssetId asset) {
  for (Balance& balance : book.balances) {
    if (balance.asset == asset) return balance;
  }
  return book.balances.emplace_back(Balance{asset, 0});
}

}  // namespace

Result<AssetId> find_asset(const Registry& registry, std::string_view name) {
  if (const auto id = registry.asset(name)) return *id;
  return wrong("asset '" + std::string(name.substr(0, 40)) + "' is not in the market",
               "the market has: " + names_of(registry.assets()));
}

Result<i128> read_units(const Registry& registry, AssetId asset, const Decimal& amount) {
  const i128 units = TRY(amount.scaled(registry[asset].decimals));
  if (abs128(units) >= largest_units) {
    return wrong("balance " + amount.to_string() + " is out of range", "list the asset with fewer decimals");
  }
  return units;
}

Result<std::optional<Alias>> resolve(const Registry& registry, const BookOptions& options, std::string_view name) {
  if (const auto id = registry.instrument(name)) return Alias{*id, Decimal{1, 0}};
  if (options.alias) {
    if (const auto alias = options.alias(name)) return alias;
  }
  if (options.exclude_unknown) return std::nullopt;
  return Alias{TRY(find_instrument(registry, name)), Decimal{1, 0}};  // its error says which name is near
}

Result<Lots> read_size(const Instrument& instrument, const Decimal& size, const Decimal& contracts) {
  const Decimal listed = TRY(convert_size(size, contracts));
  const Lots lots = TRY(to_lots(instrument, listed));
  if (lots.raw == 0) return wrong("size is zero", "leave the position out");
  return lots;
}

Result<Decimal> read_entry(const Registry& registry, const Position& position, const Decimal& entry) {
  const Instrument& instrument = registry[position.instrument];
  if (entry.units <= 0) return wrong("entry_price " + entry.to_string() + " is not positive", "give the price paid");
  if (!instrument.is_forward()) {
    return wrong("an option has no entry_price", "its premium is already in the balance; leave entry_price out");
  }
  TRY_VOID(check_cost(registry, position.instrument, position.lots, entry, "entry_price"));
  return entry;
}

Result<i128> read_accrued(const Registry& registry, const Position& position, const Decimal& amount) {
  const Instrument& instrument = registry[position.instrument];
  if (!instrument.is_forward()) return wrong("an option has no accrued_funding", "leave it out");
  return read_units(registry, instrument.settlement, amount);
}

Result<Decimal> read_limit(const Registry& registry, const Order& order, const Decimal& limit) {
  if (limit.units <= 0) return wrong("limit_price " + limit.to_string() + " is not positive", "give the order's limit");
  TRY_VOID(check_cost(registry, order.instrument, order.lots, limit, "limit_price"));
  return limit;
}

Result<Decimal> read_fee(const Registry& registry, const Order& order, const Decimal& fee) {
  const AssetId asset = registry[order.instrument].settlement;
  const auto units = fee.scaled(registry[asset].decimals, Round::up);
  if (units && abs128(*units) < largest_units) return fee;
  return wrong("fee " + fee.to_string() + " is out of range", "give it in " + registry[asset].name);
}

Result<void> add_part(const Registry& registry, Book& book, const BalancePart& part) {
  using Of = BalancePart::Of;
  Balance& balance = balance_of(book, part.asset);
  const std::string& name = registry[part.asset].name;
  if (part.of == Of::borrowed && part.units < 0) {
    return wrong("borrowed " + name + " is below 0", "give what is owed as a positive amount");
  }
  if (part.of == Of::unsettled) balance.unsettled = part.units;
  if (part.of == Of::borrowed) balance.borrowed = part.units;
  balance.units += part.of == Of::borrowed ? -part.units : part.units;
  if (abs128(balance.units) < largest_units) return {};
  return wrong("balance of " + name + " is out of range", "list the asset with fewer decimals");
}

void sort_balances(Book& book) {
  std::sort(book.balances.begin(), book.balances.end(),
            [](const Balance& a, const Balance& b) { return a.asset < b.asset; });
}

}  // namespace margrave
