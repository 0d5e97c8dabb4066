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

/// Books from a YAML or JSON document: one account, a list of such, or a mapping with `accounts:`. An account has
/// `account`, `balances`, `unsettled`, `borrowed`, `positions`, `orders`, `linked` and `subaccounts`; a position with
/// `collateral` of its own is isolated. Each isolated position and sub-account is a book of its own behind its owner's,
/// named OWNER/NAME. Amounts are decimals, in JSON as strings. Every error names file, line, field and remedy: unknown
/// instrument or asset, a size that is no multiple of the lot, an account or a balance given twice, an unknown key.
Result<std::vector<Book>> read_books(const Document& document, const Registry& registry,
                                     const BookOptions& options = {});

/// Books from CSV with a header. Columns by name: account; asset with balance, unsettled or borrowed for a balance row;
/// instrument and size, with entry_price and accrued_funding for a position row, or with limit_price, fee and
/// reduce_only (true, false) for an order. Rows of one account need not be together; accounts keep the order of their
/// first row.
Result<std::vector<Book>> read_books_csv(const std::string& file, const std::string& text, const Registry& registry,
                                         const BookOptions& options = {});

/// Either of the two, by the file's content. "-" is standard input.
Result<std::vector<Book>> read_books(const std::string& path, const Registry& registry,
                                     const BookOptions& options = {});

}  // namespace margrave
