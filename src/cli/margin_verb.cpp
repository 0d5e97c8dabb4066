#include <fmt/core.h>

#include <algorithm>

#include "cli/inputs.h"
#include "cli/verbs.h"
#include "report/margin_json.h"
#include "report/margin_text.h"

namespace margrave {
namespace {

constexpr std::size_t full_report_limit = 3;  ///< a book of more accounts is shown as a table, without --full

MarginContext context_of(const Market& market, const Revalued& revalued, const std::string& market_file, Isa isa) {
  return {market, revalued.revaluation.array, revalued.index, revalued.loaded.recipe, revalued.sets, market_file, isa};
}

Result<std::vector<Book>> chosen_books(const MarginOptions& options, const Market& market) {
  std::vector<Book> books = TRY(load_books(options.book, market.registry, options.lenient));
  if (options.account.empty()) return books;
  const auto found =
      std::find_if(books.begin(), books.end(), [&](const Book& b) { return b.account == options.account; });
  if (found == books.end()) {
    return fail({.kind = ErrorKind::config,
                 .message = "account '" + options.account + "' is not in the book",
                 .field = "--account",
                 .remedy = "the first is '" + books.front().account + "'"});
  }
  return std::vector<Book>{*found};
}

/// What one recipe came to, in the form that was asked for.
struct Outcome {
  std::string text;
  bool all_well{true};  ///< nobody below maintenance, nothing left out, no account failed
};

void judge(const Recipe& recipe, const MarginReport& report, Outcome& outcome) {
  outcome.all_well = outcome.all_well && report.complete() && report.equity >= report.maintenance(recipe);
}

Result<Outcome> full(const CommonOptions& common, const MarginContext& context, const std::vector<Book>& books) {
  Outcome outcome;
  std::vector<AccountReport> accounts;
  for (const Book& book : books) {
    accounts.push_back(TRY(full_report(context.inputs(), book, common.threads)));
    judge(context.recipe, accounts.back().report, outcome);
    if (!common.json) {
      if (!outcome.text.empty()) outcome.text += "\n";
      outcome.text += TRY(margin_text(context, accounts.back(), paint_for(common)));
    }
  }
  if (common.json) outcome.text = recipe_json(context, accounts);
  return outcome;
}

Result<Outcome> brief(const CommonOptions& common, const MarginContext& context, const std::vector<Book>& books,
                      std::size_t top) {
  Outcome outcome;
  std::vector<Result<MarginReport>> reports;
  Progress progress(common, "accounts", books.size());
  constexpr std::size_t slice = 4096;
  for (std::size_t begin = 0; begin < books.size(); begin += slice) {
    const std::size_t end = std::min(books.size(), begin + slice);
    const std::vector<Book> part(books.begin() + static_cast<std::ptrdiff_t>(begin),
                                 books.begin() + static_cast<std::ptrdiff_t>(end));
    for (auto& report : assess_all(context.inputs(), part, common.threads)) reports.push_back(std::move(report));
    progress.at(end);
  }
  for (const auto& report : reports) {
    if (report)
      judge(context.recipe, *report, outcome);
    else
      outcome.all_well = false;
  }
  outcome.text = common.json ? recipe_json_brief(context, books, reports)
                             : accounts_text(context, books, reports, top, paint_for(common));
  return outcome;
}

}  // namespace

Result<Exit> run_margin(const CommonOptions& common, const MarginOptions& options) {
  TRY_VOID(check_standard_input(options.book, options.market));
  const Market market = TRY(load_market(options.market));
  const std::vector<Book> books = TRY(chosen_books(options, market));
  std::vector<LoadedRecipe> recipes;
  for (const std::string& name : options.recipes) recipes.push_back(TRY(load_recipe(name)));
  std::vector<Bars> bars;
  if (std::any_of(recipes.begin(), recipes.end(), needs_bars)) bars = TRY(load_bars(options.market.bars));

  bool all_well = true;
  std::vector<std::string> parts;
  for (LoadedRecipe& recipe : recipes) {
    const auto revalued = TRY(revalue_recipe(std::move(recipe), market, bars, common));
    const MarginContext context = context_of(market, *revalued, options.market.market, common.isa.value_or(best_isa()));
    const bool table = options.brief || (!options.full && books.size() > full_report_limit);
    const Outcome outcome = table ? TRY(brief(common, context, books, options.top)) : TRY(full(common, context, books));
    all_well = all_well && outcome.all_well;
    parts.push_back(outcome.text);
  }
  std::string text;
  if (common.json) {
    text = margin_document(market, options.market.market, parts);
  } else {
    for (const std::string& part : parts) text += (text.empty() ? "" : "\n" + std::string(78, '-') + "\n\n") + part;
  }
  TRY_VOID(deliver(common, text));
  return all_well ? Exit::ok : Exit::no;
}

}  // namespace margrave
