#include "market/quote_vol.h"

#include <cmath>
#include <span>

#include "market/state.h"
#include "math/elementary.h"
#include "pricing/black76.h"
#include "pricing/implied_vol.h"

namespace margrave {
namespace {

/// Undiscounted price in USD per coin is price times this: an inverse premium is in units of the forward.
double undiscounted(const PricedOption& option) {
  return option.terms->style == Style::inverse ? option.forward : stable_exp(option.rate * option.years);
}

/// Pricing takes no more than this; no price of ours is outside it.
bool is_in_range(double value) { return value > 1e-100 && value < 1e100; }

}  // namespace

double vol_of_price(const PricedOption& option, double price) {
  const double strike = option.terms->strike.to_double(), target = price * undiscounted(option);
  if (!is_in_range(strike) || !is_in_range(option.forward) || !is_in_range(target)) return absent;
  double vol = absent;
  using Vols = void (*)(const ImpliedVolBatch&, std::span<double>);
  const Vols vols = option.terms->is_call ? static_cast<Vols>(implied_call_vols) : static_cast<Vols>(implied_put_vols);
  const ImpliedVolBatch batch{.forward = option.forward,
                              .expiry = option.years,
                              .strikes = std::span(&strike, 1),
                              .prices = std::span(&target, 1)};
  vols(batch, std::span(&vol, 1));
  return vol > 0 ? vol : absent;  // 0 is a price at intrinsic value
}

double price_of_vol(const PricedOption& option, double vol) {
  return black76_accurate({.forward = option.forward,
                           .strike = option.terms->strike.to_double(),
                           .expiry = option.years,
                           .vol = vol,
                           .is_call = option.terms->is_call}) /
         undiscounted(option);
}

}  // namespace margrave
