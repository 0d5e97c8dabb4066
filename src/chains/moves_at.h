#pragma once

#include "base/isa.h"
#include "chains/moves_study.h"
#include "chains/option_book.h"
#include "chains/own_moves.h"
#include "market/chain.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// What is margined at every chain, and how. The referenced objects outlive it.
struct ChainBooks {
  const Recipe& recipe;
  const std::vector<ScenarioSpec>& scenarios;
  const std::vector<OptionBookRule>& rules;
  double notional{1'000'000};  ///< USD, of the options of every book
  bool maintenance{false};     ///< that margin counts, not the initial
  Isa isa{Isa::portable};
};

/// Every book of one chain: its requirement, and what it loses at most over the recipe's own moves.
struct MovesAtChain {
  std::vector<MovesCase> cases;  ///< in the order of the rules
  std::size_t unplaced{0}, failed{0};
  std::string first_error{};
};
/// Errors: those of build_market(), of sets that need bars, and of revalue().
Result<MovesAtChain> moves_at(const Chain& chain, const ChainBooks& books, const OwnMoves& moves);

}  // namespace margrave
