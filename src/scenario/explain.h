#pragma once

#include "array/risk_array.h"
#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// What one contract looks like at one point of a scenario's way: now, or in the scenario.
struct ContractPoint {
  double index{absent};    ///< USD per coin
  double forward{absent};  ///< options and futures: USD per coin
  double years{absent};    ///< options: time left
  double vol{absent};      ///< options
  double price{absent};    ///< in the instrument's price unit (inverse options: coin)
  double value{absent};    ///< USD (or numeraire, as below) of one lot, before dampening
};

/// One row of the array in one column, step by step: from the market to the integer. What is said in USD is in the
/// array's numeraire where it has one.
struct ExplainedEntry {
  ContractPoint now, then;
  double dampening{1};
  double counted{0};  ///< USD of one lot that counts: now + dampening (then - now)
  int exponent{0};    ///< entries count 2^exponent USD
  std::int64_t entry_now{0}, entry{0};
};

/// Explains the instrument's row in a column of the array, which was made from these market and sets. The steps are
/// computed again from the market; the entries are the array's. Precondition: the array has the row.
ExplainedEntry explain_entry(const Market& market, const std::vector<ScenarioSet>& sets, const RiskArray& array,
                             InstrumentId id, std::uint32_t column);

}  // namespace margrave
