#pragma once

// The Blocks of both AVX-512 files.

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 builds its unmasked intrinsics on a variable that it leaves undefined on purpose, and then warns of it.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include <immintrin.h>

#include "array/kernel_source.h"

namespace margrave {
namespace {

/// The bits of a mask as a number. GCC 12 may keep a mask in two bytes of the stack and read four of them back as the
/// number; this instruction clears the upper half.
MARGRAVE_INLINE unsigned bits_of(__mmask16 mask) {
  unsigned bits;
  asm("kmovw %1, %k0" : "=r"(bits) : "Yk"(mask));
  return bits;
}

struct Avx512Block {
  using Lots = __m512i;
  using Limit = __m512i;
  static constexpr std::size_t columns = 16;
  static constexpr std::size_t most = 11;  // 176 columns in 22 of 32 registers
  __m512i even;                            ///< columns 0, 2, .., 14
  __m512i odd;                             ///< columns 1, 3, .., 15

  static MARGRAVE_INLINE Avx512Block zero() { return {_mm512_setzero_si512(), _mm512_setzero_si512()}; }
  static MARGRAVE_INLINE Lots spread(std::int32_t lots) { return _mm512_set1_epi32(lots); }
  static MARGRAVE_INLINE Limit spread_limit(std::int64_t limit) { return _mm512_set1_epi64(limit); }
  MARGRAVE_INLINE void add_product(const std::int32_t* row, Lots lots) {
    __m512i pairs = _mm512_load_si512(row);
    // Keeps the entries in a register: GCC would otherwise load them once for each of their two uses.
    asm("" : "+v"(pairs));
    even = _mm512_add_epi64(even, _mm512_mul_epi32(pairs, lots));
    odd = _mm512_add_epi64(odd, _mm512_mul_epi32(_mm512_srli_epi64(pairs, 32), lots));
  }
  MARGRAVE_INLINE void shift_left(std::uint32_t bits) {
    const __m128i count = _mm_cvtsi32_si128(static_cast<int>(bits));
    even = _mm512_sll_epi64(even, count);
    odd = _mm512_sll_epi64(odd, count);
  }
  MARGRAVE_INLINE void store(std::int64_t* out) const {
    const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    _mm512_store_si512(out, _mm512_permutex2var_epi64(even, low, odd));
    _mm512_store_si512(out + 8, _mm512_permutex2var_epi64(even, high, odd));
  }
  static MARGRAVE_INLINE std::uint16_t mask_of(const std::int64_t* values, Limit limit) {
    const unsigned low = bits_of(_mm512_cmple_epi64_mask(_mm512_loadu_si512(values), limit));
    const unsigned high = bits_of(_mm512_cmple_epi64_mask(_mm512_loadu_si512(values + 8), limit));
    return static_cast<std::uint16_t>(low | high << 8);
  }
};

/// What both Splits share. 176 columns of a tile take 22 of 32 registers.
struct Avx512SplitCommon {
  static constexpr std::size_t columns = 16;
  static constexpr std::size_t most = 11;

  /// Compresses the places of each 16 columns, in a register: the form that writes to memory is slow on Zen 4.
  static std::size_t collect(SplitValues values, std::size_t begin, std::size_t end, std::int32_t limit,
                             std::int64_t* out, std::uint32_t* places, std::uint32_t first_place) {
    const __m512i bound = _mm512_set1_epi32(limit);
    const __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    std::size_t n = 0;
    for (std::size_t first = begin / 16 * 16; first < end; first += 16) {
      unsigned bits = bits_of(_mm512_cmple_epi32_mask(_mm512_load_si512(values.high + first), bound));
      if (first < begin) bits &= 0xFFFFu << (begin - first);
      if (end - first < 16) bits &= ~(0xFFFFu << (end - first));
      const __m512i here = _mm512_add_epi32(_mm512_set1_epi32(static_cast<int>(first)), steps);
      _mm512_storeu_si512(places + n, _mm512_maskz_compress_epi32(static_cast<__mmask16>(bits), here));
      n += static_cast<std::size_t>(__builtin_popcount(bits));
    }
    for (std::size_t i = 0; i < n; ++i) {
      out[i] = value_at(values, places[i]);
      places[i] += first_place;
    }
    return n;
  }
  static MARGRAVE_INLINE __m512i load(const std::int32_t* at) {
    return _mm512_xor_si512(_mm512_load_si512(at), _mm512_set1_epi32(1 << 15));
  }
  static MARGRAVE_INLINE void store(__m512i highs, __m512i lows, std::int32_t* high, std::int32_t* low) {
    _mm512_store_si512(low, lows);
    _mm512_store_si512(high, _mm512_add_epi32(highs, _mm512_srai_epi32(lows, 16)));
  }
};

struct Avx512Lanes {
  static constexpr std::size_t count = 8;
  struct Total {
    __m512i high, low, last, least;
    std::uint64_t kept;
  };
  static MARGRAVE_INLINE Total none() {
    return {_mm512_setzero_si512(), _mm512_setzero_si512(), _mm512_set1_epi64(INT64_MIN), _mm512_set1_epi64(INT64_MAX),
            0};
  }
  static MARGRAVE_INLINE __m512i load(const std::int64_t* at) { return _mm512_loadu_si512(at); }
  static MARGRAVE_INLINE __m512i zero() { return _mm512_setzero_si512(); }
  static MARGRAVE_INLINE __m512i count_greater(__m512i rank, __m512i mine, std::int64_t other) {
    const __mmask8 greater = _mm512_cmpgt_epi64_mask(mine, _mm512_set1_epi64(other));
    return _mm512_mask_add_epi64(rank, greater, rank, _mm512_set1_epi64(1));
  }
  static MARGRAVE_INLINE __m512i most(std::size_t) { return _mm512_set1_epi64(INT64_MAX); }
  static MARGRAVE_INLINE __m512i smaller(__m512i x, __m512i y) { return _mm512_min_epi64(x, y); }
  static MARGRAVE_INLINE void keep(std::int64_t* at, __m512i value) { _mm512_storeu_si512(at, value); }
  static MARGRAVE_INLINE void take_below(Total& total, __m512i mine, __m512i rank, std::size_t k) {
    const __mmask8 keep = _mm512_cmplt_epi64_mask(rank, _mm512_set1_epi64(static_cast<std::int64_t>(k)));
    const __m512i biased = _mm512_xor_si512(mine, _mm512_set1_epi64(INT64_MIN));
    total.high = _mm512_mask_add_epi64(total.high, keep, total.high, _mm512_srli_epi64(biased, 32));
    total.low =
        _mm512_mask_add_epi64(total.low, keep, total.low, _mm512_and_si512(biased, _mm512_set1_epi64(0xFFFFFFFF)));
    total.last = _mm512_mask_max_epi64(total.last, keep, total.last, mine);
    total.least = _mm512_min_epi64(total.least, mine);
    total.kept += static_cast<std::uint64_t>(__builtin_popcount(bits_of(keep)));
  }
  static MARGRAVE_INLINE __m128i spread_shift(std::uint32_t bits) { return _mm_cvtsi32_si128(static_cast<int>(bits)); }
  static MARGRAVE_INLINE __m512i spread_lots(std::int32_t lots) { return _mm512_set1_epi64(lots); }
  static MARGRAVE_INLINE void add_product(const std::int64_t* values, __m128i shift, const std::int32_t* row,
                                          __m512i lots, std::int64_t* out) {
    const __m512i entries = _mm512_cvtepi32_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(row)));
    const __m512i shifted = _mm512_sll_epi64(load(values), shift);
    _mm512_store_si512(out, _mm512_add_epi64(shifted, _mm512_mul_epi32(entries, lots)));
  }
  static MARGRAVE_INLINE std::uint64_t finish(const Total& total, SmallTail& out) {
    out = {static_cast<std::uint64_t>(_mm512_reduce_add_epi64(total.high)),
           static_cast<std::uint64_t>(_mm512_reduce_add_epi64(total.low)), _mm512_reduce_max_epi64(total.last),
           _mm512_reduce_min_epi64(total.least), 0};
    return total.kept;
  }
};

}  // namespace
}  // namespace margrave
