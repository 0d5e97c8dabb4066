#pragma once

#include <optional>
#include <string>
#include <vector>

#include "margin/assess.h"

namespace margrave {

/// An amount of both levels.
struct LevelAmounts {
  Usd initial, maintenance;
  constexpr auto operator<=>(const LevelAmounts&) const = default;
};

/// What the positions on one underlying need, without balances and without the others.
struct UnderlyingAlone {
  std::string name;
  LevelAmounts requirement;
};

/// What the positions on two underlyings need apart, less what they need together.
struct PairCredit {
  std::size_t first{0}, second{0};  ///< indices into `underlyings`
  LevelAmounts credit;
};

/// How much less an account needs than its parts would need alone. A credit is below zero where a recipe asks for more
/// of the whole than of its parts: a value at risk may.
struct Diversification {
  static constexpr std::size_t most_positions = 2000;  ///< above: underlyings stand alone, and there are no pairs
  static constexpr std::size_t most_underlyings = 12;  ///< that are listed and paired

  bool by_underlying{false};                   ///< what stands alone is an underlying's positions, not each position
  std::size_t parts{0};                        ///< how many stood alone
  LevelAmounts parts_alone;                    ///< the sum of their requirements
  std::optional<LevelAmounts> balances_alone;  ///< where a measure of the recipe holds balances, and there are some
  LevelAmounts together;                       ///< the account's requirement
  LevelAmounts credit;                         ///< parts_alone + balances_alone - together
  std::vector<UnderlyingAlone> underlyings;    ///< the largest initial margins first; ties as the registry lists them
  std::vector<std::string> left_out;           ///< underlyings beyond most_underlyings
  std::vector<PairCredit> pairs;
};

/// The credit of an account whose report is given, from brief assessments of its parts on `threads` threads: one per
/// position, underlying and pair. Sums and differences of requirements are exact; each requirement is rounded up.
///
/// Errors: those of assess_brief() for a part, which may leave 128 bits where the whole does not.
/// Source: docs/methods/margin.md
Result<Diversification> diversification(const MarginInputs& inputs, const Book& book, const MarginReport& report,
                                        unsigned threads = 1);

}  // namespace margrave
