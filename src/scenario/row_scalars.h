#pragma once

#include <optional>
#include <vector>

#include "array/risk_array.h"
#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// What the scalars of a row are made from, besides the row.
struct ScalarSource {
  const Market& market;
  const std::vector<ScenarioSet>& sets;
  std::optional<AssetId> numeraire{};  ///< of values and notionals; all other scalars are of the market, in USD
};

/// The market numbers that a margin rule may read of one row: index, mark, notional, forward, seconds to expiry,
/// Greeks, open interest, volume, rate, vol, funding, confidences, and the sets that do not cover its coin, what it
/// settles in or the numeraire. What the market does not give stays absent; a confidence is always there. The
/// instrument can be priced.
void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const ScalarSource& from, InstrumentId id);
/// Of an asset also its exact value now: that of one unit, shown in smallest units.
void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const ScalarSource& from, AssetId id);

/// The exact value now of an instrument's row: USD, or numeraire, of one lot.
void set_value(RiskArrayBuilder& builder, std::uint32_t row, double value_of_lot);

}  // namespace margrave
