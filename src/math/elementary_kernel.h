#pragma once

#include "math/coefficients.h"
#include "math/lanes.h"

/// Elementary functions as templates over the lane type; only kernel_*.cpp files include this (math/lanes.h).
/// Formulas, edges and measured errors: docs/methods/deterministic_maths.md.
namespace margrave {
namespace {

inline constexpr double infinity = __builtin_huge_val();
inline constexpr double not_a_number = __builtin_nan("");

/// exp(x) = value * 2^n with value in [0.7, 1.5].
template <class L>
struct ExpParts {
  L value, n;
};

/// exp(x + correction) for |x| <= 1100 and a correction below 1e-10.
template <class L>
[[gnu::always_inline]] inline ExpParts<L> exp_parts(L x, L correction) {
  const L magic = L::all(integer_magic);
  const L n = L::fma(x, L::all(log2_e), magic) - magic;
  const L r = L::fnma(n, L::all(ln2_low), L::fnma(n, L::all(ln2_high), x)) + correction;
  return {L::fma(r * r, polynomial(r, exp_tail), r) + L::all(1.0), n};
}

/// value * 2^n for |n| <= 2000, in two steps so that subnormal results are rounded once and overflow gives infinity.
template <class L>
[[gnu::always_inline]] inline L scale(L value, L n) {
  const L magic = L::all(integer_magic);
  const L half = L::fma(n, L::all(0.5), magic);
  return value * power_of_two(half) * power_of_two((n - (half - magic)) + magic);
}

/// Keeps x where exp() does not yet overflow or vanish; a NaN passes through.
template <class L>
[[gnu::always_inline]] inline L exp_range(L x) {
  return L::min(L::all(710.0), L::max(L::all(-746.0), x));
}

template <class L>
[[gnu::always_inline]] inline L exponential(L x) {
  const ExpParts<L> parts = exp_parts(exp_range(x), L::all(0.0));
  return scale(parts.value, parts.n);
}

/// x = m * 2^k with m in [sqrt(1/2), sqrt(2)), for normal x > 0.
template <class L>
struct Binary {
  L m, k;
};
template <class L>
[[gnu::always_inline]] inline Binary<L> split_binary(L x) {
  constexpr std::uint64_t root_half = 0x3FE6A09E667F3BCD, one = 0x3FF0000000000000;
  const typename L::Bits moved = L::bits_add(L::bits(x), L::bits_all(one - root_half));
  const typename L::Bits mantissa = L::bits_and(moved, L::bits_all(0x000FFFFFFFFFFFFF));
  const typename L::Bits exponent = L::template shift_right<52>(moved);
  // An integer below 2^52 under the bits of 2^52 is that number plus 2^52.
  const L k = L::from_bits(L::bits_or(exponent, L::bits_all(0x4330000000000000))) - L::all(4503599627370496.0 + 1023.0);
  return {L::from_bits(L::bits_add(mantissa, L::bits_all(root_half))), k};
}

/// As split_binary() for any x > 0, subnormal numbers included.
template <class L>
[[gnu::always_inline]] inline Binary<L> split_any(L x) {
  const typename L::Mask tiny = L::less(x, L::all(0x1p-1022));
  Binary<L> b = split_binary(L::select(tiny, x * L::all(0x1p54), x));
  b.k = L::select(tiny, b.k - L::all(54.0), b.k);
  return b;
}

/// The values of a logarithm where its formula does not hold.
template <class L>
[[gnu::always_inline]] inline L log_edges(L x, L value) {
  value = L::select(L::less(x, L::all(infinity)), value, x);  // infinity and NaN give themselves
  value = L::select(L::equal(x, L::all(0.0)), L::all(-infinity), value);
  return L::select(L::less(x, L::all(0.0)), L::all(not_a_number), value);
}

/// log(1+f) = f - (f^2/2 - s (f^2/2 + s^2 p(s^2))), s = f/(2+f): f itself is exact and carries most of the result.
template <class L>
[[gnu::always_inline]] inline L logarithm(L x) {
  const Binary<L> b = split_any(x);
  const L f = b.m - L::all(1.0);
  const L s = f / (b.m + L::all(1.0));
  const L z = s * s;
  const L half_square = f * f * L::all(0.5);
  const L inner = L::fma(s, L::fma(z, polynomial(z, log_tail), half_square), b.k * L::all(ln2_low));
  return log_edges(x, L::fma(b.k, L::all(ln2_high), f - (half_square - inner)));
}

/// ln(a/b) for positive a and b in [1e-150, 1e150]: exact differences keep the relative error where a is close to b.
template <class L>
[[gnu::always_inline]] inline L log_of_ratio(L a, L b) {
  const L k = split_binary(a / b).k;
  const L moved = a * power_of_two(L::all(integer_magic) - k);
  const L s = (moved - b) / (moved + b);
  const L z = s * s;
  const L low = L::fma(s * z, polynomial(z, log_tail), k * L::all(ln2_low));
  return L::fma(k, L::all(ln2_high), L::fma(s, L::all(2.0), low));
}

/// A sum of two doubles.
template <class L>
struct Double {
  L high, low;
};

/// log(x) for normal or subnormal x > 0 with about 30 digits less than a quarter lost: error below 1e-19 relative.
template <class L>
[[gnu::always_inline]] inline Double<L> long_logarithm(L x) {
  const Binary<L> b = split_any(x);
  const L one = L::all(1.0);
  const L f = b.m - one, d = b.m + one;
  const L d_low = b.m - (d - one);
  const L s = f / d;
  const L s_low = L::fnma(s, d_low, L::fnma(s, d, f)) / d;
  const L z = s * s;
  const L z_low = L::fma(s + s, s_low, L::fma(s, s, negative(z)));
  const L cube = s * z;
  const L cube_low = L::fma(s, z_low, L::fma(s_low, z, L::fma(s, z, negative(cube))));
  const L third = cube * L::all(two_thirds_high);
  const L third_low =
      L::fma(cube, L::all(two_thirds_low),
             L::fma(cube_low, L::all(two_thirds_high), L::fma(cube, L::all(two_thirds_high), negative(third))));
  const L tail = cube * z * polynomial(z, log_tail_long);
  const L first = s + s + third;
  const L first_low = (s + s - first) + third;
  const L whole = b.k * L::all(ln2_high);
  // |whole| >= ln 2 > |first| unless k = 0, where the difference below is exact too.
  const L high = whole + first;
  const L high_low = (whole - high) + first;
  const L low = high_low + (first_low + (L::fma(b.k, L::all(ln2_low), s_low + s_low) + (third_low + tail)));
  const L total = high + low;
  return {total, (high - total) + low};
}

template <class L>
[[gnu::always_inline]] inline L power(L x, L y) {
  const L zero = L::all(0.0), one = L::all(1.0), inf = L::all(infinity);
  const Double<L> log_x = long_logarithm(x);
  const L exponent = y * log_x.high;
  const typename L::Mask inside = L::less(absolute(exponent), L::all(800.0));
  const L low = L::fma(y, log_x.low, L::fma(y, log_x.high, negative(exponent)));
  const ExpParts<L> parts = exp_parts(exp_range(exponent), L::select(inside, low, zero));
  L value = scale(parts.value, parts.n);
  // Base 0 or infinity, or an infinite exponent: 0 or infinity by the sign of y * log(x), 1 at base 1.
  const typename L::Mask grows =
      L::either(L::both(L::less(one, x), L::less(zero, y)), L::both(L::less(x, one), L::less(y, zero)));
  const typename L::Mask edge = L::either(L::either(L::equal(x, zero), L::equal(x, inf)), L::equal(absolute(y), inf));
  value = L::select(edge, L::select(grows, inf, zero), value);
  value = L::select(L::either(L::less(x, zero), L::negate(L::equal(x, x))), L::all(not_a_number), value);
  value = L::select(L::equal(y, y), value, y);
  return L::select(L::either(L::equal(x, one), L::equal(y, zero)), one, value);
}

/// exp(-z^2/2), the square taken exactly.
template <class L>
[[gnu::always_inline]] inline ExpParts<L> gaussian(L z) {
  const L square = z * z;
  const L low = L::fma(z, z, negative(square));
  return exp_parts(square * L::all(-0.5), low * L::all(-0.5));
}

/// |z| up to 40, beyond which density and tail are 0; a NaN passes through.
template <class L>
[[gnu::always_inline]] inline L tail_range(L z) {
  return L::min(L::all(40.0), absolute(z));
}

template <class L>
[[gnu::always_inline]] inline L normal_density_of(L z) {
  const ExpParts<L> parts = gaussian(tail_range(z));
  return scale(parts.value * L::all(inverse_sqrt_two_pi), parts.n);
}

/// N(z) = phi(z) M(-z) for z <= 0 and 1 - N(-z) above.
template <class L>
[[gnu::always_inline]] inline L normal_cdf_of(L z) {
  const L a = tail_range(z);
  const ExpParts<L> parts = gaussian(a);
  const L rest = polynomial(a, mills_rest_p) / polynomial(a, mills_rest_q);
  L tail = scale(parts.value * L::all(inverse_sqrt_two_pi) / (a + rest), parts.n);
  tail = L::select(L::equal(z, L::all(0.0)), L::all(0.5), tail);
  return L::select(L::less(L::all(0.0), z), L::all(1.0) - tail, tail);
}

template <class L>
[[gnu::always_inline]] inline L normal_quantile_of(L p) {
  const L zero = L::all(0.0), one = L::all(1.0);
  const L q = p - L::all(0.5);
  const L v = L::fnma(q, q, L::all(0.180625));
  const L central = q * (polynomial(v, quantile_central_p) / polynomial(v, quantile_central_q));
  const L r = L::sqrt(negative(logarithm(L::min(p, one - p))));
  const L near = r - L::all(1.6), far = r - L::all(5.0);
  const L middle_tail = polynomial(near, quantile_middle_p) / polynomial(near, quantile_middle_q);
  const L far_tail = polynomial(far, quantile_far_p) / polynomial(far, quantile_far_q);
  const L tail = L::select(L::less(far, zero), middle_tail, far_tail);
  L value =
      L::select(L::less_equal(absolute(q), L::all(0.425)), central, L::select(L::less(zero, q), tail, negative(tail)));
  value = L::select(L::equal(p, zero), L::all(-infinity), L::select(L::equal(p, one), L::all(infinity), value));
  return L::select(L::both(L::less_equal(zero, p), L::less_equal(p, one)), value, L::all(not_a_number));
}

}  // namespace
}  // namespace margrave
