#include "margin/value_now.h"

#include "base/mul_div.h"

namespace margrave {
namespace {

constexpr int now_decimals = 18;
constexpr i128 rests = power_of_ten(now_decimals - Usd::decimals);  ///< in a unit of 1e-9 USD

/// The value of one unit of a row: units * unit / divisor is in 1e-18 USD.
struct RowValue {
  i128 unit{0};
  i128 divisor{1};
};

Result<RowValue> value_of(const RiskArray& array, std::uint32_t row) {
  const auto value = array.scalar(row, ScalarField::value);
  const i128 decimals = array.scalar(row, ScalarField::value_decimals).value_or(0);
  if (!value || decimals < now_decimals || decimals > 38) {
    return fail({.kind = ErrorKind::overflow,
                 .message = "the value of " + array.name(row) + " is beyond the array's numbers",
                 .remedy = "correct its price, or its contract size"});
  }
  if (decimals == now_decimals) return RowValue{*value, 1};
  return RowValue{*value, power_of_ten(static_cast<int>(decimals) - now_decimals)};
}

tl::unexpected<Error> overflow(const std::string& row) {
  return fail({.kind = ErrorKind::overflow,
               .message = "the value of a holding of " + row + " leaves 128 bits",
               .remedy = "split the account, or correct the size"});
}

}  // namespace

Usd ValueNow::rounded(Round round) const {
  const bool up = round == Round::up          ? rest > 0
                  : round == Round::half_even ? 2 * rest > rests || (2 * rest == rests && units % 2 != 0)
                                              : false;
  return Usd{units + (up ? 1 : 0)};
}

namespace {

/// The sum of what holdings are worth in 1e-18 USD, each rounded down; nothing where it leaves 128 bits on the way.
Result<std::optional<i128>> sum_in_128_bits(const RiskArray& array, std::span<const Holding> holdings) {
  i128 sum = 0;
  for (const Holding& holding : holdings) {
    const RowValue row = TRY(value_of(array, holding.row));
    i128 part = 0;
    if (!multiply(holding.quantity, row.unit, part)) return std::nullopt;
    if (row.divisor != 1) part = divide(part, row.divisor, Round::down);
    if (!add(sum, part, sum)) return std::nullopt;
  }
  return sum;
}

}  // namespace

Result<ValueNow> value_now(const RiskArray& array, std::span<const Holding> holdings) {
  if (const auto small = TRY(sum_in_128_bits(array, holdings))) {
    const i128 units = divide(*small, rests, Round::down);
    return ValueNow{units, *small - units * rests};
  }
  ValueNow sum;
  for (const Holding& holding : holdings) {
    const RowValue row = TRY(value_of(array, holding.row));
    MulDiv part;
    if (!mul_div(holding.quantity, row.unit, row.divisor * rests, part) || !add(sum.units, part.quotient, sum.units)) {
      return overflow(array.name(holding.row));
    }
    sum.rest += part.remainder / row.divisor;
  }
  if (!add(sum.units, sum.rest / rests + 1, sum.units)) return overflow("an account");  // one more for rounding up
  sum.units -= 1;
  sum.rest %= rests;
  return sum;
}

Result<Number> exact_value(const RiskArray& array, std::span<const Holding> holdings) {
  const ValueNow value = TRY(value_now(array, holdings));
  Number sum;
  CHECK(Number::add(Number::from_units(value.units, Usd::decimals), Number::from_units(value.rest, now_decimals), sum));
  return sum;
}

Result<i128> units_against(const RiskArray& array, std::uint32_t asset_row, const ValueNow& value) {
  const RowValue row = TRY(value_of(array, asset_row));
  i128 owed = 0, units = 0;
  if (row.unit <= 0 || !multiply(value.units, -rests, owed) || !add(owed, -value.rest, owed) ||
      !mul_div(owed, row.divisor, row.unit, Round::down, units)) {
    return overflow(array.name(asset_row));
  }
  return units;
}

}  // namespace margrave
