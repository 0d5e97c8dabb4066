#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/decimal.h"
#include "base/result.h"
#include "base/wide.h"

namespace margrave {

/// Exact decimal amount: `raw` counts units of 10^-Decimals. There is no operator* on purpose: a product has another
/// unit and needs a rounding (see notional()). 128 bits: no sum of real amounts overflows, and a sum that would stops
/// the process instead of wrapping.
template <class Tag, int Decimals>
struct Fixed {
  i128 raw{0};
  static constexpr int decimals = Decimals;
  constexpr auto operator<=>(const Fixed&) const = default;
  friend constexpr Fixed operator+(Fixed a, Fixed b) {
    Fixed sum;
    CHECK(add(a.raw, b.raw, sum.raw));
    return sum;
  }
  friend constexpr Fixed operator-(Fixed a, Fixed b) { return a + (-b); }
  friend constexpr Fixed operator-(Fixed a) {
    CHECK(a.raw != i128_min);
    return {-a.raw};
  }
  constexpr Fixed& operator+=(Fixed b) { return *this = *this + b; }
  constexpr Fixed& operator-=(Fixed b) { return *this = *this - b; }

  static Result<Fixed> parse(std::string_view text) {
    const Decimal value = TRY(Decimal::parse(text));
    return Fixed{TRY(value.scaled(Decimals))};
  }
};

template <class Tag, int Decimals>
std::string to_string(Fixed<Tag, Decimals> value) {
  return format_units(value.raw, Decimals);
}

using Ratio = Fixed<struct RatioTag, 12>;  ///< 1 = 100 %
using Usd = Fixed<struct UsdTag, 9>;       ///< valuation currency, an abstract unit that no account holds

/// amount * ratio, rounded as named.
template <class Tag, int Decimals>
constexpr Result<Fixed<Tag, Decimals>> times(Fixed<Tag, Decimals> amount, Ratio ratio, Round round) {
  i128 product = 0;
  if (!multiply(amount.raw, ratio.raw, product)) {
    return fail({.kind = ErrorKind::overflow, .message = "a product left 128 bits"});
  }
  return Fixed<Tag, Decimals>{divide(product, power_of_ten(Ratio::decimals), round)};
}

struct Lots {
  std::int64_t raw{0};  ///< size, counted in the instrument's lot; long > 0, short < 0
  constexpr auto operator<=>(const Lots&) const = default;
};
struct Ticks {
  std::int64_t raw{0};  ///< price, counted in the instrument's tick
  constexpr auto operator<=>(const Ticks&) const = default;
};

}  // namespace margrave
