#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "formula/expression.h"
#include "margin/assess.h"

namespace margrave {

/// Numbers of a position, a balance, its market or the account that an expression may name. Closed.
enum class PositionField : std::uint8_t {
  size,
  value,
  notional,
  pnl,
  delta,
  gamma,
  vega,
  is_call,
  strike,
  mark,
  vol,
  open_interest,
  confidence,
  funding_rate,
  forward,
  seconds,
  years,
  rate,
  index,
  index_confidence,
  peg,
  settlement_price,
  equity,
};

/// What is fixed about a field: its unit, the range that it is promised to lie in, and the coarsest grouping within
/// which all members share it.
struct FieldListing {
  PositionField field;
  std::string_view name;
  Unit unit;
  Range range;
  Grouping shared;
  bool of_balances;  ///< a balance has it too
  bool extensive;    ///< proportional to the size of the position
  std::string_view says;
};
std::span<const FieldListing> position_fields();

/// The field of a line, or of a balance for Grouping::asset; peg and equity need neither.
/// Errors: what the market does not know, with the name of the instrument and the field.
Result<Number> read_field(const MarginInputs& inputs, const Portfolio& portfolio, Usd equity, PositionField field,
                          Grouping grouping, std::size_t line);

}  // namespace margrave
