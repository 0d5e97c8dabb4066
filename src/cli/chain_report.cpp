#include "cli/chain_report.h"

#include <cstdio>

#include "chains/index_variance.h"
#include "report/chain_kinds.h"

namespace margrave {
namespace {

constexpr std::size_t random_of_standard = 20;
constexpr std::uint64_t seed_of_standard = 7;

}  // namespace

Result<std::vector<OptionBookRule>> option_book_rules(const std::string& asked,
                                                      const std::vector<std::string>& underlyings) {
  if (asked == "standard") {
    std::vector<OptionBookRule> rules = standard_option_books(underlyings);
    for (OptionBookRule& rule : random_option_books(underlyings, random_of_standard, seed_of_standard))
      rules.push_back(std::move(rule));
    return rules;
  }
  unsigned long long count = 0, seed = 0;
  int end = 0;
  if (std::sscanf(asked.c_str(), "random:%llu:%llu%n", &count, &seed, &end) == 2 &&
      static_cast<std::size_t>(end) == asked.size() && count > 0 && count <= 10'000) {
    return random_option_books(underlyings, static_cast<std::size_t>(count), seed);
  }
  return fail({.kind = ErrorKind::config,
               .message = "'" + asked + "' names no books of options",
               .field = "--books",
               .remedy = "write standard, or random:100:7, at most 10000"});
}

Result<void> check_chain_options(const BacktestOptions& options) {
  const std::pair<const char*, bool> given[] = {{"--cadence", options.cadence},
                                                {"--out", !options.out.empty()},
                                                {"--every", !options.every.empty()},
                                                {"--delay", options.delay != "0s"},
                                                {"--step", options.step != "8h"}};
  for (const auto& [flag, is_given] : given) {
    if (!is_given) continue;
    return fail({.kind = ErrorKind::config,
                 .message = "a walk over chains has no such choice: margins are made at every chain",
                 .field = flag,
                 .remedy = "leave it out"});
  }
  return {};
}

Result<Exit> report_chains(const CommonOptions& common, const BacktestOptions& options, const WalkedChains& of) {
  const ChainWalk walk = TRY(walk_chains(of.chains, of.rules));
  BooksBacktest backtest;
  backtest.level = options.maintenance ? WalkLevel::maintenance : WalkLevel::initial;
  backtest.judgement = TRY(judge_chains(walk, of.chains, {backtest.level, options.rate}));
  backtest.folders = of.modelled ? options.data : of.files;
  backtest.recipe = of.loaded.recipe.name;
  backtest.recipe_version = of.loaded.recipe.version;
  backtest.recipe_digest = to_string(of.loaded.recipe.digest);
  backtest.books = options.books;
  backtest.coins = of.chains.front().index.size();
  backtest.spec = walk.spec;
  backtest.spec.first = IndexVariance::first;
  backtest.spec.notional = options.notional;
  backtest.from_ms = walk.walk.window_ms.front();
  backtest.to_ms = of.chains.back().at_ms;
  backtest.updates = walk.walk.update_ms.size();
  backtest.first_error = walk.walk.first_error;
  backtest.chains = walk.chains;
  backtest.gaps = walk.gaps;
  backtest.mean_hours = walk.mean_hours;
  backtest.modelled = of.modelled;
  const Paint paint = paint_for(common);
  TRY_VOID(deliver(
      common, common.json ? books_json(backtest)
                          : books_text(backtest, options.assets, paint) +
                                kinds_text(by_kind(backtest.judgement, of.rules), of.modelled.has_value(), paint)));
  return Exit::ok;
}

}  // namespace margrave
