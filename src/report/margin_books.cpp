#include "report/margin_books.h"

#include "document/read.h"
#include "margin/linked.h"
#include "margin/settlement_part.h"

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

Result<std::optional<AssetId>> numeraire_of(const Recipe& recipe, const std::string& name, const Registry& registry) {
  const auto wrong = [](const std::string& message, const std::string& remedy) {
    return fail({.kind = ErrorKind::config, .message = message, .field = "settlement", .remedy = remedy});
  };
  if (!recipe.per_settlement && name.empty()) return std::nullopt;
  if (!recipe.per_settlement) return wrong("the recipe counts in USD", "name no settlement asset in the options");
  if (name.empty()) return wrong("the recipe counts in settlement assets", "name one in the options");
  const std::optional<AssetId> asset = registry.asset(name);
  if (!asset) return wrong("'" + name + "' is no asset of the market", "name one that is");
  return asset;
}

}  // namespace

Result<MarginedBooks> margin_books(const MarginTexts& texts, const MarginBooksOptions& options) {
  const Document market_document = TRY(parse_document(texts.market, "market.yaml"));
  Market market = TRY(read_market(market_document, options.market));
  LoadedRecipe recipe = TRY(read_whole_recipe(texts.recipe, options.bars));
  const Document book_document = TRY(parse_document(texts.book, "book.yaml"));
  std::vector<Book> books = TRY(read_books(book_document, market.registry, options.book));
  RevalueOptions revalue{.isa = options.isa, .threads = options.threads};
  revalue.numeraire = TRY(numeraire_of(recipe.recipe, options.settlement, market.registry));
  if (revalue.numeraire) books = settlement_parts(market.registry, books, *revalue.numeraire);
  Revalued revalued = TRY(revalue_recipe(std::move(recipe), market, options.bars, std::move(revalue)));
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
