#include "cli/backtest_calls.h"

#include <filesystem>

#include "cli/backtest_inputs.h"
#include "document/file.h"
#include "report/backtest_calls.h"
#include "report/backtest_svg.h"
#include "walk/walk_calls.h"
#include "walk/walk_market.h"

namespace margrave {
namespace {

Result<void> check(const BacktestOptions& options) {
  if (options.chains.empty()) return {};
  return fail({.kind = ErrorKind::config,
               .message = "accounts are followed over bars, not over chains",
               .field = "--calls",
               .remedy = "name folders of bars with --data, without --chains"});
}

Result<void> write_out(const std::string& folder, const CallsReport& report) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  TRY_VOID(write_file_atomically(folder + "/calls.csv", calls_csv(report)));
  if (report.accounts.empty()) return {};
  return write_file_atomically(folder + "/calls.svg", standalone_svg(calls_svg(report, 0)));
}

}  // namespace

Result<Exit> run_backtest_calls(const CommonOptions& common, const BacktestOptions& options, const BacktestSpan& span) {
  TRY_VOID(check(options));
  const LoadedRecipe loaded = TRY(walked_recipe(options.recipe));
  const std::vector<Bars> bars = TRY(load_bars(options.data, "--data"));
  const WalkedBooks walked = TRY(walked_books(options.books, bars));
  const Market market = TRY(walk_market(bars, walked.contracts, Timestamp::from_ms(span.from_ms)));
  const std::vector<HeldBook> held = TRY(hold_books(walked.books, market, options.notional));
  std::vector<WalkBook> books;
  for (const HeldBook& one : held) books.push_back(one.book);
  BookWalkSpec spec;
  spec.window_ms = span.step_ms;
  spec.delay_ms = TRY(length_of("--delay", options.delay, 0));
  // Equity moves between the steps of a recipe, so an hour at most whatever the delay.
  spec.every_ms =
      options.every.empty() ? usual_interval_ms(span.step_ms, 1) : TRY(length_of("--every", options.every, 1));
  spec.from_ms = span.from_ms;
  spec.to_ms = span.to_ms + spec.window_ms;
  spec.first = options.first;
  const BookWalk walk = TRY(walk_books({loaded.recipe, loaded.scenarios, bars, walked.contracts, books}, spec,
                                       {common.threads, common.isa.value_or(best_isa())}));
  CallsReport report{.recipe = loaded.recipe.name,
                     .recipe_version = loaded.recipe.version,
                     .from_ms = span.from_ms,
                     .to_ms = span.to_ms,
                     .every_ms = spec.every_ms,
                     .delay_ms = spec.delay_ms};
  const WalkPrices prices(bars, spec.window_ms);
  for (std::size_t b = 0; b < held.size(); ++b) {
    HeldPath path = path_of(walk, prices, held[b], b, span.from_ms, span.to_ms);
    if (path.at_ms.empty()) continue;
    CallsReport::Of of{held[b].book.name, {}, {}};
    for (const double leverage : options.calls) of.accounts.push_back(follow(path, leverage));
    of.path = std::move(path);
    report.accounts.push_back(std::move(of));
  }
  if (!options.out.empty()) TRY_VOID(write_out(options.out, report));
  TRY_VOID(deliver(common, common.json ? calls_json(report) : calls_text(report, paint_for(common))));
  return Exit::ok;
}

}  // namespace margrave
