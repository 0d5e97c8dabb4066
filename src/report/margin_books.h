#pragma once

#include <string_view>

#include "margin/book_reader.h"
#include "market/market_reader.h"
#include "report/margin_context.h"
#include "report/revalued.h"

namespace margrave {

/// The three documents a margin comes from, as schemas/ describes them: YAML, or JSON, which is read as YAML.
struct MarginTexts {
  std::string_view market, recipe, book;
};

struct MarginBooksOptions {
  MarketReadOptions market{};  ///< terms of instruments that the market lists by a venue's name alone
  BookOptions book{};          ///< other names of instruments, and what to do with those nobody knows
  std::string settlement{};    ///< of a recipe whose numeraire is settlement: the asset whose part of every book it is
  std::vector<Bars> bars{};    ///< history, for recipes that have historical scenarios
  Isa isa{best_isa()};         ///< no result depends on it
  unsigned threads{1};         ///< nor on these; 0: all cores
};

/// Every account of a book under one recipe, and what the reports were made from.
struct MarginedBooks {
  Market market;
  Revalued revalued;
  std::vector<AccountReport> accounts;  ///< in the order of the book
  Isa isa{Isa::portable};

  const Recipe& recipe() const { return revalued.loaded.recipe; }
  /// For margin_text(), recipe_json() and explain_position(); refers to this object.
  MarginContext context() const {
    return {market, revalued.revaluation.array, revalued.index, recipe(), revalued.sets, "market", isa};
  }
};

/// Margins a book from memory, from its texts to full reports. A pure function of its arguments.
///
/// Errors: those of the readers, with line, field and remedy, of files named market.yaml, recipe.yaml and book.yaml;
/// historical scenarios without bars; a numeraire of settlement without the name of an asset; a recipe that extends a
/// file, for text lies in no folder (presets can be extended); those of revalue() and assess().
Result<MarginedBooks> margin_books(const MarginTexts& texts, const MarginBooksOptions& options = {});

}  // namespace margrave
