#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace margrave {

/// Reads the rows of a CSV text one after another (RFC 4180; the delimiter is the comma, semicolon or tab that the
/// first line has most of). The first line names the columns. Empty lines are passed over. Nothing is copied but cells
/// with doubled quotes. The text has passed check_text() and must outlive the reader.
///
///   CsvReader rows = TRY(CsvReader::open(text, "book.csv"));
///   const std::size_t size = TRY(rows.column("size"));
///   while (TRY(rows.next())) { const Decimal lots = TRY(rows.decimal(size)); ... }
class CsvReader {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// Errors: no header, an empty or a repeated column name (one nameless column is allowed: tools write their row
  /// numbers so).
  static Result<CsvReader> open(std::string_view text, std::string file);

  /// The position of a column; an error if it is not there.
  Result<std::size_t> column(std::string_view name) const;
  /// The position of a column, or none.
  std::size_t find(std::string_view name) const;
  const std::vector<std::string>& columns() const { return names_; }

  /// Goes to the next row; false at the end. Errors: a row with another number of cells than the header, a quote that
  /// is not closed, text after a closing quote.
  Result<bool> next();

  /// The line the row begins on, from 1.
  std::int64_t line() const { return row_line_; }
  std::size_t width() const { return names_.size(); }
  /// A cell of this row; valid until next().
  std::string_view cell(std::size_t column) const;
  bool is_empty(std::size_t column) const { return cell(column).empty(); }

  Result<std::string_view> text(std::size_t column) const;  ///< not empty
  Result<Decimal> decimal(std::size_t column) const;
  Result<double> real(std::size_t column) const;
  Result<std::int64_t> integer(std::size_t column, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                               std::int64_t high = std::numeric_limits<std::int64_t>::max()) const;
  Result<Timestamp> timestamp(std::size_t column) const;

  /// An error in a cell of this row: the column's name is its field.
  Error error(std::size_t column, std::string message, std::string remedy) const;
  /// `found` with the cell's place filled in: for errors of parsers that know no place.
  Error located(std::size_t column, Error found) const;
  /// An error of the whole row.
  Error row_error(std::string message, std::string remedy) const;

 private:
  CsvReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}
  bool skip_empty_lines();
  Result<void> read_row();
  Result<void> read_cell();
  Result<void> read_quoted_cell();
  void end_line();

  struct Cell {
    std::string_view text{};
    std::size_t unescaped{none};  ///< index into unescaped_ of a cell with doubled quotes
  };

  std::string_view text_;
  std::string file_;
  char delimiter_{','};
  std::size_t at_{0};     ///< next byte to read
  std::int64_t line_{1};  ///< of the next byte
  std::int64_t row_line_{0};
  bool row_done_{false};  ///< the cell read last ended its row
  std::vector<std::string> names_;
  std::vector<Cell> cells_;
  std::vector<std::string> unescaped_;
};

}  // namespace margrave
