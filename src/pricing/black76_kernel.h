#pragma once

#include "math/coefficients.h"
#include "math/lanes.h"

/// The normalised Black-76 price as a template over the lane type; only kernel_*.cpp files include it (math/lanes.h).
/// Derivation of every formula and of its error: docs/methods/black76.md.
namespace margrave {
namespace {

/// Total vols in this range go through the short rational, the others through rare_price(): below, two Mills ratios are
/// too close to each other for their difference; above, -d2 leaves the range where the short rational is exact.
inline constexpr double total_vol_low = 0.02, total_vol_high = 1.5;
/// d1^2 from which phi(d1) times any factor of ours could be subnormal; the price is then exactly 0 or the forward.
inline constexpr double square_limit = 1360.0;

/// exp(-square/2 + offset ln 2) as 2^n numerator/denominator. Defined for square < square_limit.
template <class L>
struct Power {
  L numerator, denominator;
  typename L::Bits n;  ///< in the highest 12 bits, to be added to the bits of a double

  [[gnu::always_inline]] Power(L square, double offset) {
    const L exponent = L::fnma(square, L::all(0.5 * log2_e), L::all(offset));
    const L shifted = exponent + L::all(integer_magic);
    const L f = exponent - (shifted - L::all(integer_magic));
    const L u = f * f;
    const L a = monic_polynomial(u, power_a);
    const L b = polynomial(u, power_b);
    numerator = L::fma(f, b, a);
    denominator = L::fnma(f, b, a);
    n = L::template shift_left<52>(L::bits(shifted));
  }
  [[gnu::always_inline]] L scaled(L quotient) const { return L::from_bits(L::bits_add(L::bits(quotient), n)); }
};

/// phi(d) = exp(-d^2/2)/sqrt(2 pi) from square = d^2 < square_limit.
template <class L>
[[gnu::always_inline]] inline L density(L square) {
  const Power<L> power(square, 0.0);
  return power.scaled(power.numerator / power.denominator * L::all(inverse_sqrt_two_pi));
}

/// With Y(z) = N(z)/phi(z): Y(h+t) - Y(h-t) for h <= 0 and t <= 0.01, expanded in t up to t^7. Y' = 1 + z Y and
/// Y^(n+1) = z Y^(n) + n Y^(n-1).
template <class L>
[[gnu::always_inline]] inline L small_vol_factor(L h, L t) {
  const L z = negative(h);
  const L p = polynomial(z, mills_rest_p);
  const L q = polynomial(z, mills_rest_q);
  // M = 1/(z + p/q) and Y'(-z) = 1 - z M = (p/q) M without the cancellation.
  const L inverse = L::all(1.0) / L::fma(z, q, p);
  const L y0 = q * inverse;
  const L y1 = p * inverse;
  const L y2 = L::fma(h, y1, y0);
  const L y3 = L::fma(h, y2, y1 + y1);
  const L y4 = L::fma(h, y3, L::all(3.0) * y2);
  const L y5 = L::fma(h, y4, L::all(4.0) * y3);
  const L y6 = L::fma(h, y5, L::all(5.0) * y4);
  const L y7 = L::fma(h, y6, L::all(6.0) * y5);
  const L square = t * t;
  L sum = L::fma(square, y7 * L::all(1.0 / 5040.0), y5 * L::all(1.0 / 120.0));
  sum = L::fma(square, sum, y3 * L::all(1.0 / 6.0));
  sum = L::fma(square, sum, y1);
  return (t + t) * sum;
}

/// x/s for small s >= 0, kept where phi is not yet 0: 0/0 becomes 0 and x/0 becomes -40.
template <class L>
[[gnu::always_inline]] inline L standardised(L x, L s) {
  return L::max(x / (s + L::all(1e-300)), L::all(-40.0));
}

/// out_of_the_money() for total vols below total_vol_low.
template <class L>
[[gnu::always_inline]] inline L small_vol_price(L x, L s) {
  const L t = L::min(s, L::all(total_vol_low)) * L::all(0.5);
  const L h = standardised(x, s);
  const L d1 = h + t;
  const L square = d1 * d1;
  return L::select(L::less(square, L::all(square_limit)), density(square) * small_vol_factor(h, t), L::all(0.0));
}

/// M(z) for any z >= 0: beyond 38, where p/q was not fitted, it is below z/1400.
template <class L>
[[gnu::always_inline]] inline L mills_any(L z) {
  const L q = polynomial(z, mills_rest_q);
  return q / L::fma(z, q, polynomial(z, mills_rest_p));
}

/// out_of_the_money() for total vols above total_vol_high, where -d2 leaves the range of the short rational.
template <class L>
[[gnu::always_inline]] inline L large_vol_price(L x, L s) {
  const L d1 = L::max(L::min(L::fma(s, L::all(0.5), x / s), L::all(40.0)), L::all(-40.0));
  const L m1 = mills_any(absolute(d1));
  const L m2 = mills_any(L::min(s - d1, L::all(1e20)));
  const typename L::Mask lower = L::signs(d1);
  const L base = L::select(lower, L::all(0.0), L::all(1.0));
  const L square = d1 * d1;
  const L factor = L::select(lower, m1, negative(m1)) - m2;
  return L::select(L::less(square, L::all(square_limit)), L::fma(density(square), factor, base), base);
}

template <class L>
[[gnu::always_inline]] inline L rare_price(L x, L s, L price) {
  const typename L::Mask small = L::less(s, L::all(total_vol_low));
  const typename L::Mask large = L::less(L::all(total_vol_high), s);
  if (L::any(small)) price = L::select(small, small_vol_price(x, s), price);
  if (L::any(large)) price = L::select(large, large_vol_price(x, s), price);
  return price;
}

/// What the price needs first, and what takes longest: x = ln(F/K) <= 0, s = vol sqrt(T) >= 0 and d1 = x/s + s/2.
template <class L>
struct Standardised {
  L x, s, d1;

  [[gnu::always_inline]] Standardised(L log_ratio, L total_vol)
      : x(log_ratio), s(total_vol), d1(L::fma(total_vol, L::all(0.5), log_ratio / total_vol)) {}
};

/// C/F of a call at or out of the money. C/F = N(d1) - N(d2) K/F, and as
/// F phi(d1) = K phi(d2) and N(-z) = phi(z) M(z): C/F = [d1 > 0] + phi(d1) (-sign(d1) M(|d1|) - M(-d2)).
template <class L>
[[gnu::always_inline]] inline L out_of_the_money(const Standardised<L>& option) {
  const L s = option.s, d1 = option.d1;
  const L z1 = absolute(d1);
  const L z2 = s - d1;
  const L square = d1 * d1;
  const L p1 = monic_polynomial(z1, mills_short_p);
  const L q1 = monic_polynomial(z1, mills_short_q);
  const L p2 = monic_polynomial(z2, mills_short_p);
  const L q2 = monic_polynomial(z2, mills_short_q);
  const typename L::Bits flip = L::bits_and(L::bits(negative(d1)), L::bits_all(0x8000000000000000));
  const L signed_p1 = L::from_bits(L::bits_xor(L::bits(p1), flip));
  const Power<L> power(square, log2_mills_scale);
  const L above = L::fnma(p2, q1, signed_p1 * q2) * power.numerator;
  const L below = q1 * q2 * power.denominator;
  const L base = L::select(L::signs(d1), L::all(0.0), L::all(1.0));
  L price = L::select(L::less(square, L::all(square_limit)), power.scaled(above / below) + base, base);
  constexpr double middle = 0.5 * (total_vol_low + total_vol_high), half = 0.5 * (total_vol_high - total_vol_low);
  const typename L::Mask rare = L::less(L::all(half), absolute(s - L::all(middle)));
  if (L::any(rare)) [[unlikely]]
    price = rare_price(option.x, s, price);
  return price;
}

/// Undiscounted price from both sides of the money: max(F-K, 0) or max(K-F, 0) plus min(F, K) times the price above.
/// The sign of F - K decides, so that without vol the intrinsic value is exact.
template <class L>
[[gnu::always_inline]] inline L black76_price(L forward, L strike, const Standardised<L>& option, bool is_call) {
  const L difference = forward - strike;
  const typename L::Mask forward_lower = L::signs(difference);
  const L factor = out_of_the_money(option);
  const L zero = L::all(0.0);
  const L intrinsic =
      is_call ? L::select(forward_lower, zero, difference) : L::select(forward_lower, negative(difference), zero);
  return L::fma(L::select(forward_lower, forward, strike), factor, intrinsic);
}

}  // namespace
}  // namespace margrave
