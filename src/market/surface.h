#pragma once

#include <optional>

#include "market/state.h"

namespace margrave {

/// Total variance of an underlying at any expiry and log-moneyness k = ln(K / F), from the smiles of its state.
///
/// Between two expiries it is linear in time at fixed k, so a surface without calendar arbitrage on its slices has none
/// between them. Before the first smile vol is that of the first; after the last, variance grows with the forward
/// variance between the last two (with the last vol where there is only one). Expiries without a smile are passed over.
/// None when there is no smile at all or the expiry is not after as_of. ACT/365. Only + - * / sqrt.
std::optional<double> surface_variance(const UnderlyingState& state, Timestamp as_of, Timestamp expiry, double k);

/// The same as annualised vol.
std::optional<double> surface_vol(const UnderlyingState& state, Timestamp as_of, Timestamp expiry, double k);

/// The vol of a listed option: its mark vol or the surface's, as state.prefer says, and the other where that one is not
/// there. None when there is neither, or no forward for its expiry. The instrument must be an option.
std::optional<double> vol_of(const Market& market, InstrumentId option);

/// What a reader must know of an option whose vol is not given and comes from the surface.
Finding borrowed_vol(const std::string& option);

}  // namespace margrave
