#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "formula/number.h"
#include "margin/book.h"
#include "margin/group_key.h"
#include "margin/recipe.h"

namespace margrave {

/// One group of a measure or rate: an underlying, an expiry, a position.
struct GroupAmount {
  std::string name;
  Usd amount;
  std::vector<std::uint32_t> tail;  ///< columns of the array: the worst scenario, or the tail, worst first
  std::string quantity{};           ///< what an expression came to that is not in dollars: "0.95 1"
};

/// What an expression reads of one group: exact.
struct GroupValue {
  GroupKey key{};
  std::size_t first{0};  ///< a line (a balance, of Grouping::asset) of the group
  Number value;
};

/// What one component of the recipe came to. `by_line` has an entry per position of the book and a last one for the
/// balances; it sums to `amount` exactly.
struct ComponentAmount {
  Usd amount;
  std::vector<Usd> by_line;
  std::vector<GroupAmount> groups;   ///< measures and rates
  std::vector<GroupValue> values{};  ///< where an expression reads it: by group, in order of key
  std::vector<Number> parts{};       ///< as by_line, before rounding and in the component's own unit
  std::size_t chosen{0};             ///< of Max: the index into `of` that won, the first among equals
};

/// One position of the account.
struct LineAmount {
  Usd value;           ///< USD now of the contract itself, rounded to the nearest
  Usd unrealised_pnl;  ///< USD now; forward-like contracts
  bool entered_at_mark{false};
};

/// Something the requirement does not hold, so that it must not be read as the whole of it.
struct Omission {
  std::string subject;  ///< instrument or asset
  std::string reason;
  friend auto operator<=>(const Omission&, const Omission&) = default;
};

/// The initial margin with the orders that rest on the venue: see open_order_margin().
struct OrderMargin {
  Usd amount;                       ///< no fills of the orders can ask for more
  Usd at_least;                     ///< what the fills of `filled` do ask for
  bool exact{false};                ///< the two are the same, but for rounding
  std::vector<std::size_t> filled;  ///< of the book's orders, ascending; empty: no fill asks for more than none does
};

/// The margin of one account under one recipe, with everything needed to explain it. All amounts are exact multiples of
/// 1e-9 USD. Level names: initial and maintenance are components of the recipe.
struct MarginReport {
  std::string account;
  Usd equity;                               ///< rounded down
  std::optional<Usd> gross_notional;        ///< sum of |notional|, rounded up; see gross_notional()
  std::vector<ComponentAmount> components;  ///< by component of the recipe
  std::vector<LineAmount> lines;            ///< by position of the book; empty in brief reports
  std::vector<Usd> balance_values;          ///< by balance of the book; empty in brief reports
  Usd row_rounding;                         ///< how far the rounding of rows moves a scenario's value: sum |q| 2^(e-1)
  std::vector<Omission> omissions;          ///< ascending; not empty: the number is incomplete
  bool in_128_bits{false};                  ///< which path the sums took
  std::optional<OrderMargin> orders{};      ///< where the book has open orders

  /// By component of a level: what is added because accounts are linked; see raise_linked().
  std::map<std::size_t, Usd> linked{};

  /// What a level asks for: its component, and what is added for linked accounts.
  Usd requirement(std::size_t level) const {
    const auto added = linked.find(level);
    return components[level].amount + (added == linked.end() ? Usd{} : added->second);
  }
  Usd initial(const Recipe& recipe) const { return requirement(recipe.initial); }
  Usd maintenance(const Recipe& recipe) const { return requirement(recipe.maintenance); }
  bool complete() const { return omissions.empty(); }
};

}  // namespace margrave
