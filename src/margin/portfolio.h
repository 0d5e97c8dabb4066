#pragma once

#include <optional>
#include <string>
#include <vector>

#include "array/holding.h"
#include "array/risk_array.h"
#include "margin/book.h"

namespace margrave {

/// Where each instrument and asset of a registry stands in an array; nothing where the market could not price it.
struct RowIndex {
  std::vector<std::optional<std::uint32_t>> instrument, asset;
};
RowIndex index_rows(const Registry& registry, const RiskArray& array);

/// One position as holdings of the array: its lots and, for forward-like contracts, its cost leg.
struct Line {
  InstrumentId instrument{};
  Lots lots{};
  Holding position{};
  std::optional<Holding> leg{};
  bool entered_at_mark{false};  ///< the book gave no entry price
};

/// An account over one array: a sparse vector of integers.
struct Portfolio {
  std::string account;
  std::vector<Line> lines;        ///< by position of the book
  std::vector<Holding> balances;  ///< by balance of the book
};

/// Errors: an instrument or asset that the market could not price, with its name; a cost leg that overflows.
Result<Portfolio> make_portfolio(const Registry& registry, const RowIndex& index, const RiskArray& array,
                                 const Book& book);

}  // namespace margrave
