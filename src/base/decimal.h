#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/wide.h"

namespace margrave {

/// An exact decimal number `units * 10^-decimals`, as people write prices and sizes. Never passes through double.
///
/// Range: |units| <= 10^37, decimals 0..36. A Decimal is kept as it was written: 1.10 has two decimals; comparison is
/// by value. There is no arithmetic here: a product needs a unit and a rounding (see scaled(), notional()).
struct Decimal {
  i128 units{0};
  int decimals{0};

  /// Reads "-12.34", "1e-8", "1.5E+3", "+7". Refuses thousands separators, spaces, "nan", "inf", hex, "1.", ".5", a
  /// comma, and what leaves the range. Does not depend on the locale. The error has no place: the caller knows it.
  static Result<Decimal> parse(std::string_view text);

  /// The value in whole units of 10^-decimals: 12.34 at 3 decimals is 12340. An error if it is not a whole number of
  /// those units: nothing is rounded silently.
  Result<i128> scaled(int to_decimals) const;
  /// As scaled(), rounding as named; an error only on overflow.
  Result<i128> scaled(int to_decimals, Round round) const;

  /// The nearest double (correctly rounded).
  double to_double() const;
  /// Plain notation without exponent and trailing zeros: "12.34", "-0.00000003", "0".
  std::string to_string() const;

  bool is_zero() const { return units == 0; }
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
};

/// units * 10^-decimals in plain notation, all decimals shown: (1234500, 6) is "1.234500".
std::string format_units(i128 units, int decimals);
std::string to_string(i128 value);

}  // namespace margrave
