#include "report/margin_books.h"

#include "document/read.h"
#include "margin/linked.h"

namespace margrave {
namespace {

Result<LoadedRecipe> read_whole_recipe(std::string_view text, const std::vector<Bars>& bars) {
  const Document document = TRY(parse_document(text, "recipe.yaml", ErrorKind::config));
  LoadedRecipe loaded = TRY(load_recipe(document));
  if (needs_bars(loaded) && bars.empty()) {
    return fail({.kind = ErrorKind::config,
                 .message = "the recipe has historical scenarios and no bars are given",
                 .place = {.file = "recipe.yaml"},
                 .field = "scenarios",
                 .remedy = "give bars in the options"});
  }
  return loaded;
}

}  // namespace

Result<MarginedBooks> margin_books(const MarginTexts& texts, const MarginBooksOptions& options) {
  const Document market_document = TRY(parse_document(texts.market, "market.yaml"));
  Market market = TRY(read_market(market_document, options.market));
  LoadedRecipe recipe = TRY(read_whole_recipe(texts.recipe, options.bars));
  const Document book_document = TRY(parse_document(texts.book, "book.yaml"));
  const std::vector<Book> books = TRY(read_books(book_document, market.registry, options.book));
  Revalued revalued =
      TRY(revalue_recipe(std::move(recipe), market, options.bars, {.isa = options.isa, .threads = options.threads}));
  MarginedBooks margined{std::move(market), std::move(revalued), {}, options.isa};
  for (const Book& book : books) {
    margined.accounts.push_back(TRY(full_report(margined.context().inputs(), book, options.threads)));
  }
  std::vector<MarginReport*> reports;
  for (AccountReport& account : margined.accounts) reports.push_back(&account.report);
  TRY_VOID(raise_linked(margined.context().inputs(), books, reports));
  return margined;
}

}  // namespace margrave
