#pragma once

#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// A market that was never seen, made from a seed: coins with inverse and linear perpetuals, futures and options over
/// several expiries, mark vols and smiles. For digests, benchmarks and doctor, where the same input is needed on every
/// machine without a file.
struct SampleSize {
  std::size_t coins{2};
  std::size_t expiries{6};
  std::size_t strikes{20};  ///< each with a call and a put
  std::size_t first{0};     ///< expiry to begin with: 0 is in six hours, 1 in one day, then 13, 33, ... days
  bool forwards{true};      ///< with perpetuals and futures
};
Market sample_market(const SampleSize& size, std::uint64_t seed);

/// Joint random moves of all coins, of vol, basis and rate.
ScenarioSet sample_scenarios(const Market& market, std::size_t count, std::uint64_t seed, bool at_horizon);

}  // namespace margrave
