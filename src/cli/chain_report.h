#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chains/chain_walk.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "report/backtest_books.h"

namespace margrave {

/// The books of --books over option chains: standard or random:N:SEED. Error names --books.
Result<std::vector<OptionBookRule>> option_book_rules(const std::string& asked,
                                                      const std::vector<std::string>& underlyings);

/// Refuses what a walk over bars has and one over chains does not.
Result<void> check_chain_options(const BacktestOptions& options);

/// A walk over chains that is done: every chain's margins, in order of time.
struct WalkedChains {
  const LoadedRecipe& loaded;
  const std::vector<OptionBookRule>& rules;
  const std::vector<ChainMargins>& chains;
  std::vector<std::string> files{};           ///< of recorded chains
  std::optional<ModelledWindows> modelled{};  ///< what the chains were made of, where none was recorded
};
/// Judges it and delivers the report. Errors: those of walk_chains() and judge_chains().
Result<Exit> report_chains(const CommonOptions& common, const BacktestOptions& options, const WalkedChains& of);

}  // namespace margrave
