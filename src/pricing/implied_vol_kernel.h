#pragma once

#include "math/elementary_kernel.h"
#include "pricing/black76_kernel.h"
#include "pricing/kernel_table.h"

/// Total vol from a price; only kernel_*.cpp files include it. Derivation: docs/methods/implied_vol.md
namespace margrave {
namespace {

/// M(|d1|) - M(-d2) for d1 < 0, -M(d1) - M(-d2) otherwise: C/F or -(1 - C/F), over phi(d1).
template <class L>
[[gnu::always_inline]] inline L price_over_density(L x, L s, L d1) {
  const L z1 = absolute(d1), z2 = s - d1;
  const L p1 = polynomial(z1, mills_p), q1 = polynomial(z1, mills_q);
  const L p2 = polynomial(z2, mills_p), q2 = polynomial(z2, mills_q);
  const L signed_p1 = L::select(L::signs(d1), p1, negative(p1));
  L factor = L::fnma(p2, q1, signed_p1 * q2) / (q1 * q2);
  const typename L::Mask small = L::both(L::less(s, L::all(total_vol_low)), L::less(d1, L::all(0.0)));
  if (L::any(small)) {
    const L t = L::min(s, L::all(total_vol_low)) * L::all(0.5);
    factor = L::select(small, small_vol_factor(x / s, t), factor);
  }
  return factor;
}

/// One step of third order (Householder) for ln C below the inflection of C in s, for ln(1-C) above it. Both need no
/// exponential: ln phi(d1) is a polynomial.
template <class L>
[[gnu::always_inline]] inline L householder_step(L x, L s, L log_price, L log_rest) {
  const L h = x / s;
  const L d1 = L::fma(s, L::all(0.5), h);
  const L factor = price_over_density(x, s, d1);
  const typename L::Mask lower = L::signs(d1);
  const L target = L::select(lower, log_price, log_rest);
  constexpr double log_sqrt_two_pi = 0.91893853320467274178;
  const L miss = (logarithm(absolute(factor)) - L::all(log_sqrt_two_pi)) - (L::fma(d1 * d1, L::all(0.5), target));
  const L r = L::all(1.0) / factor;
  const L newton = negative(miss) * factor;
  // vega'/vega and vega''/vega with respect to s.
  const L over_s = L::all(1.0) / s;
  const L square = h * h * over_s;
  const L first = L::fnma(s, L::all(0.25), square);
  const L second = L::fma(first, first, L::fma(square * over_s, L::all(-3.0), L::all(-0.25)));
  const L h2 = first - r;
  const L h3 = L::fma(r, L::fma(r, L::all(2.0), first * L::all(-3.0)), second);
  const L above = L::fma(newton * h2, L::all(0.5), L::all(1.0));
  const L below = L::fma(newton, L::fma(h3 * newton, L::all(1.0 / 6.0), h2), L::all(1.0));
  // A step may at most halve or triple s; the seed is never that far off (docs/methods/implied_vol.md).
  const L step = L::min(s + s, L::max(s * L::all(-0.5), newton * above / below));
  return s + step;
}

/// s from c = C/F of an option out of the money, 0 < c < 1, and x = ln(F/K) <= 0.
template <class L>
[[gnu::always_inline]] inline L implied_total_vol(L x, L c) {
  const L log_price = logarithm(c);
  const L log_rest = logarithm(L::all(1.0) - c);
  // Deep out of the money ln C = -d1^2/2 + ...; at the money Polya's N(z) = 1/2 + sqrt(1 - exp(-2 z^2/pi))/2.
  const L wing = x / L::sqrt(L::fma(log_price, L::all(-2.0), negative(x)));
  const L square = c * c;
  const L bend = L::select(L::less(c, L::all(1e-4)), square, negative(logarithm(L::all(1.0) - square)));
  constexpr double two_pi = 6.28318530717958647693;
  L s = L::sqrt(bend * L::all(two_pi)) - wing;
  s = householder_step(x, s, log_price, log_rest);
  s = householder_step(x, s, log_price, log_rest);
  return householder_step(x, s, log_price, log_rest);
}

template <class Access>
[[gnu::always_inline]] inline void implied_step(const ImpliedArguments& in, Access access, std::size_t i) {
  using L = typename Access::Lane;
  const L zero = L::all(0.0), forward = L::all(in.forward);
  const L strike = access.load(in.strikes + i), price = access.load(in.prices + i);
  const L difference = in.is_call ? forward - strike : strike - forward;
  const L lower = L::min(forward, strike);
  const L time_value = price - L::max(difference, zero);
  const L c = time_value / lower;
  const typename L::Mask valid = L::both(L::less(zero, c), L::less(c, L::all(1.0)));
  const L x = negative(absolute(log_of_ratio(forward, strike)));
  // An invalid lane computes with 1/2, so that it costs nothing special.
  const L s = implied_total_vol(x, L::select(valid, c, L::all(0.5)));
  const L outside = L::select(L::equal(c, zero), zero, L::all(not_a_number));
  access.store(in.out + i, L::select(valid, s * L::all(in.inverse_root_expiry), outside));
}

}  // namespace
}  // namespace margrave
