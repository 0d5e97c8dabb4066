#include "scenario/row_scalars.h"

#include <cmath>

#include "scenario/greeks.h"
#include "scenario/rounding.h"

namespace margrave {
namespace {

void set(RiskArrayBuilder& builder, std::uint32_t row, ScalarField field, double value) {
  i128 rounded = 0;
  if (!std::isnan(value) && round_scalar(value, scale_of(field).decimals, rounded))
    builder.set_scalar(row, field, rounded);
}

/// Bit s is set when set s says nothing of the coin, or of what it is paid in.
i128 uncovered_sets(const std::vector<ScenarioSet>& sets, AssetId coin, AssetId settlement) {
  i128 mask = 0;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    if (sets[s].uncovered[coin.index()] || sets[s].uncovered[settlement.index()]) mask |= i128{1} << s;
  }
  return mask;
}

/// USD of one lot at the index; for forwards at the mark, which is what a venue charges on.
double notional_of(const Market& market, const Instrument& instrument, const InstrumentState& state, double index) {
  const double content = lot_content(instrument)->to_double();
  const double settle = market.state.asset_usd[instrument.settlement.index()];
  if (instrument.kind == Kind::option) return content * index;
  return instrument.style == Style::linear ? content * state.mark * settle : content * settle / state.mark;
}

}  // namespace

void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const Market& market, InstrumentId id,
                 const std::vector<ScenarioSet>& sets) {
  const Instrument& instrument = market.registry[id];
  const InstrumentState& state = market.state.instruments[id.index()];
  const double index = market.state.underlyings[instrument.underlying.index()].index;
  set(builder, row, ScalarField::index, index);
  set(builder, row, ScalarField::mark, state.mark);
  set(builder, row, ScalarField::notional, notional_of(market, instrument, state, index));
  if (instrument.expires()) {
    builder.set_scalar(row, ScalarField::seconds_to_expiry, seconds_between(market.state.as_of, instrument.expiry));
    if (const ExpiryState* expiry = expiry_of(market, instrument))
      set(builder, row, ScalarField::forward, expiry->forward);
  }
  const LotGreeks greeks = lot_greeks(market, id);
  set(builder, row, ScalarField::delta, greeks.delta_coins);
  set(builder, row, ScalarField::vega, greeks.vega_usd_per_point);
  set(builder, row, ScalarField::gamma, greeks.gamma_coins_per_usd);
  if (!std::isnan(state.open_interest)) {
    set(builder, row, ScalarField::open_interest, state.open_interest / instrument.lot.to_double());
  }
  builder.set_scalar(row, ScalarField::uncovered_sets,
                     uncovered_sets(sets, market.registry[instrument.underlying].coin, instrument.settlement));
}

void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const Market& market, AssetId id,
                 const std::vector<ScenarioSet>& sets) {
  const double usd = market.state.asset_usd[id.index()];
  set(builder, row, ScalarField::mark, usd);
  i128 value = 0;
  if (round_scalar(usd, scale_of(ScalarField::mark).decimals, value)) {
    builder.set_scalar(row, ScalarField::value, value);
    builder.set_scalar(row, ScalarField::value_decimals,
                       scale_of(ScalarField::mark).decimals + market.registry[id].decimals);
  }
  builder.set_scalar(row, ScalarField::uncovered_sets, uncovered_sets(sets, id, id));
}

void set_value(RiskArrayBuilder& builder, std::uint32_t row, double usd_per_lot) {
  constexpr int decimals = 18;
  i128 value = 0;
  if (!round_scalar(usd_per_lot, decimals, value)) return;
  builder.set_scalar(row, ScalarField::value, value);
  builder.set_scalar(row, ScalarField::value_decimals, decimals);
}

}  // namespace margrave
