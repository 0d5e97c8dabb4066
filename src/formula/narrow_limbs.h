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

/// a * b of two limbs each.
inline void multiply_narrow(const Narrow& a, const Narrow& b, Narrow& out) {
  const u128 low = static_cast<u128>(a[0]) * b[0], high = static_cast<u128>(a[1]) * b[1];
  const u128 left = static_cast<u128>(a[0]) * b[1], right = static_cast<u128>(a[1]) * b[0];
  const u128 middle = (low >> 64) + static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right);
  const u128 top = high + (left >> 64) + (right >> 64) + (middle >> 64);
  out = {static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(middle), static_cast<std::uint64_t>(top),
         static_cast<std::uint64_t>(top >> 64)};
}

/// a / 10^n of two limbs, n in 0 .. 19, rounded as named.
inline u128 divide_narrow(const Narrow& a, int n, Round round) {
  const u128 whole = (static_cast<u128>(a[1]) << 64) | a[0];
  const u128 divisor = short_powers[static_cast<std::size_t>(n)];
  const u128 quotient = whole / divisor, rest = whole - quotient * divisor, left = divisor - rest;
  const bool half_up = rest > left || (rest == left && (quotient & 1) != 0);
  const bool up = round == Round::up ? rest != 0 : round == Round::half_even && half_up;
  return quotient + (up ? 1 : 0);
}

}  // namespace margrave
