#include "cli/backtest_chains.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/parallel.h"
#include "chains/chain_walk.h"
#include "chains/index_variance.h"
#include "chains/moves_at.h"
#include "cli/backtest_inputs.h"
#include "cli/chain_report.h"
#include "dialect/chain_files.h"
#include "dialect/deribit_chain.h"
#include "report/moves_report.h"

namespace margrave {
namespace {

/// The underlyings that the first chain has options on, by name.
Result<std::vector<std::string>> underlyings_of(const std::string& file) {
  std::set<std::string> names;
  TRY_VOID(stream_deribit_csv(file, [&](const Chain& chain) {
    for (const ChainQuote& quote : chain.quotes) {
      if (quote.instrument.terms.kind == Kind::option) names.insert(quote.instrument.underlying);
    }
    return false;
  }));
  return std::vector<std::string>(names.begin(), names.end());
}

/// The chains of a file whose time is in [from, to].
Result<std::vector<Chain>> chains_of(const std::string& file, const BacktestSpan& span) {
  std::vector<Chain> chains;
  TRY(stream_deribit_csv(file, [&](const Chain& chain) {
    const std::int64_t at = chain.time.ns / 1'000'000;
    if (at >= span.from_ms && at <= span.to_ms) chains.push_back(chain);
    return at <= span.to_ms;
  }));
  return chains;
}

/// Adds what is known of the past at each chain: no variance before every underlying has returns enough.
class Past {
 public:
  explicit Past(bool with_levels) : with_levels_(with_levels) {}

  KnownChain known(Chain chain) {
    std::map<std::string, double> price;
    for (const ChainQuote& quote : chain.quotes) {
      if (quote.index > 0) price.emplace(quote.instrument.underlying, quote.index);
    }
    for (const auto& [underlying, index] : price) index_[underlying].add(chain.time.ns / 1'000'000, index);
    if (with_levels_) levels_.add(chain, price);
    KnownChain known{std::move(chain), {}, {}};
    for (const auto& [coin, variance] : index_) {
      if (!variance.is_known()) return {std::move(known.chain), {}, {}};
      known.variance.emplace(coin, variance.value());
    }
    known.steps = levels_.steps();
    return known;
  }

 private:
  bool with_levels_;
  std::map<std::string, IndexVariance> index_;
  LevelHistory levels_;
};

/// What a walk over the files' chains was asked for, and how far it is.
struct Asked {
  const CommonOptions& common;
  const BacktestOptions& options;
  const BacktestSpan& span;
  std::vector<std::string> files;
};

/// Calls each(chain) for all chains of every file, in parallel within a file, and take(result) in their order.
template <class Each, class Take>
Result<void> walk_files(const Asked& asked, const Each& each, const Take& take) {
  Progress progress(asked.common, "files of chains", asked.files.size());
  Past past(asked.options.vol_moves);
  for (std::size_t f = 0; f < asked.files.size(); ++f) {
    std::vector<KnownChain> chains;
    std::vector<Chain> read = TRY(chains_of(asked.files[f], asked.span));
    for (Chain& chain : read) chains.push_back(past.known(std::move(chain)));
    std::vector<decltype(each(chains.front()))> results(chains.size(), fail({.message = "not walked"}));
    parallel_for(chains.size(), asked.common.threads, [&](std::size_t i) { results[i] = each(chains[i]); });
    for (std::size_t i = 0; i < chains.size(); ++i) TRY_VOID(take(chains[i], std::move(results[i])));
    progress.at(f + 1);
  }
  return {};
}

Result<Exit> walk_over(const Asked& asked, const LoadedRecipe& loaded, const std::vector<OptionBookRule>& rules) {
  const BacktestOptions& options = asked.options;
  std::vector<Bars> bars;
  if (needs_bars(loaded) || !options.data.empty()) bars = TRY(load_bars(options.data, "--data"));
  const ChainSets sets(loaded.scenarios, bars);
  const ChainBooks books{loaded.recipe,    loaded.scenarios,    rules,
                         options.notional, options.maintenance, asked.common.isa.value_or(best_isa())};
  std::vector<ChainMargins> chains;
  const auto margin = [&](const KnownChain& known) { return margins_at(known, books, sets); };
  const auto add = [&](const KnownChain&, Result<ChainMargins> result) -> Result<void> {
    chains.push_back(TRY(std::move(result)));
    return {};
  };
  TRY_VOID(walk_files(asked, margin, add));
  return report_chains(asked.common, options, {loaded, rules, chains, asked.files});
}

Result<Exit> hold_against_own_moves(const Asked& asked, const LoadedRecipe& loaded,
                                    const std::vector<OptionBookRule>& rules) {
  const OwnMoves moves = TRY(OwnMoves::of(loaded.recipe));
  const BacktestOptions& options = asked.options;
  const ChainBooks books{loaded.recipe,    loaded.scenarios,    rules,
                         options.notional, options.maintenance, asked.common.isa.value_or(best_isa())};
  std::vector<MovesCase> cases;
  MovesStudy sums;
  const auto add = [&](const KnownChain& known, Result<MovesAtChain> result) -> Result<void> {
    MovesAtChain found = TRY(std::move(result));
    const std::int64_t at = known.chain.time.ns / 1'000'000;
    if (sums.chains == 0) sums.from_ms = at;
    sums.to_ms = at;
    ++sums.chains;
    sums.unplaced += found.unplaced;
    sums.failed += found.failed;
    if (sums.first_error.empty()) sums.first_error = found.first_error;
    for (MovesCase& one : found.cases) cases.push_back(std::move(one));
    return {};
  };
  const auto margin = [&](const KnownChain& known) { return moves_at(known.chain, books, moves); };
  TRY_VOID(walk_files(asked, margin, add));
  if (cases.empty()) {
    return fail({.message = sums.first_error.empty() ? "no book was margined at any chain" : sums.first_error,
                 .remedy = "widen --from and --to, or give chains of options"});
  }
  MovesReport report{.files = asked.files,
                     .recipe = loaded.recipe.name,
                     .recipe_version = loaded.recipe.version,
                     .recipe_digest = to_string(loaded.recipe.digest),
                     .level = options.maintenance ? "maintenance" : "initial",
                     .books = options.books,
                     .notional = options.notional,
                     .study = study_moves(cases)};
  sums.lines = std::move(report.study.lines);
  sums.all = std::move(report.study.all);
  report.study = std::move(sums);
  TRY_VOID(deliver(asked.common, asked.common.json ? moves_json(report) : moves_text(report, paint_for(asked.common))));
  return Exit::ok;
}

}  // namespace

Result<Exit> run_backtest_chains(const CommonOptions& common, const BacktestOptions& options,
                                 const BacktestSpan& span) {
  TRY_VOID(check_chain_options(options));
  const LoadedRecipe loaded = TRY(walked_recipe(options.recipe));
  const Asked asked{common, options, span, TRY(chain_files(options.chains, "--chains"))};
  const std::vector<std::string> underlyings = TRY(underlyings_of(asked.files.front()));
  const std::vector<OptionBookRule> rules = TRY(option_book_rules(options.books, underlyings));
  return options.own_moves ? hold_against_own_moves(asked, loaded, rules) : walk_over(asked, loaded, rules);
}

}  // namespace margrave
