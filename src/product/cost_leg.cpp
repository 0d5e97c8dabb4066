#include "product/cost_leg.h"

namespace margrave {
namespace {

/// a / b * 10^power, rounded down; b > 0. nullopt-free: overflow is an error.
Result<i128> scaled_ratio(i128 a, i128 b, int power) {
  i128 top = a, bottom = b;
  const bool fits = power >= 0 ? power <= 38 && multiply(top, power_of_ten(power), top)
                               : -power <= 38 && multiply(bottom, power_of_ten(-power), bottom);
  if (!fits) return fail({.kind = ErrorKind::overflow, .message = "the cost of a position leaves 128 bits"});
  return divide(top, bottom, Round::down);
}

}  // namespace

Result<i128> cost_leg(const Registry& registry, InstrumentId id, Lots lots, const Decimal& price) {
  const Instrument& instrument = registry[id];
  CHECK(price.units > 0);
  const int asset_decimals = registry[instrument.settlement].decimals;
  const Decimal content = TRY(lot_content(instrument));

  i128 amount = 0;
  bool fits = multiply(static_cast<i128>(lots.raw), content.units, amount);
  if (instrument.is_forward() && instrument.style == Style::inverse) {
    if (!fits) return fail({.kind = ErrorKind::overflow, .message = "the cost of a position leaves 128 bits"});
    return scaled_ratio(amount, price.units, asset_decimals + price.decimals - content.decimals);
  }
  fits = fits && multiply(-amount, price.units, amount);
  if (!fits) return fail({.kind = ErrorKind::overflow, .message = "the cost of a position leaves 128 bits"});
  return scaled_ratio(amount, 1, asset_decimals - content.decimals - price.decimals);
}

}  // namespace margrave
