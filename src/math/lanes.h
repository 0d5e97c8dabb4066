#pragma once

// GCC 12 warns inside its own AVX-512 header about values that are meant to be undefined (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#pragma GCC diagnostic pop

#include <cstddef>
#include <cstdint>

/// Registers of doubles with the few operations that every IEEE 754 machine rounds alike: + - * / sqrt, fma, choice by
/// comparison, and integer operations on the bits. A kernel is a template over one of these types; as each operation
/// is correctly rounded and none mixes lanes, its result has the same bits whatever the width.
///
/// Only kernel_*.cpp files include this header. They are compiled with instruction-set flags, so everything here lives
/// in an anonymous namespace and uses no inline function of the standard library: the linker could otherwise keep the
/// AVX-512 copy of a shared function and run it on a CPU without AVX-512.
namespace margrave {
namespace {

#define MARGRAVE_LANE [[maybe_unused, gnu::always_inline]] static inline

/// One double. `portable` has no fma instruction and calls the C library's, which rounds correctly.
struct OneLane {
  static constexpr std::size_t width = 1;
  using Bits = std::uint64_t;
  using Mask = bool;
  double v;

  MARGRAVE_LANE OneLane all(double x) { return {x}; }
  MARGRAVE_LANE OneLane load(const double* from) { return {*from}; }
  MARGRAVE_LANE OneLane load(const double* from, std::size_t) { return {*from}; }
  MARGRAVE_LANE Mask first(std::size_t count) { return count != 0; }
  MARGRAVE_LANE void store(double* to, OneLane a) { *to = a.v; }
  MARGRAVE_LANE void store(double* to, OneLane a, std::size_t) { *to = a.v; }
  /// For integral values; outside int32 all types write the lowest int32, as the x86 instruction does.
  MARGRAVE_LANE void store(std::int32_t* to, OneLane a) {
    *to = a.v > -2147483649.0 && a.v < 2147483648.0 ? static_cast<std::int32_t>(a.v) : -2147483647 - 1;
  }
  MARGRAVE_LANE void store(std::int32_t* to, OneLane a, std::size_t) { store(to, a); }

  MARGRAVE_LANE OneLane add(OneLane a, OneLane b) { return {a.v + b.v}; }
  MARGRAVE_LANE OneLane sub(OneLane a, OneLane b) { return {a.v - b.v}; }
  MARGRAVE_LANE OneLane mul(OneLane a, OneLane b) { return {a.v * b.v}; }
  MARGRAVE_LANE OneLane div(OneLane a, OneLane b) { return {a.v / b.v}; }
  MARGRAVE_LANE OneLane fma(OneLane a, OneLane b, OneLane c) { return {__builtin_fma(a.v, b.v, c.v)}; }
  MARGRAVE_LANE OneLane fnma(OneLane a, OneLane b, OneLane c) { return {__builtin_fma(-a.v, b.v, c.v)}; }
  MARGRAVE_LANE OneLane sqrt(OneLane a) {
    const __m128d x = _mm_set_sd(a.v);
    return {_mm_cvtsd_f64(_mm_sqrt_sd(x, x))};
  }
  /// The second operand where one is a NaN, as the x86 instructions do.
  MARGRAVE_LANE OneLane min(OneLane a, OneLane b) { return {a.v < b.v ? a.v : b.v}; }
  MARGRAVE_LANE OneLane max(OneLane a, OneLane b) { return {a.v > b.v ? a.v : b.v}; }
  MARGRAVE_LANE OneLane from_bits(Bits b) {
    double x;
    __builtin_memcpy(&x, &b, sizeof x);
    return {x};
  }
  MARGRAVE_LANE Bits bits(OneLane a) {
    Bits b;
    __builtin_memcpy(&b, &a.v, sizeof b);
    return b;
  }
  MARGRAVE_LANE Bits bits_all(std::uint64_t b) { return b; }
  MARGRAVE_LANE Bits bits_and(Bits a, Bits b) { return a & b; }
  MARGRAVE_LANE Bits bits_or(Bits a, Bits b) { return a | b; }
  MARGRAVE_LANE Bits bits_xor(Bits a, Bits b) { return a ^ b; }
  MARGRAVE_LANE Bits bits_add(Bits a, Bits b) { return a + b; }
  MARGRAVE_LANE Bits bits_sub(Bits a, Bits b) { return a - b; }
  template <int Count>
  MARGRAVE_LANE Bits shift_left(Bits a) {
    return a << Count;
  }
  template <int Count>
  MARGRAVE_LANE Bits shift_right(Bits a) {
    return a >> Count;
  }

  MARGRAVE_LANE Mask less(OneLane a, OneLane b) { return a.v < b.v; }
  MARGRAVE_LANE Mask less_equal(OneLane a, OneLane b) { return a.v <= b.v; }
  MARGRAVE_LANE Mask equal(OneLane a, OneLane b) { return a.v == b.v; }
  MARGRAVE_LANE Mask both(Mask a, Mask b) { return a && b; }
  MARGRAVE_LANE Mask either(Mask a, Mask b) { return a || b; }
  MARGRAVE_LANE Mask negate(Mask a) { return !a; }
  MARGRAVE_LANE bool any(Mask a) { return a; }
  MARGRAVE_LANE OneLane select(Mask m, OneLane yes, OneLane no) { return m ? yes : no; }
  /// True where the sign bit is set, so also for -0.
  MARGRAVE_LANE Mask signs(OneLane a) { return (bits(a) >> 63) != 0; }
};

#if defined(__AVX2__) && defined(__FMA__)
/// Four doubles.
struct FourLanes {
  static constexpr std::size_t width = 4;
  struct Bits {
    __m256i b;
  };
  struct Mask {
    __m256d m;
  };
  __m256d v;

  MARGRAVE_LANE FourLanes all(double x) { return {_mm256_set1_pd(x)}; }
  MARGRAVE_LANE FourLanes load(const double* from) { return {_mm256_loadu_pd(from)}; }
  MARGRAVE_LANE Mask first(std::size_t count) {
    const __m256i index = _mm256_set_epi64x(3, 2, 1, 0);
    return {_mm256_castsi256_pd(_mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<long long>(count)), index))};
  }
  MARGRAVE_LANE FourLanes load(const double* from, std::size_t count) {
    return {_mm256_maskload_pd(from, _mm256_castpd_si256(first(count).m))};
  }
  MARGRAVE_LANE void store(double* to, FourLanes a) { _mm256_storeu_pd(to, a.v); }
  MARGRAVE_LANE void store(double* to, FourLanes a, std::size_t count) {
    _mm256_maskstore_pd(to, _mm256_castpd_si256(first(count).m), a.v);
  }
  MARGRAVE_LANE void store(std::int32_t* to, FourLanes a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_cvtpd_epi32(a.v));
  }
  MARGRAVE_LANE void store(std::int32_t* to, FourLanes a, std::size_t count) {
    const __m128i index = _mm_set_epi32(3, 2, 1, 0);
    _mm_maskstore_epi32(to, _mm_cmpgt_epi32(_mm_set1_epi32(static_cast<int>(count)), index), _mm256_cvtpd_epi32(a.v));
  }

  MARGRAVE_LANE FourLanes add(FourLanes a, FourLanes b) { return {_mm256_add_pd(a.v, b.v)}; }
  MARGRAVE_LANE FourLanes sub(FourLanes a, FourLanes b) { return {_mm256_sub_pd(a.v, b.v)}; }
  MARGRAVE_LANE FourLanes mul(FourLanes a, FourLanes b) { return {_mm256_mul_pd(a.v, b.v)}; }
  MARGRAVE_LANE FourLanes div(FourLanes a, FourLanes b) { return {_mm256_div_pd(a.v, b.v)}; }
  MARGRAVE_LANE FourLanes fma(FourLanes a, FourLanes b, FourLanes c) { return {_mm256_fmadd_pd(a.v, b.v, c.v)}; }
  MARGRAVE_LANE FourLanes fnma(FourLanes a, FourLanes b, FourLanes c) { return {_mm256_fnmadd_pd(a.v, b.v, c.v)}; }
  MARGRAVE_LANE FourLanes sqrt(FourLanes a) { return {_mm256_sqrt_pd(a.v)}; }
  MARGRAVE_LANE FourLanes min(FourLanes a, FourLanes b) { return {_mm256_min_pd(a.v, b.v)}; }
  MARGRAVE_LANE FourLanes max(FourLanes a, FourLanes b) { return {_mm256_max_pd(a.v, b.v)}; }
  MARGRAVE_LANE FourLanes from_bits(Bits b) { return {_mm256_castsi256_pd(b.b)}; }
  MARGRAVE_LANE Bits bits(FourLanes a) { return {_mm256_castpd_si256(a.v)}; }
  MARGRAVE_LANE Bits bits_all(std::uint64_t b) { return {_mm256_set1_epi64x(static_cast<long long>(b))}; }
  MARGRAVE_LANE Bits bits_and(Bits a, Bits b) { return {_mm256_and_si256(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_or(Bits a, Bits b) { return {_mm256_or_si256(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_xor(Bits a, Bits b) { return {_mm256_xor_si256(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_add(Bits a, Bits b) { return {_mm256_add_epi64(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_sub(Bits a, Bits b) { return {_mm256_sub_epi64(a.b, b.b)}; }
  template <int Count>
  MARGRAVE_LANE Bits shift_left(Bits a) {
    return {_mm256_slli_epi64(a.b, Count)};
  }
  template <int Count>
  MARGRAVE_LANE Bits shift_right(Bits a) {
    return {_mm256_srli_epi64(a.b, Count)};
  }

  MARGRAVE_LANE Mask less(FourLanes a, FourLanes b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LT_OQ)}; }
  MARGRAVE_LANE Mask less_equal(FourLanes a, FourLanes b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_LE_OQ)}; }
  MARGRAVE_LANE Mask equal(FourLanes a, FourLanes b) { return {_mm256_cmp_pd(a.v, b.v, _CMP_EQ_OQ)}; }
  MARGRAVE_LANE Mask both(Mask a, Mask b) { return {_mm256_and_pd(a.m, b.m)}; }
  MARGRAVE_LANE Mask either(Mask a, Mask b) { return {_mm256_or_pd(a.m, b.m)}; }
  MARGRAVE_LANE Mask negate(Mask a) { return {_mm256_xor_pd(a.m, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)))}; }
  MARGRAVE_LANE bool any(Mask a) { return _mm256_movemask_pd(a.m) != 0; }
  MARGRAVE_LANE FourLanes select(Mask m, FourLanes yes, FourLanes no) { return {_mm256_blendv_pd(no.v, yes.v, m.m)}; }
  /// Only for select(), which looks at the sign bit alone.
  MARGRAVE_LANE Mask signs(FourLanes a) { return {a.v}; }
};
#endif

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
/// Eight doubles.
struct EightLanes {
  static constexpr std::size_t width = 8;
  struct Bits {
    __m512i b;
  };
  struct Mask {
    __mmask8 m;
  };
  __m512d v;

  MARGRAVE_LANE EightLanes all(double x) { return {_mm512_set1_pd(x)}; }
  MARGRAVE_LANE EightLanes load(const double* from) { return {_mm512_loadu_pd(from)}; }
  MARGRAVE_LANE Mask first(std::size_t count) {
    return {static_cast<__mmask8>(count >= 8 ? 0xFFu : (1u << count) - 1u)};
  }
  MARGRAVE_LANE EightLanes load(const double* from, std::size_t count) {
    return {_mm512_maskz_loadu_pd(first(count).m, from)};
  }
  MARGRAVE_LANE void store(double* to, EightLanes a) { _mm512_storeu_pd(to, a.v); }
  MARGRAVE_LANE void store(double* to, EightLanes a, std::size_t count) {
    _mm512_mask_storeu_pd(to, first(count).m, a.v);
  }
  MARGRAVE_LANE void store(std::int32_t* to, EightLanes a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtpd_epi32(a.v));
  }
  MARGRAVE_LANE void store(std::int32_t* to, EightLanes a, std::size_t count) {
    _mm256_mask_storeu_epi32(to, first(count).m, _mm512_cvtpd_epi32(a.v));
  }

  MARGRAVE_LANE EightLanes add(EightLanes a, EightLanes b) { return {_mm512_add_pd(a.v, b.v)}; }
  MARGRAVE_LANE EightLanes sub(EightLanes a, EightLanes b) { return {_mm512_sub_pd(a.v, b.v)}; }
  MARGRAVE_LANE EightLanes mul(EightLanes a, EightLanes b) { return {_mm512_mul_pd(a.v, b.v)}; }
  MARGRAVE_LANE EightLanes div(EightLanes a, EightLanes b) { return {_mm512_div_pd(a.v, b.v)}; }
  MARGRAVE_LANE EightLanes fma(EightLanes a, EightLanes b, EightLanes c) { return {_mm512_fmadd_pd(a.v, b.v, c.v)}; }
  MARGRAVE_LANE EightLanes fnma(EightLanes a, EightLanes b, EightLanes c) { return {_mm512_fnmadd_pd(a.v, b.v, c.v)}; }
  MARGRAVE_LANE EightLanes sqrt(EightLanes a) { return {_mm512_sqrt_pd(a.v)}; }
  MARGRAVE_LANE EightLanes min(EightLanes a, EightLanes b) { return {_mm512_min_pd(a.v, b.v)}; }
  MARGRAVE_LANE EightLanes max(EightLanes a, EightLanes b) { return {_mm512_max_pd(a.v, b.v)}; }
  MARGRAVE_LANE EightLanes from_bits(Bits b) { return {_mm512_castsi512_pd(b.b)}; }
  MARGRAVE_LANE Bits bits(EightLanes a) { return {_mm512_castpd_si512(a.v)}; }
  MARGRAVE_LANE Bits bits_all(std::uint64_t b) { return {_mm512_set1_epi64(static_cast<long long>(b))}; }
  MARGRAVE_LANE Bits bits_and(Bits a, Bits b) { return {_mm512_and_si512(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_or(Bits a, Bits b) { return {_mm512_or_si512(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_xor(Bits a, Bits b) { return {_mm512_xor_si512(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_add(Bits a, Bits b) { return {_mm512_add_epi64(a.b, b.b)}; }
  MARGRAVE_LANE Bits bits_sub(Bits a, Bits b) { return {_mm512_sub_epi64(a.b, b.b)}; }
  template <int Count>
  MARGRAVE_LANE Bits shift_left(Bits a) {
    return {_mm512_slli_epi64(a.b, Count)};
  }
  template <int Count>
  MARGRAVE_LANE Bits shift_right(Bits a) {
    return {_mm512_srli_epi64(a.b, Count)};
  }

  MARGRAVE_LANE Mask less(EightLanes a, EightLanes b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LT_OQ)}; }
  MARGRAVE_LANE Mask less_equal(EightLanes a, EightLanes b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_LE_OQ)}; }
  MARGRAVE_LANE Mask equal(EightLanes a, EightLanes b) { return {_mm512_cmp_pd_mask(a.v, b.v, _CMP_EQ_OQ)}; }
  MARGRAVE_LANE Mask both(Mask a, Mask b) { return {static_cast<__mmask8>(a.m & b.m)}; }
  MARGRAVE_LANE Mask either(Mask a, Mask b) { return {static_cast<__mmask8>(a.m | b.m)}; }
  MARGRAVE_LANE Mask negate(Mask a) { return {static_cast<__mmask8>(~a.m)}; }
  MARGRAVE_LANE bool any(Mask a) { return a.m != 0; }
  MARGRAVE_LANE EightLanes select(Mask m, EightLanes yes, EightLanes no) {
    return {_mm512_mask_blend_pd(m.m, no.v, yes.v)};
  }
  MARGRAVE_LANE Mask signs(EightLanes a) { return {_mm512_movepi64_mask(_mm512_castpd_si512(a.v))}; }
};
#endif

/// Two registers that go through a kernel together: the second hides the latency of the first.
template <class L>
struct Pair {
  static constexpr std::size_t width = 2 * L::width;
  struct Bits {
    typename L::Bits a, b;
  };
  struct Mask {
    typename L::Mask a, b;
  };
  L a, b;

  MARGRAVE_LANE Pair all(double x) { return {L::all(x), L::all(x)}; }
  MARGRAVE_LANE Pair load(const double* from) { return {L::load(from), L::load(from + L::width)}; }
  MARGRAVE_LANE void store(double* to, Pair x) { L::store(to, x.a), L::store(to + L::width, x.b); }
  MARGRAVE_LANE void store(std::int32_t* to, Pair x) { L::store(to, x.a), L::store(to + L::width, x.b); }

  MARGRAVE_LANE Pair add(Pair x, Pair y) { return {L::add(x.a, y.a), L::add(x.b, y.b)}; }
  MARGRAVE_LANE Pair sub(Pair x, Pair y) { return {L::sub(x.a, y.a), L::sub(x.b, y.b)}; }
  MARGRAVE_LANE Pair mul(Pair x, Pair y) { return {L::mul(x.a, y.a), L::mul(x.b, y.b)}; }
  MARGRAVE_LANE Pair div(Pair x, Pair y) { return {L::div(x.a, y.a), L::div(x.b, y.b)}; }
  MARGRAVE_LANE Pair fma(Pair x, Pair y, Pair z) { return {L::fma(x.a, y.a, z.a), L::fma(x.b, y.b, z.b)}; }
  MARGRAVE_LANE Pair fnma(Pair x, Pair y, Pair z) { return {L::fnma(x.a, y.a, z.a), L::fnma(x.b, y.b, z.b)}; }
  MARGRAVE_LANE Pair sqrt(Pair x) { return {L::sqrt(x.a), L::sqrt(x.b)}; }
  MARGRAVE_LANE Pair min(Pair x, Pair y) { return {L::min(x.a, y.a), L::min(x.b, y.b)}; }
  MARGRAVE_LANE Pair max(Pair x, Pair y) { return {L::max(x.a, y.a), L::max(x.b, y.b)}; }
  MARGRAVE_LANE Pair from_bits(Bits x) { return {L::from_bits(x.a), L::from_bits(x.b)}; }
  MARGRAVE_LANE Bits bits(Pair x) { return {L::bits(x.a), L::bits(x.b)}; }
  MARGRAVE_LANE Bits bits_all(std::uint64_t x) { return {L::bits_all(x), L::bits_all(x)}; }
  MARGRAVE_LANE Bits bits_and(Bits x, Bits y) { return {L::bits_and(x.a, y.a), L::bits_and(x.b, y.b)}; }
  MARGRAVE_LANE Bits bits_or(Bits x, Bits y) { return {L::bits_or(x.a, y.a), L::bits_or(x.b, y.b)}; }
  MARGRAVE_LANE Bits bits_xor(Bits x, Bits y) { return {L::bits_xor(x.a, y.a), L::bits_xor(x.b, y.b)}; }
  MARGRAVE_LANE Bits bits_add(Bits x, Bits y) { return {L::bits_add(x.a, y.a), L::bits_add(x.b, y.b)}; }
  MARGRAVE_LANE Bits bits_sub(Bits x, Bits y) { return {L::bits_sub(x.a, y.a), L::bits_sub(x.b, y.b)}; }
  template <int Count>
  MARGRAVE_LANE Bits shift_left(Bits x) {
    return {L::template shift_left<Count>(x.a), L::template shift_left<Count>(x.b)};
  }
  template <int Count>
  MARGRAVE_LANE Bits shift_right(Bits x) {
    return {L::template shift_right<Count>(x.a), L::template shift_right<Count>(x.b)};
  }

  MARGRAVE_LANE Mask less(Pair x, Pair y) { return {L::less(x.a, y.a), L::less(x.b, y.b)}; }
  MARGRAVE_LANE Mask less_equal(Pair x, Pair y) { return {L::less_equal(x.a, y.a), L::less_equal(x.b, y.b)}; }
  MARGRAVE_LANE Mask equal(Pair x, Pair y) { return {L::equal(x.a, y.a), L::equal(x.b, y.b)}; }
  MARGRAVE_LANE Mask both(Mask x, Mask y) { return {L::both(x.a, y.a), L::both(x.b, y.b)}; }
  MARGRAVE_LANE Mask either(Mask x, Mask y) { return {L::either(x.a, y.a), L::either(x.b, y.b)}; }
  MARGRAVE_LANE Mask negate(Mask x) { return {L::negate(x.a), L::negate(x.b)}; }
  MARGRAVE_LANE bool any(Mask x) { return L::any(L::either(x.a, x.b)); }
  MARGRAVE_LANE Mask signs(Pair x) { return {L::signs(x.a), L::signs(x.b)}; }
  MARGRAVE_LANE Pair select(Mask m, Pair x, Pair y) { return {L::select(m.a, x.a, y.a), L::select(m.b, x.b, y.b)}; }
};

/// The lane type of this translation unit's instruction set.
#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512VL__)
using Lanes = EightLanes;
#elif defined(__AVX2__) && defined(__FMA__)
using Lanes = FourLanes;
#else
using Lanes = OneLane;
#endif

template <class L>
[[gnu::always_inline]] inline L operator+(L a, L b) requires requires {
  L::width;
}
{ return L::add(a, b); }
template <class L>
[[gnu::always_inline]] inline L operator-(L a, L b) requires requires {
  L::width;
}
{ return L::sub(a, b); }
template <class L>
[[gnu::always_inline]] inline L operator*(L a, L b) requires requires {
  L::width;
}
{ return L::mul(a, b); }
template <class L>
[[gnu::always_inline]] inline L operator/(L a, L b) requires requires {
  L::width;
}
{ return L::div(a, b); }

/// |a|.
template <class L>
[[gnu::always_inline]] inline L absolute(L a) {
  return L::from_bits(L::bits_and(L::bits(a), L::bits_all(0x7FFFFFFFFFFFFFFF)));
}
/// magnitude (>= 0) with the sign bit of `sign`.
template <class L>
[[gnu::always_inline]] inline L with_sign(L magnitude, L sign) {
  return L::from_bits(L::bits_or(L::bits(magnitude), L::bits_and(L::bits(sign), L::bits_all(0x8000000000000000))));
}
/// -a.
template <class L>
[[gnu::always_inline]] inline L negative(L a) {
  return L::from_bits(L::bits_xor(L::bits(a), L::bits_all(0x8000000000000000)));
}

/// c[0] + c[1] x + ... by Horner's rule, the last coefficient first: one fixed order of operations.
template <std::size_t I = 0, class L, std::size_t N>
[[gnu::always_inline]] inline L polynomial(L x, const double (&c)[N]) {
  if constexpr (I + 1 == N) {
    return L::all(c[I]);
  } else {
    return L::fma(polynomial<I + 1>(x, c), x, L::all(c[I]));
  }
}

/// c[0] + c[1] x + ... + x^N: as polynomial() with a leading coefficient of 1, which costs no multiplication.
template <std::size_t I = 0, class L, std::size_t N>
[[gnu::always_inline]] inline L monic_polynomial(L x, const double (&c)[N]) {
  if constexpr (I + 1 == N) {
    return x + L::all(c[I]);
  } else {
    return L::fma(monic_polynomial<I + 1>(x, c), x, L::all(c[I]));
  }
}

/// 1.5 * 2^52: adding it rounds |x| < 2^51 to an integer, half to even, and leaves that integer in the low bits.
inline constexpr double integer_magic = 6755399441055744.0;

/// 2^n for an integer n in [-1022, 1023] that was rounded by adding integer_magic.
template <class L>
[[gnu::always_inline]] inline L power_of_two(L n_plus_magic) {
  return L::from_bits(L::template shift_left<52>(L::bits_add(L::bits(n_plus_magic), L::bits_all(1023))));
}

/// How a step of for_lanes() reads and writes: a whole register, or only its first `count` lanes.
template <class L>
struct Whole {
  using Lane = L;
  MARGRAVE_LANE L load(const double* from) { return L::load(from); }
  template <class T>
  MARGRAVE_LANE void store(T* to, L a) {
    L::store(to, a);
  }
  MARGRAVE_LANE typename L::Mask of_interest(typename L::Mask m) { return m; }
};
template <class L>
struct Part {
  using Lane = L;
  std::size_t count;
  [[gnu::always_inline]] inline L load(const double* from) const { return L::load(from, count); }
  template <class T>
  [[gnu::always_inline]] inline void store(T* to, L a) const {
    L::store(to, a, count);
  }
  [[gnu::always_inline]] inline typename L::Mask of_interest(typename L::Mask m) const {
    return L::both(m, L::first(count));
  }
};

/// Calls step(access, offset) over n elements: whole registers of W (Lanes or Pair<Lanes>), then of Lanes, then the
/// rest.
template <class W, class Step>
[[gnu::always_inline]] inline void for_lanes(std::size_t n, Step step) {
  std::size_t i = 0;
  for (; i + W::width <= n; i += W::width) step(Whole<W>{}, i);
  if constexpr (W::width > Lanes::width) {
    for (; i + Lanes::width <= n; i += Lanes::width) step(Whole<Lanes>{}, i);
  }
  if constexpr (Lanes::width > 1) {
    if (i < n) step(Part<Lanes>{n - i}, i);
  }
}

/// As for_lanes() in two stages: first(access, i) -> state of the lanes from i on, second(access, i, state) -> nothing.
/// The first stage of the next register stands before the second stage of this one, so that divisions and roots of the
/// one run while the other multiplies: an out-of-order core does not look that far ahead by itself.
template <class W, class First, class Second>
[[gnu::always_inline]] inline void for_lanes_staged(std::size_t n, First first, Second second) {
  std::size_t i = 0;
  if (W::width <= n) {
    auto state = first(Whole<W>{}, i);
    for (; i + 2 * W::width <= n; i += W::width) {
      const auto next = first(Whole<W>{}, i + W::width);
      second(Whole<W>{}, i, state);
      state = next;
    }
    second(Whole<W>{}, i, state);
    i += W::width;
  }
  if constexpr (W::width > Lanes::width) {
    for (; i + Lanes::width <= n; i += Lanes::width) second(Whole<Lanes>{}, i, first(Whole<Lanes>{}, i));
  }
  if constexpr (Lanes::width > 1) {
    if (i < n) second(Part<Lanes>{n - i}, i, first(Part<Lanes>{n - i}, i));
  }
}

}  // namespace
}  // namespace margrave
