#include "scenario/row_scalars.h"

#include <cmath>

#include "scenario/greeks.h"
#include "scenario/option_smile.h"
#include "scenario/rounding.h"

namespace margrave {
namespace {

void set(RiskArrayBuilder& builder, std::uint32_t row, ScalarField field, double value) {
  i128 rounded = 0;
  if (!std::isnan(value) && round_scalar(value, scale_of(field).decimals, rounded))
    builder.set_scalar(row, field, rounded);
}

/// Bit s is set when set s says nothing of the coin, of what it is paid in, or of what values are counted in.
i128 uncovered_sets(const ScalarSource& from, AssetId coin, AssetId settlement) {
  i128 mask = 0;
  const AssetId counted_in = from.numeraire.value_or(settlement);
  for (std::size_t s = 0; s < from.sets.size(); ++s) {
    const std::vector<bool>& uncovered = from.sets[s].uncovered;
    if (uncovered[coin.index()] || uncovered[settlement.index()] || uncovered[counted_in.index()]) mask |= i128{1} << s;
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

/// What an instrument has of its expiry.
void set_expiry(RiskArrayBuilder& builder, std::uint32_t row, const Market& market, const Instrument& instrument) {
  builder.set_scalar(row, ScalarField::seconds_to_expiry, seconds_between(market.state.as_of, instrument.expiry));
  const ExpiryState* expiry = expiry_of(market, instrument);
  if (expiry == nullptr) return;
  set(builder, row, ScalarField::forward, expiry->forward);
  set(builder, row, ScalarField::rate, expiry->rate);
}

double confidence_of_row(const Market& market, InstrumentId id) {
  const Instrument& instrument = market.registry[id];
  const double own = market.state.instruments[id.index()].confidence;
  const ExpiryState* expiry = instrument.kind == Kind::option ? expiry_of(market, instrument) : nullptr;
  return expiry != nullptr && expiry->confidence < own ? expiry->confidence : own;
}

}  // namespace

void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const ScalarSource& from, InstrumentId id) {
  const Market& market = from.market;
  const Instrument& instrument = market.registry[id];
  const InstrumentState& state = market.state.instruments[id.index()];
  const UnderlyingState& underlying = market.state.underlyings[instrument.underlying.index()];
  set(builder, row, ScalarField::index, underlying.index);
  set(builder, row, ScalarField::mark, state.mark);
  double notional = notional_of(market, instrument, state, underlying.index);
  if (from.numeraire) notional /= market.state.asset_usd[from.numeraire->index()];
  set(builder, row, ScalarField::notional, notional);
  if (instrument.expires()) set_expiry(builder, row, market, instrument);
  if (instrument.kind == Kind::option) set(builder, row, ScalarField::vol, vol_now(market, id));
  if (instrument.kind == Kind::perpetual) set(builder, row, ScalarField::funding_rate, state.funding_rate);
  set(builder, row, ScalarField::confidence, confidence_of_row(market, id));
  set(builder, row, ScalarField::index_confidence, underlying.confidence);
  const LotGreeks greeks = lot_greeks(market, id);
  set(builder, row, ScalarField::delta, greeks.delta_coins);
  set(builder, row, ScalarField::vega, greeks.vega_usd_per_point);
  set(builder, row, ScalarField::gamma, greeks.gamma_coins_per_usd);
  if (!std::isnan(state.open_interest)) {
    set(builder, row, ScalarField::open_interest, state.open_interest / instrument.lot.to_double());
  }
  if (!std::isnan(state.volume)) set(builder, row, ScalarField::volume, state.volume / instrument.lot.to_double());
  builder.set_scalar(row, ScalarField::uncovered_sets,
                     uncovered_sets(from, market.registry[instrument.underlying].coin, instrument.settlement));
}

void set_scalars(RiskArrayBuilder& builder, std::uint32_t row, const ScalarSource& from, AssetId id) {
  const MarketState& state = from.market.state;
  const double usd = state.asset_usd[id.index()];
  set(builder, row, ScalarField::mark, usd);
  set(builder, row, ScalarField::confidence, confidence_of(state, id));
  double one = usd;
  if (from.numeraire) one = id == *from.numeraire ? 1.0 : usd / state.asset_usd[from.numeraire->index()];
  i128 value = 0;
  if (round_scalar(one, scale_of(ScalarField::mark).decimals, value)) {
    builder.set_scalar(row, ScalarField::value, value);
    builder.set_scalar(row, ScalarField::value_decimals,
                       scale_of(ScalarField::mark).decimals + from.market.registry[id].decimals);
  }
  builder.set_scalar(row, ScalarField::uncovered_sets, uncovered_sets(from, id, id));
}

void set_value(RiskArrayBuilder& builder, std::uint32_t row, double value_of_lot) {
  constexpr int decimals = 18;
  i128 value = 0;
  if (!round_scalar(value_of_lot, decimals, value)) return;
  builder.set_scalar(row, ScalarField::value, value);
  builder.set_scalar(row, ScalarField::value_decimals, decimals);
}

}  // namespace margrave
