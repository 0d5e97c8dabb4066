#pragma once

#include "market/state.h"

namespace margrave {

/// Sensitivities of one lot in USD terms; per contract type the units are the same, so they add over a portfolio.
///   delta_coins              coins of the underlying whose price change it has
///   gamma_coins_per_usd      change of delta per USD of the underlying
///   vega_usd_per_point       USD per vol point (0.01)
///   theta_usd_per_day        USD per day (year/365) that passes
///   rho_usd_per_percent      USD per percentage point of the rate
///   vanna_usd_per_point_percent  change of vega per +1 % of the underlying, USD per point
///   volga_usd_per_point2     change of vega per vol point, USD per point squared
///   charm_coins_per_day      change of delta per day
struct LotGreeks {
  double delta_coins{0}, gamma_coins_per_usd{0}, vega_usd_per_point{0}, theta_usd_per_day{0}, rho_usd_per_percent{0},
      vanna_usd_per_point_percent{0}, volga_usd_per_point2{0}, charm_coins_per_day{0};

  LotGreeks& operator+=(const LotGreeks& other);
  LotGreeks times(double lots) const;
};

/// Greeks of one lot now. An inverse option's USD value is content * index * Black(F, K) / F: its USD delta counts the
/// coin it pays in. What a settlement average has fixed of the forward does not move. Zero for what the market cannot
/// price.
LotGreeks lot_greeks(const Market& market, InstrumentId id);

}  // namespace margrave
