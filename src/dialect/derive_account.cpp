#include "dialect/derive_account.h"

#include <algorithm>
#include <cmath>

namespace margrave {

Result<double> price_at(const Cursor& map, std::string_view key) {
  return TRY(decimal_at(map, key, Bounds::price())).to_double();
}
Result<double> share_at(const Cursor& map, std::string_view key) {
  return TRY(decimal_at(map, key, Bounds::share())).to_double();
}

Result<double> least_share(const Cursor& map, std::initializer_list<std::string_view> keys) {
  double least = 1;
  for (const std::string_view key : keys) least = std::min(least, TRY(share_at(map, key)));
  return least;
}

Result<std::int64_t> seconds_at(const Cursor& map, std::string_view key) {
  const Cursor at = TRY(map.get(key));
  return at.integer(1, 36'500 * seconds_per_day);
}

Result<void> add_perpetual(const Cursor& market, const Cursor& perp, UnderlyingId underlying, VectorAccount& account) {
  const Decimal size = TRY(decimal_at(perp, "amount", Bounds::size()));
  if (size.is_zero()) return {};
  const double confidence = TRY(share_at(market, "perp_confidence"));
  const auto added = account.add_perpetual(underlying, size, TRY(price_at(market, "perp_price")), confidence);
  if (!added) return fail(perp.located(added.error()));
  return {};
}

Result<void> add_options(const Cursor& holder, UnderlyingId underlying, VectorAccount& account) {
  for (const Cursor& option : TRY(list_at(holder, "options"))) {
    const std::int64_t seconds = TRY(seconds_at(option, "expiry"));
    const Decimal strike = TRY(decimal_at(option, "strike", Bounds::price()));
    const Decimal size = TRY(decimal_at(option, "amount", Bounds::size()));
    const Decimal vol = TRY(decimal_at(option, "vol", {{0, 0}, {10'000, 0}}));
    const Cursor is_call = TRY(option.get("is_call"));
    const auto added = account.add_option(underlying, seconds, strike, TRY(is_call.boolean()), size, vol.to_double());
    if (!added) return fail(option.located(added.error()));
  }
  return {};
}

Result<double> magnitude_at(const Cursor& map, std::string_view key, const Bounds& bounds) {
  return std::fabs(TRY(decimal_at(map, key, bounds)).to_double());
}

Result<void> add_size(const Cursor& market, const Cursor& holder, Size& size) {
  const double spot = TRY(price_at(market, "spot"));
  const Cursor perp = TRY(holder.get("perp"));
  double coins = TRY(magnitude_at(perp, "amount", Bounds::size()));
  size.most += largest_move * coins * TRY(magnitude_at(market, "perp_price", Bounds::money()));
  if (holder.find("base_amount")) coins += TRY(magnitude_at(holder, "base_amount", Bounds::size()));
  for (const Cursor& option : TRY(list_at(holder, "options"))) {
    const double amount = TRY(magnitude_at(option, "amount", Bounds::size()));
    coins += amount;
    size.most += amount * TRY(magnitude_at(option, "strike", Bounds::price()));
  }
  size.gross += coins * spot;
  return {};
}

Result<void> add_expiry(const Cursor& at, UnderlyingId underlying, const ExpiryState& state, VectorAccount& account) {
  const auto added = account.add_expiry(underlying, TRY(seconds_at(at, "seconds")), state);
  if (!added) return fail(at.located(added.error()));
  return {};
}

Result<AssetId> add_coin(const Cursor& market, const std::string& name, const Decimal& amount, double stable,
                         VectorAccount& account) {
  const double spot = TRY(price_at(market, "spot"));
  const double trust = TRY(share_at(market, "spot_confidence"));
  const auto coin = account.add_asset(name, amount, spot / stable, trust, std::nullopt);
  if (!coin) return fail(market.located(coin.error()));
  return *coin;
}

Result<void> expect(const Cursor& expected, std::string_view key, double computed, double size, Quantities& all) {
  if (!expected.find(key)) return {};
  const double wanted = TRY(real_at(expected, key));
  all.push_back({std::string(key), wanted, computed, size});
  return {};
}

Number balance_of(const AssessedVector& assessed, std::string_view requirement) {
  Number balance;
  CHECK(Number::subtract(Number::from_units(assessed.report.equity.raw, Usd::decimals), assessed.amount(requirement),
                         balance));
  return balance;
}

Result<void> add_levels(const Cursor& expected, const AssessedVector& assessed, double gross, Quantities& all) {
  const Number equity = Number::from_units(assessed.report.equity.raw, Usd::decimals);
  TRY_VOID(expect(expected, "mark_to_market", equity.to_double(), gross, all));
  const std::size_t before = all.size();
  for (const std::string level : {"initial", "maintenance"}) {
    const double balance = balance_of(assessed, level + "_requirement").to_double();
    TRY_VOID(expect(expected, level + "_margin_balance", balance, gross, all));
    TRY_VOID(expect(expected, level + "_margin_requirement", assessed.amount(level + "_requirement").to_double(), gross,
                    all));
    if (!expected.find(level + "_margin_balance_trunc")) continue;
    TRY_VOID(expect(expected, level + "_margin_balance_trunc", balance, gross, all));
    all.back().whole = true;
  }
  if (all.size() == before) return fail(expected.error("no balance is expected", "give initial_margin_balance"));
  return {};
}

}  // namespace margrave
