#include "scenario/greeks.h"

#include <cmath>

#include "market/surface.h"
#include "pricing/greeks.h"

namespace margrave {
namespace {

/// The option's USD value is unit * Black(F), F = fixed + ratio * index. Unit and ratio stay as the index moves, but
/// for an inverse option the unit grows by the part `coin` per USD: the coin it pays moves wholly, the fixed part does
/// not.
struct OptionUnit {
  double unit, ratio, rate, coin;
};

OptionUnit option_unit(const Market& market, const Instrument& instrument, const ExpiryState& expiry) {
  const double content = lot_content(instrument)->to_double();
  const double usd = market.state.asset_usd[instrument.settlement.index()];
  const double index = market.state.underlyings[instrument.underlying.index()].index;
  const double ratio = (expiry.forward - expiry.fixed) / index;
  if (instrument.style == Style::linear) return {content * usd, ratio, expiry.rate, 0.0};
  return {content * usd / expiry.forward, ratio, 0.0, expiry.fixed / (expiry.forward * index)};
}

LotGreeks option_greeks(const Market& market, InstrumentId id, const Instrument& instrument) {
  const ExpiryState* expiry = expiry_of(market, instrument);
  const std::optional<double> vol = vol_of(market, id);
  if (expiry == nullptr || !vol || !(expiry->forward > 0)) return {};
  const OptionUnit on = option_unit(market, instrument, *expiry);
  const double years = years_between(market.state.as_of, instrument.expiry);
  const Greeks black = black76_greeks({.forward = expiry->forward,
                                       .strike = instrument.strike.to_double(),
                                       .expiry = years,
                                       .vol = *vol,
                                       .is_call = instrument.is_call},
                                      on.rate);
  const double cross = 2 * on.ratio * on.coin * (black.delta - black.price / expiry->forward);
  return {.delta_coins = on.unit * on.ratio * black.delta + on.unit * on.coin * black.price,
          .gamma_coins_per_usd = on.unit * on.ratio * on.ratio * black.gamma + on.unit * cross,
          .vega_usd_per_point = on.unit * black.vega / 100,
          .theta_usd_per_day = on.unit * black.theta / 365,
          .rho_usd_per_percent = instrument.style == Style::linear ? on.unit * black.rho / 100 : 0.0,
          .vanna_usd_per_point_percent = on.unit * black.vanna * (expiry->forward - expiry->fixed) / 10000,
          .volga_usd_per_point2 = on.unit * black.volga / 10000,
          .charm_coins_per_day = on.unit * on.ratio * black.charm / 365};
}

LotGreeks forward_greeks(const Market& market, InstrumentId id, const Instrument& instrument) {
  const double mark = market.state.instruments[id.index()].mark;
  const double usd = market.state.asset_usd[instrument.settlement.index()];
  const double index = market.state.underlyings[instrument.underlying.index()].index;
  const double content = lot_content(instrument)->to_double();
  if (!(mark > 0) || !(index > 0)) return {};
  // With its cost leg an inverse forward entered at the mark is worth content * (1/entry - 1/mark) coins: linear in
  // USD.
  const double value = instrument.style == Style::linear ? content * mark * usd : content / mark * usd;
  LotGreeks greeks;
  greeks.delta_coins = value / index;
  return greeks;
}

}  // namespace

LotGreeks& LotGreeks::operator+=(const LotGreeks& other) {
  delta_coins += other.delta_coins;
  gamma_coins_per_usd += other.gamma_coins_per_usd;
  vega_usd_per_point += other.vega_usd_per_point;
  theta_usd_per_day += other.theta_usd_per_day;
  rho_usd_per_percent += other.rho_usd_per_percent;
  vanna_usd_per_point_percent += other.vanna_usd_per_point_percent;
  volga_usd_per_point2 += other.volga_usd_per_point2;
  charm_coins_per_day += other.charm_coins_per_day;
  return *this;
}

LotGreeks LotGreeks::times(double lots) const {
  return {delta_coins * lots,          gamma_coins_per_usd * lots, vega_usd_per_point * lots,
          theta_usd_per_day * lots,    rho_usd_per_percent * lots, vanna_usd_per_point_percent * lots,
          volga_usd_per_point2 * lots, charm_coins_per_day * lots};
}

LotGreeks lot_greeks(const Market& market, InstrumentId id) {
  const Instrument& instrument = market.registry[id];
  if (instrument.kind == Kind::option) return option_greeks(market, id, instrument);
  return forward_greeks(market, id, instrument);
}

}  // namespace margrave
