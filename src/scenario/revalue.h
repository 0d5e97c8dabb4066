#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "array/risk_array.h"
#include "base/isa.h"
#include "market/state.h"
#include "scenario/path.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// Which instruments and assets are to have a row, by id; empty: all.
struct WantedRows {
  std::vector<bool> instruments, assets;
};

struct RevalueOptions {
  Isa isa{Isa::portable};
  unsigned threads{1};
  RowWidth width{RowWidth::narrow};
  /// Exponents fixed at an earlier listing, by row name; a row that is not there gets its own from its widest scenario.
  /// A row that leaves its listed exponent is an error: rescaling is a version of its own.
  std::vector<std::pair<std::string, int>> listed{};
  /// Values are in units of this asset instead of USD: in every scenario divided by its price there, so that its own
  /// balance moves in none. The scalars value and notional are in it too; mark, index and Greeks stay in USD.
  std::optional<AssetId> numeraire{};
  bool discounted{true};  ///< false: linear options are worth their undiscounted price, whatever the rate
  WantedRows only{};      ///< a row is as it is among all; what is not wanted is not priced, nor found wanting
};

struct Revaluation {
  RiskArray array;
  /// Instruments and assets without a row, and why ("no mark price", "no vol", "expired"). Nobody holding one can be
  /// margined.
  std::vector<Finding> unpriced;
};

/// Market x scenario sets -> array: the only place where a double becomes an integer, once, by round-half-even. Every
/// set is a range of columns; column 0 is now. The bits depend on the market and the sets only: not on the instruction
/// set, the threads or the compiler. docs/methods/revaluation.md
///
/// The globals of the array have `peg`, and with a numeraire `settlement_price`, USD per unit of it; the plan names it.
///
/// Errors: no scenario at all, more columns than limits::scenarios, a listed exponent that a value has outgrown, a
/// numeraire without a price.
Result<Revaluation> revalue(const Market& market, const std::vector<ScenarioSet>& sets, const RevalueOptions& options);
/// The same along a path that was made of these sets, and of a market with the same registry.
Result<Revaluation> revalue(const Market& market, const std::vector<ScenarioSet>& sets, const MarketPath& path,
                            const RevalueOptions& options);

}  // namespace margrave
