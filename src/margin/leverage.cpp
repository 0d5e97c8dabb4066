#include "margin/leverage.h"

#include "base/mul_div.h"
#include "margin/group.h"

namespace margrave {
namespace {

std::optional<Multiple> multiple_of(std::optional<Usd> gross, Usd base, Round round) {
  if (!gross || base.raw <= 0) return std::nullopt;
  i128 units = 0;
  if (!mul_div(gross->raw, power_of_ten(Multiple::decimals), base.raw, round, units)) return std::nullopt;
  return Multiple{units};
}

}  // namespace

constexpr i128 notional_step = power_of_ten(scale_of(ScalarField::notional).decimals - Usd::decimals);

Result<Usd> notional_of(const RiskArray& array, const Holding& position) {
  const auto notional = array.scalar(position.row, ScalarField::notional);
  if (!notional) return fail({.message = array.name(position.row) + " has no notional"});
  const Round away = position.quantity >= 0 ? Round::up : Round::down;
  Usd amount;
  if (mul_div(position.quantity, *notional, notional_step, away, amount.raw)) return amount;
  return fail({.kind = ErrorKind::overflow,
               .message = "the notional of " + array.name(position.row) + " leaves 128 bits",
               .remedy = "split the account"});
}

std::optional<Usd> gross_notional(const RiskArray& array, const std::vector<Line>& lines) {
  i128 gross = 0;
  for (const Line& line : lines) {
    const auto notional = array.scalar(line.position.row, ScalarField::notional);
    i128 exact = 0, part = 0;
    if (notional && *notional >= 0 && multiply(abs128(line.position.quantity), *notional, exact)) {
      const u128 units = static_cast<u128>(exact) / static_cast<u128>(notional_step);
      part = static_cast<i128>(units) + (static_cast<u128>(exact) != units * static_cast<u128>(notional_step) ? 1 : 0);
    } else {
      const Result<Usd> rounded = notional_of(array, line.position);
      if (!rounded || rounded->raw == i128_min) return std::nullopt;
      part = abs128(rounded->raw);
    }
    if (!add(gross, part, gross)) return std::nullopt;
  }
  return Usd{gross};
}

std::optional<Multiple> effective_leverage(std::optional<Usd> gross, Usd equity) {
  return multiple_of(gross, equity, Round::up);
}

std::optional<Multiple> maximum_leverage(std::optional<Usd> gross, Usd initial) {
  return multiple_of(gross, initial, Round::down);
}

}  // namespace margrave
