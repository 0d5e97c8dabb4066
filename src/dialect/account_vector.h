#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/isa.h"
#include "document/cursor.h"
#include "formula/number.h"
#include "margin/assess.h"
#include "margin/scenario_charge.h"
#include "report/revalued.h"

namespace margrave {

/// Bounds of a number of a vector: beyond them it is a slip, and no arithmetic has to hold.
struct Bounds {
  Decimal low, high;

  static constexpr Bounds price() { return {{1, 15}, {power_of_ten(15), 0}}; }
  static constexpr Bounds share() { return {{0, 0}, {1, 0}}; }
  static constexpr Bounds size() { return {{-power_of_ten(12), 0}, {power_of_ten(12), 0}}; }
  static constexpr Bounds money() { return {{-power_of_ten(15), 0}, {power_of_ten(15), 0}}; }
  static constexpr Bounds factor() { return {{-10000, 0}, {10000, 0}}; }
};

/// A number as the file writes it, exact. Errors: it is no number, or outside the bounds.
Result<Decimal> decimal_in(const Cursor& at, const Bounds& bounds);
/// The same of a key's value. Errors: it is not there, too.
Result<Decimal> decimal_at(const Cursor& map, std::string_view key, const Bounds& bounds);
/// The items of a list. Errors: it is not there, or none.
Result<std::vector<Cursor>> list_at(const Cursor& map, std::string_view key);
/// The nearest double of a number without bounds.
Result<double> real_at(const Cursor& map, std::string_view key);
/// a + b; a - b. Bounded decimals have exact ones.
Number sum_of(const Decimal& a, const Decimal& b);
Number difference_of(const Decimal& a, const Decimal& b);

/// Writes trees that stand where something of a vector stands, so that what is wrong with them is said there.
class NodeMaker {
 public:
  explicit NodeMaker(const Cursor& place) : line_(place.node().line), column_(place.node().column) {}

  using Keyed = std::vector<std::pair<std::string, Node>>;
  Node text(std::string text) const;
  Node number(const Number& number) const { return text(number.to_string()); }
  Node list(std::vector<Node> items) const;
  Node map(const Keyed& entries) const;

 private:
  Node empty(NodeKind kind) const;

  std::uint32_t line_, column_;
};

/// The recipe `preset` with the keys of `changes` laid over it.
Result<LoadedRecipe> recipe_of_vector(const Cursor& vector, const std::string& preset, NodeMaker::Keyed changes);

/// A market with one account in it, from a vector: a dollar token worth 1, in which everything is quoted and settled;
/// every position is one lot of an instrument of its own, whose contract has its size, so that no size is rounded.
class VectorAccount {
 public:
  /// The account's dollars, and more than it can be worth in any scenario: assets have as many decimals, 18 at most, as
  /// leave that within the 126 bits of a sum in the unit of a wide row.
  VectorAccount(const Number& cash, double most);

  Result<AssetId> add_asset(const std::string& name, const Decimal& amount, double usd, double confidence,
                            std::optional<AssetId> follows);
  Result<UnderlyingId> add_underlying(const std::string& name, AssetId coin, double index, double confidence);
  Result<void> add_perpetual(UnderlyingId underlying, const Decimal& size, double mark, double confidence);
  /// Errors: the underlying has one of that time already.
  Result<void> add_expiry(UnderlyingId underlying, std::int64_t seconds, ExpiryState state);
  /// Errors: the underlying has no expiry of that time.
  Result<void> add_option(UnderlyingId underlying, std::int64_t seconds, const Decimal& strike, bool is_call,
                          const Decimal& size, double vol);
  void set_peg(double peg) { market_.state.peg = peg; }

  const Market& market() const { return market_; }
  const Book& book() const { return book_; }
  Timestamp expiry_in(std::int64_t seconds) const;

 private:
  Result<void> add_position(Instrument instrument, const Decimal& size, InstrumentState state);

  double most_;
  Market market_;
  Book book_;
  AssetId dollar_{};
};

/// The account assessed by the engine, and everything that it read.
struct AssessedVector {
  Revalued revalued;
  Portfolio portfolio;
  MarginReport report;
  Registry registry;
  Isa isa;

  MarginInputs inputs() const {
    return {registry, revalued.revaluation.array, revalued.index, revalued.loaded.recipe, isa};
  }
  std::size_t component(std::string_view name) const;
  /// A component's amount before rounding: the sum of its groups.
  Number amount(std::string_view name) const;
  /// Profits of the first group of a measure, by scenario of its set, weights not applied.
  Result<std::vector<Usd>> profits(std::string_view measure) const;
};
Result<AssessedVector> assess_vector(const LoadedRecipe& recipe, const VectorAccount& account, RowWidth width, Isa isa);

}  // namespace margrave
