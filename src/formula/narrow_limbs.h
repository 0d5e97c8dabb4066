#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "base/wide.h"

// Most numbers of expressions have one limb or two and differ by few decimals: arithmetic for them, without calls.

namespace margrave {

/// The magnitude of a Number, lowest limb first.
using Narrow = std::array<std::uint64_t, 4>;
inline constexpr int short_power = 19;  ///< 10^19 is the largest power of ten of one limb

inline constexpr auto short_powers = [] {
  std::array<std::uint64_t, short_power + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

inline constexpr auto long_powers = [] {
  std::array<u128, 37> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// a * 10^n. False when it leaves 256 bits, or n is above 19.
inline bool scale_narrow(const Narrow& a, int n, Narrow& out) {
  if (n > short_power) return false;
  u128 carry = 0;
  for (std::size_t i = 0; i < std::tuple_size_v<Narrow>; ++i) {
    carry += static_cast<u128>(a[i]) * short_powers[static_cast<std::size_t>(n)];
    out[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return carry == 0;
}

/// False when the sum leaves 256 bits.
inline bool add_narrow(const Narrow& a, const Narrow& b, Narrow& out) {
  u128 carry = 0;
  for (std::size_t i = 0; i < std::tuple_size_v<Narrow>; ++i) {
    carry += static_cast<u128>(a[i]) + b[i];
    out[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  return carry == 0;
}

/// a - b for a >= b.
inline void subtract_narrow(const Narrow& a, const Narrow& b, Narrow& out) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < std::tuple_size_v<Narrow>; ++i) {
    const u128 rest = static_cast<u128>(a[i]) - b[i] - borrow;
    out[i] = static_cast<std::uint64_t>(rest);
    borrow = static_cast<std::uint64_t>(rest >> 64) & 1;
  }
}

inline std::strong_ordering compare_narrow(const Narrow& a, const Narrow& b) {
  for (std::size_t i = std::tuple_size_v<Narrow>; i-- > 0;) {
    if (a[i] != b[i]) return a[i] <=> b[i];
  }
  return std::strong_ordering::equal;
}

inline bool has_two_limbs(const Narrow& a) { return (a[2] | a[3]) == 0; }
inline u128 two_limbs(const Narrow& a) { return static_cast<u128>(a[1]) << 64 | a[0]; }
inline Narrow narrow_of(u128 a) { return {static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(a >> 64), 0, 0}; }

/// a * 10^n of two limbs, n in 0 .. 36. False when it has more.
inline bool scale_two_limbs(const Narrow& a, int n, u128& out) {
  out = two_limbs(a);
  if (!has_two_limbs(a)) return false;
  return n == 0 || !__builtin_mul_overflow(out, long_powers[static_cast<std::size_t>(n)], &out);
}

/// a * b of two limbs each.
inline void multiply_narrow(const Narrow& a, const Narrow& b, Narrow& out) {
  const u128 low = static_cast<u128>(a[0]) * b[0], high = static_cast<u128>(a[1]) * b[1];
  const u128 left = static_cast<u128>(a[0]) * b[1], right = static_cast<u128>(a[1]) * b[0];
  const u128 middle = (low >> 64) + static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right);
  const u128 top = high + (left >> 64) + (right >> 64) + (middle >> 64);
  out = {static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(middle), static_cast<std::uint64_t>(top),
         static_cast<std::uint64_t>(top >> 64)};
}

/// A power of ten of one limb, shifted to the top of its limb, with what divides by it in two products.
struct ShortDivisor {
  std::uint64_t top{0};         ///< 10^n * 2^shift, at least 2^63
  std::uint64_t reciprocal{0};  ///< floor((2^128 - 1) / top) - 2^64
  int shift{0};
};

inline constexpr auto short_divisors = [] {
  std::array<ShortDivisor, short_power + 1> divisors{};
  for (std::size_t i = 0; i < divisors.size(); ++i) {
    ShortDivisor& divisor = divisors[i];
    divisor.top = short_powers[i];
    for (; divisor.top >> 63 == 0; divisor.top <<= 1) ++divisor.shift;
    divisor.reciprocal = static_cast<std::uint64_t>(~u128{0} / divisor.top - (u128{1} << 64));
  }
  return divisors;
}();

/// a / 10^n rounded down, n in 0 .. 19, in place; the rest. Source: Moller, Granlund 2011, "Improved division by
/// invariant integers", algorithm 4.
inline std::uint64_t divide_by_short_power(Narrow& a, int n) {
  const ShortDivisor& by = short_divisors[static_cast<std::size_t>(n)];
  const int back = 63 - by.shift;  // what a shift by by.shift pushes out: >> back >> 1, for 0 too
  std::size_t size = std::tuple_size_v<Narrow>;
  while (size > 0 && a[size - 1] == 0) --size;
  std::uint64_t rest = size == 0 ? 0 : a[size - 1] >> back >> 1;
  for (std::size_t i = size; i-- > 0;) {
    const std::uint64_t below = i == 0 ? 0 : a[i - 1];
    const std::uint64_t low = a[i] << by.shift | below >> back >> 1;
    const u128 guess = static_cast<u128>(by.reciprocal) * rest + (static_cast<u128>(rest) << 64 | low);
    std::uint64_t quotient = static_cast<std::uint64_t>(guess >> 64) + 1;
    rest = low - quotient * by.top;
    const std::uint64_t too_large = rest > static_cast<std::uint64_t>(guess) ? 1 : 0;
    quotient -= too_large;
    rest += by.top & (std::uint64_t{0} - too_large);
    if (rest >= by.top) {  // hardly ever
      ++quotient;
      rest -= by.top;
    }
    a[i] = quotient;
  }
  return rest >> by.shift;
}

}  // namespace margrave
