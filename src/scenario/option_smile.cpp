#include "scenario/option_smile.h"

#include <cmath>

#include "base/check.h"
#include "market/surface.h"
#include "market/svi.h"
#include "math/elementary.h"

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

double vol_at(const Smile& smile, double k, double years) {
  if (const auto* flat = std::get_if<FlatVol>(&smile)) return flat->vol;
  const double variance = total_variance(std::get<SviSlice>(smile), k);
  return __builtin_sqrt((variance > 0 ? variance : 0.0) / years);
}

double vol_now(const Market& market, InstrumentId id) {
  const Instrument& instrument = market.registry[id];
  const ExpiryState* expiry = expiry_of(market, instrument);
  CHECK(expiry != nullptr);
  const double k = stable_log(instrument.strike.to_double() / expiry->forward);
  const std::int64_t seconds = seconds_between(market.state.as_of, instrument.expiry);
  return vol_at(smile_of(market, id), k, static_cast<double>(seconds) / static_cast<double>(seconds_per_year));
}

}  // namespace margrave
