#pragma once

#include <functional>

#include "document/node.h"
#include "margin/book.h"

namespace margrave {

/// A listed instrument under another name, and how many of its contracts one of the name's is.
struct Alias {
  InstrumentId instrument{};
  Decimal contracts{1, 0};
};

struct BookOptions {
  /// What an instrument name that is not listed stands for; nothing if it is not understood.
  std::function<std::optional<Alias>(std::string_view)> alias{};
  /// A position whose instrument is not understood is no error: it is left out, by name (Book::excluded).
  bool exclude_unknown{false};
};

/// Books from a YAML or JSON document: one account (`account`, `balances`, `positions`), a list of such, or a mapping
/// with `accounts:`. Amounts are decimals, in JSON as strings. Every error names file, line, field and remedy: unknown
/// instrument or asset, a size that is no multiple of the lot, an account or a balance given twice, an unknown key.
Result<std::vector<Book>> read_books(const Document& document, const Registry& registry,
                                     const BookOptions& options = {});

/// Books from CSV with a header. Columns by name: account; asset and balance for a balance row; instrument, size and
/// optionally entry_price for a position row. Rows of one account need not be together; accounts keep the order of
/// their first row.
Result<std::vector<Book>> read_books_csv(const std::string& file, const std::string& text, const Registry& registry,
                                         const BookOptions& options = {});

/// Either of the two, by the file's content. "-" is standard input.
Result<std::vector<Book>> read_books(const std::string& path, const Registry& registry,
                                     const BookOptions& options = {});

}  // namespace margrave
