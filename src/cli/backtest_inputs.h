#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "market/bars.h"
#include "market/listing.h"
#include "report/revalued.h"
#include "walk/walk_book.h"

namespace margrave {

/// The recipe of --recipe, of which a walk can make one requirement of every book. Error: one per settlement asset.
Result<LoadedRecipe> walked_recipe(const std::string& name_or_file);

/// The contracts that a walk lists, and its books.
struct WalkedBooks {
  std::vector<Listing> contracts;
  std::vector<WalkBook> books;
  std::vector<std::string> remarks;  ///< what of them is left out, a sentence each
};

/// The books of --books: singles, spreads, random:N:SEED of the coins that have bars; accounts:FILE, recorded positions
/// of which those in coins that have bars are held; or a book file. Errors name --books.
Result<WalkedBooks> walked_books(const std::string& asked, const std::vector<Bars>& bars);

/// Names in order of coins that have bars and are no dollar.
std::vector<std::string> walked_coins(const std::vector<Bars>& bars);

/// The interval of updates where --every is not given (docs/evidence/cadence.md): the step where an update knows of its
/// end at once; an hour, or a shorter step, where it knows later.
std::int64_t usual_interval_ms(std::int64_t step_ms, std::int64_t delay_ms);

/// A length of an option in milliseconds, at most thirty days.
Result<std::int64_t> length_of(const std::string& flag, const std::string& text, std::int64_t least_seconds);

}  // namespace margrave
