#pragma once

#include "product/instrument.h"

namespace margrave {

/// One option price and what it takes to turn it into a vol.
struct PricedOption {
  const Instrument* terms{nullptr};
  double forward{0};  ///< USD per coin, > 0
  double years{0};    ///< > 0
  double rate{0};     ///< discounts linear options
};

/// The vol at which Black-76 gives the price (inverse: coin per coin, linear: settlement asset per coin). Absent for a
/// price that no vol above 0 gives: at or below intrinsic value, or at or above the forward's (a put: the strike's).
double vol_of_price(const PricedOption& option, double price);

/// The Black-76 price at a vol >= 0, in the same units.
double price_of_vol(const PricedOption& option, double vol);

}  // namespace margrave
