#pragma once

#include "array/risk_array.h"
#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// The market numbers that a margin rule may read of one row: index, mark, notional, forward, seconds to expiry,
/// Greeks, open interest, and the sets that do not cover its coin. What the market does not give stays absent.
void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const Market& market, InstrumentId id,
                 const std::vector<ScenarioSet>& sets);
void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const Market& market, AssetId id,
                 const std::vector<ScenarioSet>& sets);

/// The exact value now of an instrument's row: USD of one lot. (An asset's follows from its price: set_scalars.)
void set_value(RiskArrayBuilder& builder, std::uint32_t row, double usd_per_lot);

}  // namespace margrave
