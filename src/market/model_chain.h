#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "market/chain.h"

namespace margrave {

/// What a chain made from a model looks like: for examples, benchmarks and tests, where recorded quotes may not go.
struct ModelChain {
  std::string coin{"BTC"};
  double index{80'000};  ///< USD
  Timestamp as_of{};
  int expiries{12};          ///< from one day to two years, closer at the short end
  int options{800};          ///< calls and puts over all expiries, about this many
  double vol{0.55};          ///< at the money, long end
  double half_spread{0.01};  ///< of bid and ask around the mark, in vol
  double noise{0.002};       ///< of mark vols around the smile, in vol
  std::uint64_t seed{1};
};

/// A perpetual, a future per expiry and calls and puts on strikes around each forward, marked off an arbitrage-free
/// surface with a skew, plus noise; deep options have no bid, as on a venue. Names are in the common form
/// COIN-YYYYMMDD-STRIKE-C. Deterministic in the arguments.
Chain model_chain(const ModelChain& model);

}  // namespace margrave
