#include <bit>

#include "array/measure.h"

namespace margrave {
namespace {

/// 256 unsigned bits, as much of them as one division needs.
struct U256 {
  u128 high{0}, low{0};

  int width() const {
    for (int w = 3; w >= 0; --w) {
      const auto word = static_cast<std::uint64_t>((w >= 2 ? high : low) >> (64 * (w % 2)));
      if (word != 0) return 64 * w + static_cast<int>(std::bit_width(word));
    }
    return 0;
  }
  U256 shifted_left(int bits) const {
    if (bits == 0) return *this;
    if (bits >= 256) return {};
    if (bits >= 128) return {low << (bits - 128), 0};
    return {(high << bits) | (low >> (128 - bits)), low << bits};
  }
  bool at_least(const U256& other) const { return high != other.high ? high > other.high : low >= other.low; }
  void subtract(const U256& other) {
    high -= other.high + (low < other.low ? 1 : 0);
    low -= other.low;
  }
};

/// a * b for b < 2^64.
U256 times(u128 a, std::uint64_t b) {
  const u128 low = static_cast<u128>(static_cast<std::uint64_t>(a)) * b;
  const u128 high = (a >> 64) * b + (low >> 64);
  return {high >> 64, (high << 64) | static_cast<std::uint64_t>(low)};
}

struct Quotient {
  u128 whole{0};
  int half{0};  ///< the rest against half the divisor: -1, 0, 1
  bool exact{true};
  bool overflow{false};
};

/// Of 128 bits each: what amounts of real accounts mostly are.
Quotient divide_128(u128 numerator, u128 divisor) {
  const u128 whole = numerator / divisor, rest = numerator - whole * divisor, left = divisor - rest;
  return {.whole = whole, .half = rest > left ? 1 : rest == left ? 0 : -1, .exact = rest == 0};
}

/// Long division by bits. The divisor is below 2^255.
Quotient divide(U256 numerator, const U256& divisor) {
  if (numerator.high == 0 && divisor.high == 0) return divide_128(numerator.low, divisor.low);
  Quotient quotient;
  const int places = numerator.width() - divisor.width();
  if (places >= 127) return quotient.overflow = true, quotient;
  for (int bit = places; bit >= 0; --bit) {
    const U256 part = divisor.shifted_left(bit);
    if (!numerator.at_least(part)) continue;
    numerator.subtract(part);
    quotient.whole |= static_cast<u128>(1) << bit;
  }
  quotient.exact = numerator.width() == 0;
  const U256 twice = numerator.shifted_left(1);
  quotient.half = twice.at_least(divisor) ? (divisor.at_least(twice) ? 0 : 1) : -1;
  return quotient;
}

bool away_from_zero(const Quotient& quotient, bool negative, Round round) {
  if (quotient.exact) return false;
  if (round == Round::down) return negative;
  if (round == Round::up) return !negative;
  return quotient.half > 0 || (quotient.half == 0 && quotient.whole % 2 == 1);
}

tl::unexpected<Error> too_large() {
  return fail({.kind = ErrorKind::overflow, .message = "an amount in USD left 128 bits"});
}

}  // namespace

Result<Usd> to_usd(i128 value, int exponent, i128 divisor, Round round) {
  CHECK(divisor > 0);
  static_assert(Usd::decimals == 9);
  // value * 2^e * 10^9 / divisor = value * 5^9 * 2^(e + 9) / divisor.
  constexpr std::uint64_t five_to_nine = 1953125;
  const int shift = exponent + Usd::decimals;
  const bool negative = value < 0;
  const u128 magnitude = negative ? 0 - static_cast<u128>(value) : static_cast<u128>(value);
  if (magnitude == 0) return Usd{0};
  U256 numerator = times(magnitude, five_to_nine);
  U256 denominator{0, static_cast<u128>(divisor)};
  if (shift >= 0) {
    if (numerator.width() + shift > 256) return too_large();
    numerator = numerator.shifted_left(shift);
  } else if (denominator.width() - shift > 255) {
    // The numerator has at most 149 bits: the quotient lies strictly between 0 and 1/2.
    const bool up = round == (negative ? Round::down : Round::up);
    return Usd{up ? (negative ? -1 : 1) : 0};
  } else {
    denominator = denominator.shifted_left(-shift);
  }
  Quotient quotient = divide(numerator, denominator);
  if (quotient.overflow) return too_large();
  if (away_from_zero(quotient, negative, round)) ++quotient.whole;
  if (quotient.whole > static_cast<u128>(i128_max)) return too_large();
  const auto whole = static_cast<i128>(quotient.whole);
  return Usd{negative ? -whole : whole};
}

Result<Usd> to_usd(const Measured& measured, Round round) {
  return to_usd(measured.amount, measured.exponent, measured.divisor, round);
}

}  // namespace margrave
