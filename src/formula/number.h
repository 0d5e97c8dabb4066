#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "base/decimal.h"

namespace margrave {

/// An exact decimal of an expression: a signed whole number below 2^256 in size, times 10^-decimals, 0 to 36 of them.
/// Sums, differences and products are exact as long as they have 36 decimals; a longer product and every quotient,
/// root and exponential are rounded half to even at the 36th, and nothing else is ever rounded unless it says how.
///
/// The operations return false when the result leaves 2^256, or where they have none: overflow is never silent.
class Number {
 public:
  static constexpr int most_decimals = 36;

  constexpr Number() = default;
  constexpr Number(std::int64_t whole)  // NOLINT(google-explicit-constructor): a literal is a number
      : magnitude_{whole < 0 ? ~static_cast<std::uint64_t>(whole) + 1 : static_cast<std::uint64_t>(whole)},
        negative_(whole < 0) {}
  /// units * 10^-decimals; decimals in 0 .. 36.
  static Number from_units(i128 units, int decimals);
  static Number from_decimal(const Decimal& decimal) { return from_units(decimal.units, decimal.decimals); }

  int sign() const { return magnitude_is_zero() ? 0 : negative_ ? -1 : 1; }
  bool is_zero() const { return sign() == 0; }
  int decimals() const { return decimals_; }
  Number operator-() const;
  Number abs() const { return sign() < 0 ? -*this : *this; }

  /// The value in units of 10^-decimals (0 .. 36), rounded as named. False when it leaves 128 bits.
  [[nodiscard]] bool to_units(int decimals, Round round, i128& units) const;
  /// Plain notation without trailing zeros: "-0.00000003".
  std::string to_string() const;
  /// The nearest double or a neighbour of it; for display and for comparing with golden numbers.
  double to_double() const;

  friend std::strong_ordering operator<=>(const Number& a, const Number& b) {
    const bool small = (a.magnitude_[2] | a.magnitude_[3] | b.magnitude_[2] | b.magnitude_[3]) == 0;
    if (a.decimals_ != b.decimals_ || a.negative_ || b.negative_ || !small) return compare(a, b);
    const bool alike = a.magnitude_[1] == b.magnitude_[1];
    return alike ? a.magnitude_[0] <=> b.magnitude_[0] : a.magnitude_[1] <=> b.magnitude_[1];
  }
  friend bool operator==(const Number& a, const Number& b) { return (a <=> b) == 0; }

  [[nodiscard]] static bool add(const Number& a, const Number& b, Number& out);
  [[nodiscard]] static bool subtract(const Number& a, const Number& b, Number& out) { return add(a, -b, out); }
  [[nodiscard]] static bool multiply(const Number& a, const Number& b, Number& out);
  /// a / b. False for b = 0 too.
  [[nodiscard]] static bool divide(const Number& a, const Number& b, Number& out);
  /// The multiple of `step` that the rounding names; step > 0, or false.
  [[nodiscard]] static bool to_multiple(const Number& a, const Number& step, Round round, Number& out);
  /// The square root of a >= 0; false below.
  [[nodiscard]] static bool square_root(const Number& a, Number& out);
  /// The whole part of the square root of a whole a >= 0 (the floor of a is taken); false below 0.
  [[nodiscard]] static bool whole_root(const Number& a, Number& out);
  /// e^a for |a| <= 80, within 2 units of the 36th decimal of max(1, e^a); false beyond. Source:
  /// docs/methods/language.md
  [[nodiscard]] static bool exponential(const Number& a, Number& out);

 private:
  static constexpr std::size_t limbs = 4;
  using Magnitude = std::array<std::uint64_t, limbs>;

  static std::strong_ordering compare(const Number& a, const Number& b);

  bool magnitude_is_zero() const { return (magnitude_[0] | magnitude_[1] | magnitude_[2] | magnitude_[3]) == 0; }

  Magnitude magnitude_{};
  bool negative_{false};
  std::uint8_t decimals_{0};

  friend struct NumberLimbs;
};

}  // namespace margrave
