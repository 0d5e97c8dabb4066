#pragma once

#include "formula/bounds.h"
#include "margin/fill.h"
#include "margin/group.h"
#include "margin/position_field.h"

namespace margrave {

/// One instrument of an account with open orders: a line that is held, if there is one, and the fills that net into it.
struct OpenLine {
  std::optional<std::size_t> held;  ///< of the account's lines
  std::vector<std::size_t> fills;   ///< of the account's fills
  std::int64_t low{0}, high{0};     ///< lots that it can come to
  Bounds pnl;                       ///< unrealised, in USD

  /// False where it may be closed, or never opened.
  bool is_certain() const { return held && (low > 0 || high < 0); }
};

/// One asset's balance and what may be added to it.
struct OpenBalance {
  Holding held{};
  std::vector<Holding> changes;
};

/// An account and all that it can come to by fills of its orders.
struct OpenAccount {
  Portfolio portfolio;  ///< what is held
  std::vector<Fill> fills;
  std::vector<Number> gains;  ///< by fill: what it adds to equity, below 0 for most
  std::vector<OpenLine> lines;
  std::vector<OpenBalance> balances;
  Bounds equity;
  /// A lot of each of `lines` and a unit of each of `balances`, in their order: what fields and groups are read of.
  Portfolio units;
};

/// Errors: as value_now(); lots that leave 64 bits.
Result<OpenAccount> open_account(const MarginInputs& inputs, const Portfolio& portfolio, std::vector<Fill> fills,
                                 Usd equity);

/// A field of an open line, or of an open balance for Grouping::asset, over all fills; of a line's lots only those on
/// `side`. Errors: those of read_field().
Result<Bounds> read_bounds(const MarginInputs& inputs, const OpenAccount& account, PositionField field,
                           Grouping grouping, Side side, std::size_t line);

/// The lots of a line that are on a side.
Bounds lots_on(const OpenLine& line, Side side);
/// A line that can have lots on the side, and one that has some whatever fills.
bool may_be_on(const OpenLine& line, Side side);
bool is_certain_on(const OpenLine& line, Side side);

/// total += the bounds of 0 and what may be added. False on overflow.
[[nodiscard]] bool add_open(Bounds& total, const Number& open);

}  // namespace margrave
