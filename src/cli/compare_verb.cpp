#include <algorithm>

#include "cli/inputs.h"
#include "cli/verbs.h"
#include "report/comparison.h"

namespace margrave {
namespace {

tl::unexpected<Error> wrong(const std::string& message, const std::string& remedy) {
  return fail({.kind = ErrorKind::config, .message = message, .field = "--account", .remedy = remedy});
}

/// The named account, or the only one.
Result<Book> find_book(const CompareOptions& options, const std::vector<Book>& books) {
  if (options.account.empty() && books.size() == 1) return books.front();
  for (const Book& book : books) {
    if (book.account == options.account) return book;
  }
  const std::string first = "the first is '" + books.front().account + "'";
  if (options.account.empty()) return wrong("the book has several accounts", "name one; " + first);
  return wrong("account '" + options.account + "' is not in the book", first);
}

}  // namespace

Result<Exit> run_compare(const CommonOptions& common, const CompareOptions& options) {
  TRY_VOID(check_standard_input(options.book, options.market));
  const Market market = TRY(load_market(options.market));
  const std::vector<Book> books = TRY(load_books(options.book, market.registry, options.lenient));
  const Book book = TRY(find_book(options, books));
  std::vector<LoadedRecipe> recipes;
  for (const std::string& name : options.recipes) recipes.push_back(TRY(load_recipe(name)));
  for (const LoadedRecipe& recipe : recipes) {
    if (!recipe.recipe.per_settlement) continue;
    return fail({.kind = ErrorKind::config,
                 .message = "recipe '" + recipe.recipe.name + "' asks for one requirement per settlement asset",
                 .field = "--recipe",
                 .remedy = "compare recipes that count in usd; margrave margin shows it"});
  }
  std::vector<Bars> bars;
  if (std::any_of(recipes.begin(), recipes.end(), needs_bars)) bars = TRY(load_bars(options.market.bars));

  std::vector<std::unique_ptr<Revalued>> owners;  // of what the compared refer to
  std::vector<ComparedRecipe> compared;
  for (std::size_t r = 0; r < recipes.size(); ++r) {
    owners.push_back(TRY(revalue_recipe(std::move(recipes[r]), market, bars, common)));
    const Revalued& of = *owners.back();
    const MarginContext context{market,
                                of.revaluation.array,
                                of.index,
                                of.loaded.recipe,
                                of.sets,
                                options.market.market,
                                common.isa.value_or(best_isa())};
    compared.push_back({options.recipes[r], context, TRY(full_report(context.inputs(), book, common.threads))});
  }
  const Comparison comparison = TRY(compare(std::move(compared)));
  TRY_VOID(deliver(common, common.json ? comparison_json(comparison) : comparison_text(comparison, paint_for(common))));
  return comparison.all_well() ? Exit::ok : Exit::no;
}

}  // namespace margrave
