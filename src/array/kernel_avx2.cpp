#include <immintrin.h>

#include "array/kernel_source.h"

namespace margrave {
namespace {

struct Avx2Block {
  using Lots = __m256i;
  using Limit = __m256i;
  static constexpr std::size_t columns = 16;
  static constexpr std::size_t most = 3;  // 48 columns in 12 of 16 registers
  __m256i even_low, odd_low;              ///< of columns 0 .. 7
  __m256i even_high, odd_high;            ///< of columns 8 .. 15

  static MARGRAVE_INLINE Avx2Block zero() {
    const __m256i none = _mm256_setzero_si256();
    return {none, none, none, none};
  }
  static MARGRAVE_INLINE Lots spread(std::int32_t lots) { return _mm256_set1_epi32(lots); }
  static MARGRAVE_INLINE Limit spread_limit(std::int64_t limit) { return _mm256_set1_epi64x(limit); }
  static MARGRAVE_INLINE __m256i load(const void* at) { return _mm256_loadu_si256(static_cast<const __m256i*>(at)); }
  static MARGRAVE_INLINE void keep(std::int64_t* at, __m256i value) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(at), value);
  }
  MARGRAVE_INLINE void add_product(const std::int32_t* row, Lots lots) {
    const __m256i low = load(row), high = load(row + 8);
    even_low = _mm256_add_epi64(even_low, _mm256_mul_epi32(low, lots));
    odd_low = _mm256_add_epi64(odd_low, _mm256_mul_epi32(_mm256_srli_epi64(low, 32), lots));
    even_high = _mm256_add_epi64(even_high, _mm256_mul_epi32(high, lots));
    odd_high = _mm256_add_epi64(odd_high, _mm256_mul_epi32(_mm256_srli_epi64(high, 32), lots));
  }
  MARGRAVE_INLINE void shift_left(std::uint32_t bits) {
    const __m128i count = _mm_cvtsi32_si128(static_cast<int>(bits));
    even_low = _mm256_sll_epi64(even_low, count);
    odd_low = _mm256_sll_epi64(odd_low, count);
    even_high = _mm256_sll_epi64(even_high, count);
    odd_high = _mm256_sll_epi64(odd_high, count);
  }
  /// Eight columns in order, from their even and odd ones.
  static MARGRAVE_INLINE void order(__m256i even, __m256i odd, std::int64_t* out) {
    const __m256i first = _mm256_unpacklo_epi64(even, odd);   // columns 0 1 4 5
    const __m256i second = _mm256_unpackhi_epi64(even, odd);  // columns 2 3 6 7
    keep(out, _mm256_permute2x128_si256(first, second, 0x20));
    keep(out + 4, _mm256_permute2x128_si256(first, second, 0x31));
  }
  MARGRAVE_INLINE void store(std::int64_t* out) const {
    order(even_low, odd_low, out);
    order(even_high, odd_high, out + 8);
  }
  static MARGRAVE_INLINE unsigned above(const std::int64_t* values, Limit limit) {
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(load(values), limit))));
  }
  static MARGRAVE_INLINE std::uint16_t mask_of(const std::int64_t* values, Limit limit) {
    const unsigned over = above(values, limit) | above(values + 4, limit) << 4 | above(values + 8, limit) << 8 |
                          above(values + 12, limit) << 12;
    return static_cast<std::uint16_t>(~over);
  }
};

struct Avx2Split {
  static constexpr auto collect = collect_split<Avx2Split>;
  using Lots = __m256i;
  static constexpr bool in_pairs = true;
  using Missing = __m256i;
  using Limit = __m256i;
  static constexpr std::size_t columns = 16;
  static constexpr std::size_t most = 3;  // 48 columns in 12 of 16 registers
  __m256i a, b, c, d;  ///< low and high sums side by side, of columns 0 1 4 5, 2 3 6 7, 8 9 12 13, ..

  MARGRAVE_INLINE void clear() { a = b = c = d = _mm256_setzero_si256(); }
  static MARGRAVE_INLINE Lots spread(std::int32_t first, std::int32_t second) {
    return _mm256_set1_epi32((first & 0xFFFF) | static_cast<std::int32_t>(static_cast<std::uint32_t>(second) << 16));
  }
  static MARGRAVE_INLINE Missing missing(std::int32_t lots) { return _mm256_set1_epi32(lots * (1 << 15)); }
  static MARGRAVE_INLINE Limit spread_limit(std::int32_t limit) { return _mm256_set1_epi32(limit); }
  static MARGRAVE_INLINE __m256i load(const std::int32_t* at) {
    return _mm256_xor_si256(Avx2Block::load(at), _mm256_set1_epi32(1 << 15));
  }
  static MARGRAVE_INLINE void add_eight(__m256i& first, __m256i& second, __m256i row, __m256i other, Lots lots) {
    first = _mm256_add_epi32(first, _mm256_madd_epi16(_mm256_unpacklo_epi16(row, other), lots));
    second = _mm256_add_epi32(second, _mm256_madd_epi16(_mm256_unpackhi_epi16(row, other), lots));
  }
  MARGRAVE_INLINE void add_products(const std::int32_t* row, const std::int32_t* other, Lots lots) {
    add_eight(a, b, load(row), load(other), lots);
    add_eight(c, d, load(row + 8), load(other + 8), lots);
  }
  MARGRAVE_INLINE void settle() { asm("" : "+x"(a), "+x"(b), "+x"(c), "+x"(d)); }
  template <int Parts>
  static MARGRAVE_INLINE __m256i pick(__m256i first, __m256i second) {
    return _mm256_castps_si256(_mm256_shuffle_ps(_mm256_castsi256_ps(first), _mm256_castsi256_ps(second), Parts));
  }
  static MARGRAVE_INLINE void store_eight(__m256i first, __m256i second, std::int32_t* high, std::int32_t* low,
                                          Missing missing) {
    const __m256i lows = _mm256_add_epi32(pick<0x88>(first, second), missing);
    _mm256_store_si256(reinterpret_cast<__m256i*>(low), lows);
    _mm256_store_si256(reinterpret_cast<__m256i*>(high),
                       _mm256_add_epi32(pick<0xDD>(first, second), _mm256_srai_epi32(lows, 16)));
  }
  MARGRAVE_INLINE void store(std::int32_t* high, std::int32_t* low, Missing missing) const {
    store_eight(a, b, high, low, missing);
    store_eight(c, d, high + 8, low + 8, missing);
  }
  static MARGRAVE_INLINE unsigned above(const std::int32_t* values, Limit limit) {
    return static_cast<unsigned>(
        _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(Avx2Block::load(values), limit))));
  }
  static MARGRAVE_INLINE std::uint16_t mask_of(const std::int32_t* values, Limit limit) {
    return static_cast<std::uint16_t>(~(above(values, limit) | above(values + 8, limit) << 8));
  }
};

struct Avx2Lanes {
  static constexpr std::size_t count = 4;
  struct Total {
    __m256i high, low, last, least, kept;
  };
  static MARGRAVE_INLINE Total none() {
    return {zero(), zero(), _mm256_set1_epi64x(INT64_MIN), _mm256_set1_epi64x(INT64_MAX), zero()};
  }
  static MARGRAVE_INLINE __m256i load(const std::int64_t* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static MARGRAVE_INLINE __m256i zero() { return _mm256_setzero_si256(); }
  static MARGRAVE_INLINE __m256i count_greater(__m256i rank, __m256i mine, std::int64_t other) {
    return _mm256_sub_epi64(rank, _mm256_cmpgt_epi64(mine, _mm256_set1_epi64x(other)));
  }
  static MARGRAVE_INLINE __m256i most(std::size_t) { return _mm256_set1_epi64x(INT64_MAX); }
  static MARGRAVE_INLINE __m256i smaller(__m256i x, __m256i y) { return choose(_mm256_cmpgt_epi64(x, y), y, x); }
  static MARGRAVE_INLINE void keep(std::int64_t* at, __m256i value) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), value);
  }
  static MARGRAVE_INLINE __m256i choose(__m256i condition, __m256i yes, __m256i no) {
    return _mm256_blendv_epi8(no, yes, condition);
  }
  static MARGRAVE_INLINE void take_below(Total& total, __m256i mine, __m256i rank, std::size_t k) {
    const __m256i keep = _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<std::int64_t>(k)), rank);
    const __m256i biased = _mm256_and_si256(keep, _mm256_xor_si256(mine, _mm256_set1_epi64x(INT64_MIN)));
    total.high = _mm256_add_epi64(total.high, _mm256_srli_epi64(biased, 32));
    total.low = _mm256_add_epi64(total.low, _mm256_and_si256(biased, _mm256_set1_epi64x(0xFFFFFFFF)));
    total.last = choose(_mm256_and_si256(keep, _mm256_cmpgt_epi64(mine, total.last)), mine, total.last);
    total.least = choose(_mm256_cmpgt_epi64(total.least, mine), mine, total.least);
    total.kept = _mm256_sub_epi64(total.kept, keep);
  }
  static MARGRAVE_INLINE __m128i spread_shift(std::uint32_t bits) { return _mm_cvtsi32_si128(static_cast<int>(bits)); }
  static MARGRAVE_INLINE __m256i spread_lots(std::int32_t lots) { return _mm256_set1_epi64x(lots); }
  static MARGRAVE_INLINE void add_product(const std::int64_t* values, __m128i shift, const std::int32_t* row,
                                          __m256i lots, std::int64_t* out) {
    const __m256i entries = _mm256_cvtepi32_epi64(_mm_load_si128(reinterpret_cast<const __m128i*>(row)));
    const __m256i shifted = _mm256_sll_epi64(load(values), shift);
    Avx2Block::keep(out, _mm256_add_epi64(shifted, _mm256_mul_epi32(entries, lots)));
  }
  static MARGRAVE_INLINE std::uint64_t finish(const Total& total, SmallTail& out) {
    alignas(32) std::int64_t high[4], low[4], last[4], least[4], kept[4];
    Avx2Block::keep(high, total.high);
    Avx2Block::keep(low, total.low);
    Avx2Block::keep(last, total.last);
    Avx2Block::keep(least, total.least);
    Avx2Block::keep(kept, total.kept);
    out = {static_cast<std::uint64_t>(high[0]), static_cast<std::uint64_t>(low[0]), last[0], least[0], 0};
    for (int i = 1; i < 4; ++i) {
      out.high += static_cast<std::uint64_t>(high[i]);
      out.low += static_cast<std::uint64_t>(low[i]);
      out.last = last[i] > out.last ? last[i] : out.last;
      out.least = least[i] < out.least ? least[i] : out.least;
      kept[0] += kept[i];
    }
    return static_cast<std::uint64_t>(kept[0]);
  }
};

}  // namespace

extern const ColumnKernels column_kernels_avx2 = kernels_over<Avx2Block, Avx2Split, Avx2Lanes>();

}  // namespace margrave
