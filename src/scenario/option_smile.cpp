#include "scenario/option_smile.h"

#include <cmath>

#include "base/check.h"
#include "market/surface.h"

namespace margrave {

Smile smile_of(const Market& market, InstrumentId id) {
  const double mark_vol = market.state.instruments[id.index()].vol;
  const ExpiryState* expiry = expiry_of(market, market.registry[id]);
  const bool has_slice = expiry != nullptr && expiry->smile.has_value();
  const bool use_slice = has_slice && (market.state.prefer == VolSource::surface || std::isnan(mark_vol));
  if (use_slice) return *expiry->smile;
  const std::optional<double> vol = vol_of(market, id);
  CHECK(vol.has_value());
  return FlatVol{*vol};
}

}  // namespace margrave
