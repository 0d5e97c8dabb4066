#include "cli/backtest_modelled.h"

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "chains/modelled_chain.h"
#include "chains/modelled_walk.h"
#include "cli/backtest_inputs.h"
#include "cli/chain_report.h"
#include "dialect/chain_files.h"
#include "dialect/deribit_chain.h"

namespace margrave {
namespace {

constexpr std::int64_t step_ms = 8LL * 3'600'000;
constexpr std::size_t batch = 64;  ///< chains in memory at once

/// The vol indices of --dvol by underlying.
Result<std::map<std::string, Dvol>> read_levels(const std::vector<std::string>& asked) {
  std::map<std::string, Dvol> levels;
  for (const std::string& one : asked) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == one.size()) {
      return fail({.kind = ErrorKind::config,
                   .message = "'" + one + "' does not say whose vol index is in which file",
                   .field = "--dvol",
                   .remedy = "write COIN=FILE, as BTC=dvol.csv.gz"});
    }
    const std::string coin = one.substr(0, equals);
    Dvol read = TRY(read_dvol(one.substr(equals + 1)));
    if (!levels.emplace(coin, std::move(read)).second) {
      return fail({.kind = ErrorKind::config,
                   .message = "there are two vol indices of " + coin,
                   .field = "--dvol",
                   .remedy = "name one file for each underlying"});
    }
  }
  return levels;
}

/// Shapes and contracts of some underlyings, from recorded chains.
class Recorded {
 public:
  explicit Recorded(const std::map<std::string, Dvol>& levels) {
    for (const auto& [name, unused] : levels) coins_.emplace(name, Coin{.shape = MeanShape(name)});
  }

  Result<void> read(const std::string& file) {
    TRY_VOID(stream_deribit_csv(file, [&](const Chain& chain) {
      for (auto& [name, coin] : coins_) {
        coin.shape.add(chain);
        if (!coin.has_terms) take_terms(chain, name, coin);
      }
      return true;
    }));
    return {};
  }

  /// Errors: an underlying without a smile, or without a perpetual.
  Result<std::vector<ModelledCoin>> coins(const std::map<std::string, Dvol>& levels) const {
    std::vector<ModelledCoin> made;
    for (const auto& [name, coin] : coins_) {
      const SmileShape shape = TRY(coin.shape.mean());
      if (!coin.has_terms) {
        return fail({.message = "the recorded chains have no options and perpetual of " + name,
                     .field = "--chains",
                     .remedy = "give chains that list it"});
      }
      made.push_back({name, levels.at(name), shape, coin.option, coin.perpetual});
    }
    return made;
  }

  ModelledWindows about(const std::map<std::string, Dvol>& levels, const std::vector<std::string>& files) const {
    ModelledWindows about;
    about.shapes = files;
    for (const auto& [name, level] : levels) about.levels.push_back(name + ": " + level.file);
    for (const auto& [unused, coin] : coins_) {
      const std::int64_t first = coin.shape.first().ns / 1'000'000, last = coin.shape.last().ns / 1'000'000;
      about.shape_from_ms = about.shape_chains == 0 ? first : std::min(about.shape_from_ms, first);
      about.shape_to_ms = std::max(about.shape_to_ms, last);
      about.shape_chains = std::max(about.shape_chains, coin.shape.chains());
    }
    return about;
  }

 private:
  struct Coin {
    MeanShape shape;
    bool has_terms{false};
    Listing option{}, perpetual{};
  };

  static void take_terms(const Chain& chain, const std::string& name, Coin& coin) {
    const auto option = std::find_if(chain.quotes.begin(), chain.quotes.end(), [&](const ChainQuote& quote) {
      return quote.instrument.terms.kind == Kind::option && quote.instrument.underlying == name;
    });
    const auto perpetual = std::find_if(chain.perpetuals.begin(), chain.perpetuals.end(),
                                        [&](const Listing& one) { return one.underlying == name; });
    if (option == chain.quotes.end() || perpetual == chain.perpetuals.end()) return;
    coin.option = option->instrument;
    coin.perpetual = *perpetual;
    coin.has_terms = true;
  }

  std::map<std::string, Coin> coins_;
};

/// Bars of the underlyings and of dollars; no other price is in a modelled chain.
std::vector<Bars> bars_of(std::vector<Bars> all, const std::map<std::string, Dvol>& levels) {
  std::erase_if(all, [&](const Bars& file) { return !levels.contains(file.coin) && !is_dollar(file.coin); });
  return all;
}

struct Walked {
  const CommonOptions& common;
  const BacktestSpan& span;
  const ChainBooks& books;
  const std::vector<Bars>& bars;
};

/// Margins at the chains of the span, in order. Chains before it are made too, since what is listed depends on them.
Result<std::vector<ChainMargins>> walk(const Walked& of, ModelledChains chains) {
  const std::int64_t first = (chains.first_ms() + step_ms - 1) / step_ms * step_ms;
  const std::int64_t last = std::min(chains.end_ms(), of.span.to_ms);
  const auto total = static_cast<std::size_t>(std::max<std::int64_t>(0, (last - first) / step_ms + 1));
  Progress progress(of.common, "modelled chains", total);
  std::vector<ChainMargins> margins;
  std::int64_t at = first;
  for (std::size_t done = 0; at <= last; done += batch) {
    std::vector<Chain> made;
    for (; at <= last && made.size() < batch; at += step_ms) {
      std::optional<Chain> chain = chains.next(Timestamp::from_ms(at));
      if (chain && at >= of.span.from_ms) made.push_back(std::move(*chain));
    }
    std::vector<Result<ChainMargins>> results(made.size(), fail({.message = "not walked"}));
    parallel_for(made.size(), of.common.threads,
                 [&](std::size_t i) { results[i] = modelled_margins(made[i], of.books, of.bars); });
    for (Result<ChainMargins>& result : results) margins.push_back(TRY(std::move(result)));
    progress.at(std::min(done + batch, total));
  }
  if (!margins.empty()) return margins;
  return fail({.message = "there is no time with a vol index and an index of every underlying",
               .field = "--data",
               .remedy = "give bars of the days of --dvol, and --from and --to among them"});
}

}  // namespace

Result<Exit> run_backtest_modelled(const CommonOptions& common, const BacktestOptions& options,
                                   const BacktestSpan& span) {
  TRY_VOID(check_chain_options(options));
  const LoadedRecipe loaded = TRY(walked_recipe(options.recipe));
  const std::map<std::string, Dvol> levels = TRY(read_levels(options.dvol));
  std::vector<std::string> names;
  for (const auto& [name, unused] : levels) names.push_back(name);
  const std::vector<OptionBookRule> rules = TRY(option_book_rules(options.books, names));
  std::vector<Bars> all_bars = TRY(load_bars(options.data, "--data"));
  const std::vector<Bars> bars = bars_of(std::move(all_bars), levels);
  const std::vector<std::string> files = TRY(chain_files(options.chains, "--chains"));
  Recorded recorded(levels);
  for (const std::string& file : files) TRY_VOID(recorded.read(file));
  std::vector<ModelledCoin> coins = TRY(recorded.coins(levels));
  ModelledChains chains = TRY(ModelledChains::of(std::move(coins), bars));
  const ChainBooks books{loaded.recipe,    loaded.scenarios,    rules,
                         options.notional, options.maintenance, common.isa.value_or(best_isa())};
  const std::vector<ChainMargins> margins = TRY(walk({common, span, books, bars}, std::move(chains)));
  return report_chains(common, options, {loaded, rules, margins, files, recorded.about(levels, files)});
}

}  // namespace margrave
