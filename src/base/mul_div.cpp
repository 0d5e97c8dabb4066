#include "base/mul_div.h"

namespace margrave {
namespace {

u128 magnitude(i128 x) { return x < 0 ? ~static_cast<u128>(x) + 1 : static_cast<u128>(x); }

struct U256 {
  u128 high{0}, low{0};
};

/// Schoolbook product of 64-bit halves.
U256 product(u128 a, u128 b) {
  const u128 mask = ~std::uint64_t{0};
  const u128 a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
  const u128 low = a0 * b0;
  const u128 middle = a1 * b0 + (low >> 64);
  const u128 cross = a0 * b1 + (middle & mask);
  return {a1 * b1 + (middle >> 64) + (cross >> 64), (cross << 64) | (low & mask)};
}

/// Long division bit by bit; the caller has made sure that high < divisor, so the quotient fits 128 bits.
u128 divide_256(U256 value, u128 divisor, u128& remainder) {
  u128 rest = value.high, quotient = 0;
  for (int bit = 127; bit >= 0; --bit) {
    const bool carry = (rest >> 127) != 0;
    rest = (rest << 1) | ((value.low >> bit) & 1);
    quotient <<= 1;
    if (carry || rest >= divisor) {
      rest -= divisor;
      quotient |= 1;
    }
  }
  remainder = rest;
  return quotient;
}

}  // namespace

bool mul_div(i128 a, i128 b, i128 divisor, MulDiv& out) {
  CHECK(divisor > 0);
  i128 small = 0;
  if (multiply(a, b, small)) {
    out.quotient = divide(small, divisor, Round::down);
    out.remainder = small - out.quotient * divisor;
    return true;
  }
  const U256 value = product(magnitude(a), magnitude(b));
  const u128 by = static_cast<u128>(divisor);
  if (value.high >= by) return false;
  u128 rest = 0;
  u128 quotient = divide_256(value, by, rest);
  const bool negative = (a < 0) != (b < 0);
  if (negative && rest != 0) {  // the quotient of a negative number is rounded down, away from zero
    ++quotient;
    rest = by - rest;
  }
  if (quotient > static_cast<u128>(i128_max)) return false;
  out.quotient = negative ? -static_cast<i128>(quotient) : static_cast<i128>(quotient);
  out.remainder = static_cast<i128>(rest);
  return true;
}

bool mul_div(i128 a, i128 b, i128 divisor, Round round, i128& out) {
  MulDiv result;
  if (!mul_div(a, b, divisor, result)) return false;
  const i128 below = divisor - result.remainder;
  const bool up = round == Round::up ? result.remainder > 0
                  : round == Round::half_even
                      ? result.remainder > below || (result.remainder == below && result.quotient % 2 != 0)
                      : false;
  return add(result.quotient, up ? 1 : 0, out);
}

}  // namespace margrave
