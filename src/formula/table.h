#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formula/number.h"
#include "formula/range.h"

namespace margrave {

/// A function given by its points, ascending in x.
struct Table {
  enum class Kind : std::uint8_t {
    step,      ///< y of the last row with x <= value; before the first row, that of the first
    next,      ///< y of the first row with x >= value; beyond the last row, that of the last
    linear,    ///< straight lines between the rows, level outside
    marginal,  ///< rows are [from, rate]: the sum over brackets of rate times the part of |value| that lies in it
  } kind{Kind::step};
  struct Row {
    Number x, y;
    Number before{};  ///< marginal: the sum up to x
  };
  std::vector<Row> rows;

  /// Bounds of the values, without the marginal kind's times x.
  Range range() const;
};
std::string_view to_string(Table::Kind kind);

/// Checks that x ascends (marginal: from 0) and computes what the rows before add up to. Errors without a place.
Result<void> complete(Table& table);

/// The table's value at x, and its slope there. False on overflow.
[[nodiscard]] bool look_up(const Table& table, const Number& x, Number& y);
[[nodiscard]] bool slope_at(const Table& table, const Number& x, Number& slope);

}  // namespace margrave
