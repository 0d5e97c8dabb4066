#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/account_vector.h"

// What the vectors of one venue's margin models share: their fields, the numbers that they expect, and each model's two
// halves, the account as the engine takes it and what is expected of its assessment.

namespace margrave {

constexpr double largest_move = 100;  ///< a price times more than that is no scenario
constexpr Bounds not_negative{{0, 0}, {10'000, 0}};

/// One number that a vector expects. `size` is what its error is a share of; whole: expected is truncated to dollars.
struct Quantity {
  std::string name;
  double expected{0}, computed{0};
  double size{1};
  bool whole{false};
};
using Quantities = std::vector<Quantity>;

/// A vector as the engine takes it.
struct Prepared {
  VectorAccount account;
  LoadedRecipe recipe;
  double gross{1};  ///< notional
};

/// Where a scenario of a vector stands in the recipe's sets, and by how much it counts.
struct ScenarioPlace {
  bool in_skew{false};
  std::size_t index{0};
  double weight{1};
};

struct PreparedPortfolio : Prepared {
  std::vector<ScenarioPlace> places;
};

/// What an account is measured by.
struct Size {
  double gross{1};  ///< notional: cash, coins of all positions at the spot, collateral; 1 at least
  double most{1};   ///< more than it can be worth in any scenario
};

Result<double> price_at(const Cursor& map, std::string_view key);
Result<double> share_at(const Cursor& map, std::string_view key);
Result<double> least_share(const Cursor& map, std::initializer_list<std::string_view> keys);
Result<double> magnitude_at(const Cursor& map, std::string_view key, const Bounds& bounds);
Result<std::int64_t> seconds_at(const Cursor& map, std::string_view key);

/// Adds the positions of one market.
Result<void> add_size(const Cursor& market, const Cursor& holder, Size& size);
/// The perpetual of a market, if any is held.
Result<void> add_perpetual(const Cursor& market, const Cursor& perp, UnderlyingId underlying, VectorAccount& account);
Result<void> add_options(const Cursor& holder, UnderlyingId underlying, VectorAccount& account);
Result<void> add_expiry(const Cursor& at, UnderlyingId underlying, const ExpiryState& state, VectorAccount& account);
/// The coin of a market, with a balance of it. Trusted as the spot is.
Result<AssetId> add_coin(const Cursor& market, const std::string& name, const Decimal& amount, double stable,
                         VectorAccount& account);

/// Adds a number if the vector expects it.
Result<void> expect(const Cursor& expected, std::string_view key, double computed, double size, Quantities& all);
/// equity - requirement, below zero too.
Number balance_of(const AssessedVector& assessed, std::string_view requirement);
/// What every model's vectors expect.
Result<void> add_levels(const Cursor& expected, const AssessedVector& assessed, double gross, Quantities& all);

/// The first or second portfolio margin.
Result<PreparedPortfolio> prepare_portfolio(const Cursor& vector, bool second);
Result<Quantities> portfolio_quantities(const Cursor& vector, const PreparedPortfolio& prepared,
                                        const AssessedVector& assessed, bool second);

Result<Prepared> prepare_standard(const Cursor& vector);
Result<Quantities> standard_quantities(const Cursor& vector, const Prepared& prepared, const AssessedVector& assessed);

}  // namespace margrave
