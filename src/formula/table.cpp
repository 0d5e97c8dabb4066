#include "formula/table.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

using Rows = std::vector<Table::Row>;

/// The last row with x <= value, the first row below it.
const Table::Row& row_at(const Rows& rows, const Number& value) {
  const auto above = std::upper_bound(rows.begin(), rows.end(), value,
                                      [](const Number& v, const Table::Row& row) { return v < row.x; });
  return above == rows.begin() ? rows.front() : *(above - 1);
}

const Table::Row& next_row(const Rows& rows, const Number& value) {
  const auto at = std::lower_bound(rows.begin(), rows.end(), value,
                                   [](const Table::Row& row, const Number& v) { return row.x < v; });
  return at == rows.end() ? rows.back() : *at;
}

/// dy/dx between two rows.
bool gradient(const Table::Row& a, const Table::Row& b, Number& slope) {
  Number dx, dy;
  return Number::subtract(b.x, a.x, dx) && Number::subtract(b.y, a.y, dy) && Number::divide(dy, dx, slope);
}

/// y of `row` + slope * (value - its x).
bool extend(const Number& y, const Number& x, const Number& slope, const Number& value, Number& out) {
  Number dx;
  return Number::subtract(value, x, dx) && Number::multiply(slope, dx, out) && Number::add(y, out, out);
}

}  // namespace

std::string_view to_string(Table::Kind kind) {
  switch (kind) {
    case Table::Kind::step:
      return "step";
    case Table::Kind::next:
      return "next";
    case Table::Kind::linear:
      return "linear";
    case Table::Kind::marginal:
      break;
  }
  return "marginal";
}

Range Table::range() const {
  const auto around = [](const Row& row) {
    const double y = row.y.to_double(), slack = 1e-12 * std::fabs(y);
    return Range::between(y - slack, y + slack);
  };
  Range range = around(rows.front());
  for (const Row& row : rows) range = either(range, around(row));
  // A line from below 0 to above it passes through 0.
  return kind == Kind::linear ? Range::between(range.low, range.high) : range;
}

Result<void> complete(Table& table) {
  Rows& rows = table.rows;
  if (rows.empty()) return fail({.message = "the table has no rows", .remedy = "give it rows of [x, y]"});
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].x <= rows[i - 1].x) {
      return fail({.message = "row " + std::to_string(i + 1) + " does not come after the row before it",
                   .remedy = "sort the rows by their first number and give each once"});
    }
  }
  if (table.kind != Table::Kind::marginal) return {};
  if (!rows.front().x.is_zero()) {
    return fail({.message = "the first bracket does not begin at 0", .remedy = "begin with [0, rate]"});
  }
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!extend(rows[i - 1].before, rows[i - 1].x, rows[i - 1].y, rows[i].x, rows[i].before)) {
      return fail({.kind = ErrorKind::overflow, .message = "the table's sums are too large", .remedy = "scale it"});
    }
  }
  return {};
}

bool look_up(const Table& table, const Number& x, Number& y) {
  switch (table.kind) {
    case Table::Kind::step:
      y = row_at(table.rows, x).y;
      return true;
    case Table::Kind::next:
      y = next_row(table.rows, x).y;
      return true;
    case Table::Kind::linear: {
      const Table::Row& row = row_at(table.rows, x);
      if (x <= table.rows.front().x || x >= table.rows.back().x) return y = row.y, true;
      Number slope;
      if (!gradient(row, *(&row + 1), slope) || !extend(row.y, row.x, slope, x, y)) return false;
      // The slope is rounded; a wide step must not carry that beyond the next row.
      const auto [low, high] = std::minmax(row.y, (&row + 1)->y);
      y = std::clamp(y, low, high);
      return true;
    }
    case Table::Kind::marginal:
      break;
  }
  const Number size = x.abs();
  const Table::Row& row = row_at(table.rows, size);
  return extend(row.before, row.x, row.y, size, y);
}

bool slope_at(const Table& table, const Number& x, Number& slope) {
  slope = Number{};
  if (table.kind == Table::Kind::marginal) {
    slope = x.sign() < 0 ? -row_at(table.rows, x.abs()).y : row_at(table.rows, x).y;
    return true;
  }
  if (table.kind != Table::Kind::linear || x < table.rows.front().x || x >= table.rows.back().x) return true;
  const Table::Row& row = row_at(table.rows, x);
  return gradient(row, *(&row + 1), slope);
}

}  // namespace margrave
