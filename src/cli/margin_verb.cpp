#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/inputs.h"
#include "cli/verbs.h"
#include "margin/linked.h"
#include "margin/settlement_part.h"
#include "report/margin_json.h"
#include "report/margin_text.h"

namespace margrave {
namespace {

constexpr std::size_t full_report_limit = 3;  ///< a book of more accounts is shown as a table, without --full

MarginContext context_of(const Market& market, const Revalued& revalued, const std::string& market_file, Isa isa) {
  return {market, revalued.revaluation.array, revalued.index, revalued.loaded.recipe, revalued.sets, market_file, isa};
}

/// The books that are shown: all, or the account that was asked for.
Result<std::vector<Book>> chosen_books(const MarginOptions& options, const std::vector<Book>& books) {
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

/// Raises what linked accounts ask for. `reports` are of the accounts that are shown, by their books; accounts of the
/// file that are linked with them and not shown count too.
Result<void> link(const MarginContext& context, const std::vector<Book>& all, const std::vector<Book>& shown,
                  const std::vector<MarginReport*>& reports) {
  std::map<std::string, MarginReport*> by_account;
  std::set<std::string> links;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    by_account[shown[i].account] = reports[i];
    if (!shown[i].linked.empty()) links.insert(shown[i].linked);
  }
  if (links.empty()) return {};
  std::vector<MarginReport> others(all.size());
  std::vector<MarginReport*> linked(all.size(), nullptr);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (links.count(all[i].linked) == 0) continue;
    const auto at = by_account.find(all[i].account);
    if (at == by_account.end()) others[i] = TRY(assess_brief(context.inputs(), all[i]));
    linked[i] = at == by_account.end() ? &others[i] : at->second;
  }
  return raise_linked(context.inputs(), all, linked);
}

Result<Outcome> full(const CommonOptions& common, const MarginContext& context, const std::vector<Book>& all,
                     const std::vector<Book>& books) {
  Outcome outcome;
  std::vector<AccountReport> accounts;
  for (const Book& book : books) accounts.push_back(TRY(full_report(context.inputs(), book, common.threads)));
  std::vector<MarginReport*> reports;
  for (AccountReport& account : accounts) reports.push_back(&account.report);
  TRY_VOID(link(context, all, books, reports));
  for (const AccountReport& account : accounts) {
    judge(context.recipe, account.report, outcome);
    if (common.json) continue;
    if (!outcome.text.empty()) outcome.text += "\n";
    outcome.text += TRY(margin_text(context, account, paint_for(common)));
  }
  if (common.json) outcome.text = recipe_json(context, accounts);
  return outcome;
}

Result<Outcome> brief(const CommonOptions& common, const MarginContext& context, const std::vector<Book>& all,
                      const std::vector<Book>& books, std::size_t top) {
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
  std::vector<MarginReport*> assessed;
  for (auto& report : reports) assessed.push_back(report ? &*report : nullptr);
  TRY_VOID(link(context, all, books, assessed));
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
  const std::vector<Book> all = TRY(load_books(options.book, market.registry, options.lenient));
  const std::vector<Book> books = TRY(chosen_books(options, all));
  std::vector<LoadedRecipe> recipes;
  for (const std::string& name : options.recipes) recipes.push_back(TRY(load_recipe(name)));
  std::vector<Bars> bars;
  if (std::any_of(recipes.begin(), recipes.end(), needs_bars)) bars = TRY(load_bars(options.market.bars));

  bool all_well = true;
  std::vector<std::string> parts;
  const auto add = [&](const LoadedRecipe& recipe, std::optional<AssetId> numeraire, const std::vector<Book>& all_books,
                       const std::vector<Book>& shown) -> Result<void> {
    const auto revalued = TRY(revalue_recipe(recipe, market, bars, common, numeraire));
    const MarginContext context = context_of(market, *revalued, options.market.market, common.isa.value_or(best_isa()));
    const bool table = options.brief || (!options.full && shown.size() > full_report_limit);
    const Outcome outcome = table ? TRY(brief(common, context, all_books, shown, options.top))
                                  : TRY(full(common, context, all_books, shown));
    all_well = all_well && outcome.all_well;
    parts.push_back(outcome.text);
    return {};
  };
  for (const LoadedRecipe& recipe : recipes) {
    if (!recipe.recipe.per_settlement) {
      TRY_VOID(add(recipe, std::nullopt, all, books));
      continue;
    }
    for (const AssetId asset : settlement_assets(market.registry, books)) {
      TRY_VOID(add(recipe, asset, settlement_parts(market.registry, all, asset),
                   settlement_parts(market.registry, books, asset)));
    }
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
