#pragma once

#include "array/risk_array.h"
#include "base/isa.h"
#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

struct RevalueOptions {
  Isa isa{Isa::portable};
  unsigned threads{1};
  RowWidth width{RowWidth::narrow};
  /// Exponents fixed at an earlier listing, by row name; a row that is not there gets its own from its widest scenario.
  /// A row that leaves its listed exponent is an error: rescaling is a version of its own.
  std::vector<std::pair<std::string, int>> listed{};
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
/// Errors: no scenario at all, more columns than limits::scenarios, a listed exponent that a value has outgrown.
Result<Revaluation> revalue(const Market& market, const std::vector<ScenarioSet>& sets, const RevalueOptions& options);

}  // namespace margrave
