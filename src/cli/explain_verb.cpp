#include <algorithm>
#include <charconv>

#include "cli/inputs.h"
#include "cli/verbs.h"
#include "margin/settlement_part.h"
#include "report/explain_report.h"

namespace margrave {
namespace {

tl::unexpected<Error> wrong(const std::string& field, const std::string& message, const std::string& remedy) {
  return fail({.kind = ErrorKind::config, .message = message, .field = field, .remedy = remedy});
}

Result<Book> find_book(const ExplainOptions& options, const std::vector<Book>& books) {
  if (options.account.empty() && books.size() == 1) return books.front();
  for (const Book& book : books) {
    if (book.account == options.account) return book;
  }
  if (options.account.empty()) return wrong("--account", "the book has several accounts", "name one");
  return wrong("--account", "account '" + options.account + "' is not in the book", "name one that is");
}

/// What the named position settles in, or all positions do.
Result<AssetId> find_settlement(const ExplainOptions& options, const Registry& registry, const Book& book) {
  std::optional<AssetId> found;
  for (const Position& position : book.positions) {
    const Instrument& instrument = registry[position.instrument];
    if (instrument.name == options.position) return instrument.settlement;
    if (options.position.empty() && found && *found != instrument.settlement) {
      return wrong("--position", "the recipe counts in settlement assets and the account's positions have several",
                   "name a position");
    }
    found = instrument.settlement;
  }
  if (book.positions.empty()) return wrong("--position", "the account has no position", "explain one that has");
  if (options.position.empty()) return *found;
  return wrong("--position", "the account has no position in '" + options.position + "'",
               "name an instrument it holds");
}

/// The named position, or the one that adds most to initial margin.
Result<std::size_t> find_position(const ExplainOptions& options, const MarginContext& context, const Book& book,
                                  const MarginReport& report) {
  if (book.positions.empty()) return wrong("--position", "the account has no position", "explain one that has");
  std::size_t largest = 0;
  const std::vector<Usd>& by_line = report.components[context.recipe.initial].by_line;
  for (std::size_t i = 0; i < book.positions.size(); ++i) {
    if (context.market.registry[book.positions[i].instrument].name == options.position) return i;
    if (by_line[i] > by_line[largest]) largest = i;
  }
  if (options.position.empty()) return largest;
  return wrong("--position", "the account has no position in '" + options.position + "'",
               "name an instrument it holds");
}

/// "SET:3" is the fourth scenario of a set; otherwise a scenario's name; none: the worst for the position.
Result<std::optional<std::uint32_t>> find_column(const ExplainOptions& options, const MarginContext& context) {
  const RiskArray& array = context.array;
  const std::string& wanted = options.scenario;
  if (wanted.empty()) return std::nullopt;
  if (context.recipe.sets.empty()) {
    return wrong("--scenario", "recipe '" + context.recipe.name + "' has no scenarios",
                 "leave it out to see the rates that charge the position");
  }
  for (std::uint32_t column = 1; column < array.columns(); ++column) {
    if (array.scenario(column) == wanted) return column;
  }
  const std::size_t colon = wanted.rfind(':');
  if (colon != std::string::npos) {
    std::uint32_t number = 0;
    const auto [stop, code] = std::from_chars(wanted.data() + colon + 1, wanted.data() + wanted.size(), number);
    const ScenarioRange* range = array.find_range(wanted.substr(0, colon));
    if (code == std::errc{} && stop == wanted.data() + wanted.size() && range != nullptr && number < range->size()) {
      return range->begin + number;
    }
  }
  return wrong("--scenario", "there is no scenario '" + wanted + "'",
               "give its name as the report prints it, or SET:NUMBER from 0; the first is '" + array.scenario(1) + "'");
}

}  // namespace

Result<Exit> run_explain(const CommonOptions& common, const ExplainOptions& options) {
  TRY_VOID(check_standard_input(options.book, options.market));
  const Market market = TRY(load_market(options.market));
  const std::vector<Book> books = TRY(load_books(options.book, market.registry, options.lenient));
  Book book = TRY(find_book(options, books));
  LoadedRecipe recipe = TRY(load_recipe(options.recipe));
  std::optional<AssetId> numeraire;
  if (recipe.recipe.per_settlement) {
    numeraire = TRY(find_settlement(options, market.registry, book));
    book = settlement_part(market.registry, book, *numeraire);
  }
  std::vector<Bars> bars;
  if (needs_bars(recipe)) bars = TRY(load_bars(options.market.bars));
  const auto revalued = TRY(revalue_recipe(std::move(recipe), market, bars, common, numeraire));
  const MarginContext context{market,
                              revalued->revaluation.array,
                              revalued->index,
                              revalued->loaded.recipe,
                              revalued->sets,
                              options.market.market,
                              common.isa.value_or(best_isa())};
  const AccountReport account{book, TRY(assess(context.inputs(), book))};
  const std::size_t position = TRY(find_position(options, context, book, account.report));
  const std::optional<std::uint32_t> column = TRY(find_column(options, context));
  const Explained explained = TRY(explain_position(context, account, position, column));
  TRY_VOID(deliver(
      common, common.json ? explain_json(context, explained) : explain_text(context, explained, paint_for(common))));
  return Exit::ok;
}

}  // namespace margrave
