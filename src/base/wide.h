#pragma once

#include <cstdint>
#include <limits>

#include "base/check.h"

namespace margrave {

__extension__ using i128 = __int128;
__extension__ using u128 = unsigned __int128;

/// How an inexact division is rounded. down is toward -infinity, up toward +infinity; against an account a
/// requirement is rounded up and an asset down.
enum class Round : std::uint8_t { down, up, half_even };

inline constexpr i128 i128_max = static_cast<i128>(~static_cast<u128>(0) >> 1);
inline constexpr i128 i128_min = -i128_max - 1;

constexpr i128 abs128(i128 x) { return x < 0 ? -x : x; }

/// a * b, or false when it leaves 128 bits. [[nodiscard]]: overflow is never silent.
[[nodiscard]] constexpr bool multiply(i128 a, i128 b, i128& out) { return !__builtin_mul_overflow(a, b, &out); }
[[nodiscard]] constexpr bool add(i128 a, i128 b, i128& out) { return !__builtin_add_overflow(a, b, &out); }

/// numerator / denominator with a named rounding. denominator > 0.
constexpr i128 divide(i128 numerator, i128 denominator, Round round) {
  CHECK(denominator > 0);
  i128 quotient = numerator / denominator;
  const i128 rest = numerator % denominator;
  if (rest == 0) return quotient;
  const i128 floor = rest < 0 ? quotient - 1 : quotient;
  if (round == Round::down) return floor;
  if (round == Round::up) return floor + 1;
  const i128 above = rest < 0 ? rest + denominator : rest;  // distance from the floor, in (0, denominator)
  const i128 below = denominator - above;
  if (above != below) return above < below ? floor : floor + 1;
  return floor % 2 == 0 ? floor : floor + 1;
}

/// x * 2^shift with a named rounding for negative shifts; false when it leaves 128 bits.
[[nodiscard]] constexpr bool shift_by(i128 x, int shift, Round round, i128& out) {
  if (shift >= 0) {
    if (x == 0) return out = 0, true;
    if (shift > 126) return false;
    return multiply(x, static_cast<i128>(1) << shift, out);
  }
  if (shift < -126) {
    out = round == Round::up ? (x > 0 ? 1 : 0) : round == Round::down ? (x < 0 ? -1 : 0) : 0;
    return true;
  }
  out = divide(x, static_cast<i128>(1) << -shift, round);
  return true;
}

constexpr bool fits_int64(i128 x) {
  return x >= std::numeric_limits<std::int64_t>::min() && x <= std::numeric_limits<std::int64_t>::max();
}

/// 10^n for n in 0..38.
constexpr i128 power_of_ten(int n) {
  CHECK(n >= 0 && n <= 38);
  i128 power = 1;
  for (int i = 0; i < n; ++i) power *= 10;
  return power;
}

}  // namespace margrave
