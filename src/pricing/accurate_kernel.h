#pragma once

#include "math/elementary_kernel.h"

/// The price that keeps 12 digits down to 1e-300; only kernel_*.cpp files include it. docs/methods/black76.md
namespace margrave {
namespace {

/// Y(h+t) - Y(h-t) as small_vol_factor(), for t <= 0.05 and up to t^9.
template <class L>
[[gnu::always_inline]] inline L accurate_series(L h, L t) {
  const L z = negative(h);
  const L rest = polynomial(z, mills_rest_p) / polynomial(z, mills_rest_q);
  const L y0 = L::all(1.0) / (z + rest);
  const L y1 = rest * y0;
  const L y2 = L::fma(h, y1, y0);
  const L y3 = L::fma(h, y2, y1 + y1);
  const L y4 = L::fma(h, y3, L::all(3.0) * y2);
  const L y5 = L::fma(h, y4, L::all(4.0) * y3);
  const L y6 = L::fma(h, y5, L::all(5.0) * y4);
  const L y7 = L::fma(h, y6, L::all(6.0) * y5);
  const L y8 = L::fma(h, y7, L::all(7.0) * y6);
  const L y9 = L::fma(h, y8, L::all(8.0) * y7);
  const L square = t * t;
  L sum = L::fma(square, y9 * L::all(1.0 / 362880.0), y7 * L::all(1.0 / 5040.0));
  sum = L::fma(square, sum, y5 * L::all(1.0 / 120.0));
  sum = L::fma(square, sum, y3 * L::all(1.0 / 6.0));
  return (t + t) * L::fma(square, sum, y1);
}

/// C/F for x = ln(F/K) <= 0 and s >= 0, relative error below 1e-12 while C/F > 1e-300.
template <class L>
[[gnu::always_inline]] inline L accurate_price(L x, L s) {
  const L zero = L::all(0.0), one = L::all(1.0), widest = L::all(40.0);
  // A total vol of 0 divides by 1e-300: h = 0 at the money, far beyond the clamp elsewhere.
  const L divisor = s + L::all(1e-300);
  const L h = x / divisor;
  const L t = s * L::all(0.5);
  const L sum = h + t;
  const L d1 = L::max(L::min(sum, widest), negative(widest));
  // What d1 lost to rounding, in the division and in the sum; the density is steep enough to feel it.
  const L back = sum - h;
  const L sum_low = (h - (sum - back)) + (t - back);
  const L lost = L::select(L::equal(d1, sum), L::fnma(h, divisor, x) / divisor + sum_low, zero);
  const L z1 = absolute(d1), z2 = L::min(t - h, L::all(1e20));
  const L rest1 = polynomial(z1, mills_rest_p) / polynomial(z1, mills_rest_q);
  const L rest2 = polynomial(z2, mills_rest_p) / polynomial(z2, mills_rest_q);
  const L below1 = z1 + rest1, below2 = z2 + rest2;
  const typename L::Mask lower = L::less(d1, zero), small = L::less(s, L::all(0.1));
  // M(z1) - M(z2) with z2 - z1 = s taken out exactly.
  const L difference = (s + (rest2 - rest1)) / (below1 * below2);
  const L tails = negative(one / below1 + one / below2);
  const L series = accurate_series(L::max(h, negative(widest)), L::min(t, L::all(0.05)));
  const L factor = L::select(small, series, L::select(lower, difference, tails));
  const L square = d1 * d1;
  const L low = L::fma(d1, d1, negative(square)) * L::all(-0.5) - d1 * lost;
  const ExpParts<L> parts = exp_parts(square * L::all(-0.5), low);
  const L value = scale(parts.value * L::all(inverse_sqrt_two_pi) * factor, parts.n);
  return L::select(L::either(small, lower), value, one + value);
}

}  // namespace
}  // namespace margrave
