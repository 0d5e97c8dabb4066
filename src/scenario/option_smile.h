#pragma once

#include "market/state.h"
#include "pricing/option_row.h"

namespace margrave {

/// Where an option's vol comes from in scenarios: its mark vol, kept under every move of the forward; or the slice of
/// its own expiry, read at the moneyness of the scenario; or, for an expiry between slices, the surface's vol at its
/// strike, kept. As state.prefer says, each falling back on what is there. Precondition: vol_of() has a value.
Smile smile_of(const Market& market, InstrumentId id);

/// Annualised vol of a smile at log-moneyness k; a slice is of an expiry so many years ahead.
double vol_at(const Smile& smile, double k, double years);

/// Annualised vol that an option is valued with now. Precondition: it has one, and a forward, and has not expired.
double vol_now(const Market& market, InstrumentId id);

}  // namespace margrave
