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

Result<Usd> notional_of(const RiskArray& array, const Holding& position) {
  const auto notional = array.scalar(position.row, ScalarField::notional);
  if (!notional) return fail({.message = array.name(position.row) + " has no notional"});
  constexpr i128 step = power_of_ten(scale_of(ScalarField::notional).decimals - Usd::decimals);
  const Round away = position.quantity >= 0 ? Round::up : Round::down;
  Usd amount;
  if (mul_div(position.quantity, *notional, step, away, amount.raw)) return amount;
  return fail({.kind = ErrorKind::overflow,
               .message = "the notional of " + array.name(position.row) + " leaves 128 bits",
               .remedy = "split the account"});
}

std::optional<Usd> gross_notional(const RiskArray& array, const std::vector<Line>& lines) {
  Usd gross;
  for (const Line& line : lines) {
    const Result<Usd> notional = notional_of(array, line.position);
    if (!notional || notional->raw == i128_min || !accumulate(gross, Usd{abs128(notional->raw)})) return std::nullopt;
  }
  return gross;
}

std::optional<Multiple> effective_leverage(std::optional<Usd> gross, Usd equity) {
  return multiple_of(gross, equity, Round::up);
}

std::optional<Multiple> maximum_leverage(std::optional<Usd> gross, Usd initial) {
  return multiple_of(gross, initial, Round::down);
}

}  // namespace margrave
