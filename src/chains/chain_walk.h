#pragma once

#include <map>
#include <string>
#include <vector>

#include "chains/chain_sets.h"
#include "chains/moves_at.h"
#include "walk/walk_judgement.h"

namespace margrave {

/// A chain, and what was known of volatility when it was taken.
struct KnownChain {
  Chain chain;
  std::map<std::string, double> variance;  ///< per hour, by coin; empty: too short a past for a margin
  std::vector<VolStep> steps{};            ///< of vol beside the spot, where sets are to have moves of it
};

/// A contract that a book holds, as far as a later chain must know it.
struct ChainHolding {
  Instrument terms;
  std::string underlying;
  double lots{0}, value{0};  ///< value: USD of all lots; of a forward its notional, with its sign
};

/// Every book at one chain, and the prices of the chain. By book: no holdings where it is not margined.
struct ChainMargins {
  std::int64_t at_ms{0};
  std::vector<UpdateCell> cells;
  std::vector<std::vector<ChainHolding>> holdings;
  std::map<std::string, double> option_usd;  ///< a lot's worth, by name
  std::map<std::string, double> index;       ///< by underlying
  std::string first_error;
};

/// Margins of the books at a chain. Errors: those of build_market(), of the sets and of revalue().
Result<ChainMargins> margins_at(const KnownChain& known, const ChainBooks& books, const ChainSets& sets);

/// Windows between chains: each begins at a chain and ends at the one nearest to eight hours later of those four to
/// twelve hours later; the next begins where it ended, or at the next chain where there is none.
inline constexpr std::int64_t least_window_ms = 4LL * 3'600'000, most_window_ms = 12LL * 3'600'000;
struct ChainWindow {
  std::size_t begin{0}, end{0};  ///< of chains
};
/// Shapes: ascending times of n chains -> windows that do not overlap.
std::vector<ChainWindow> chain_windows(const std::vector<std::int64_t>& at_ms);

/// The loss of a book from one chain to another: options at the later chain's own worth, expired ones at the index of
/// whichever of the two chains is nearer to expiry, perpetuals by the index. Nothing where a contract has no price
/// there.
std::optional<double> loss_between(const ChainMargins& from, const ChainMargins& to,
                                   const std::vector<ChainHolding>& holdings);

/// Windows and updates in the form that judge_walk() reads; every update begins a window. `spec.window_ms` is eight
/// hours: true lengths are in `hours`.
struct ChainWalk {
  BookWalk walk;
  BookWalkSpec spec;
  double mean_hours{0};
  std::size_t chains{0}, gaps{0};  ///< gaps: chains that begin no window
};
/// Errors: no window at all.
Result<ChainWalk> walk_chains(const std::vector<ChainMargins>& chains, const std::vector<OptionBookRule>& rules);

/// judge_walk() with the margin calls of accounts that go on where a window begins at the end of the one before.
Result<WalkJudgement> judge_chains(const ChainWalk& walk, const std::vector<ChainMargins>& chains, const JudgeSpec& of);

/// The books of one kind together.
struct KindJudgement {
  std::string kind;
  std::size_t windows{0}, breaches{0};
  double uncovered{0}, worst_excess{0}, mean_margin{0};  ///< means over windows, in parts of the gross notional
};
/// By kind, in the order of the rules; kinds without a tested window are not there.
std::vector<KindJudgement> by_kind(const WalkJudgement& judged, const std::vector<OptionBookRule>& rules);

}  // namespace margrave
