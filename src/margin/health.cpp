#include "margin/health.h"

#include "base/mul_div.h"

namespace margrave {

std::optional<i128> health_in_units(Usd equity, Usd maintenance, int decimals) {
  if (maintenance.raw == 0) return equity.raw < 0 ? std::optional<i128>(0) : std::nullopt;
  i128 units = 0;
  if (mul_div(equity.raw, power_of_ten(decimals), maintenance.raw, Round::down, units)) return units;
  return equity.raw < 0 ? i128_min : i128_max;
}

std::optional<Multiple> health_factor(Usd equity, Usd maintenance) {
  const auto units = health_in_units(equity, maintenance, Multiple::decimals);
  return units ? std::optional(Multiple{*units}) : std::nullopt;
}

}  // namespace margrave
