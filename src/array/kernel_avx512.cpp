#include "array/kernel_avx512.h"

namespace margrave {
namespace {

struct Avx512Split : Avx512SplitCommon {
  using Lots = __m512i;
  static constexpr bool in_pairs = true;
  using Missing = __m512i;
  __m512i a;  ///< low and high sums side by side, of columns 0 1 4 5 8 9 12 13
  __m512i b;  ///< of columns 2 3 6 7 10 11 14 15

  MARGRAVE_INLINE void clear() { a = b = _mm512_setzero_si512(); }
  static MARGRAVE_INLINE Lots spread(std::int32_t first, std::int32_t second) {
    return _mm512_set1_epi32((first & 0xFFFF) | static_cast<std::int32_t>(static_cast<std::uint32_t>(second) << 16));
  }
  static MARGRAVE_INLINE Missing missing(std::int32_t lots) { return _mm512_set1_epi32(lots * (1 << 15)); }
  MARGRAVE_INLINE void add_products(const std::int32_t* row, const std::int32_t* other, Lots lots) {
    const __m512i first = load(row), second = load(other);
    a = _mm512_add_epi32(a, _mm512_madd_epi16(_mm512_unpacklo_epi16(first, second), lots));
    b = _mm512_add_epi32(b, _mm512_madd_epi16(_mm512_unpackhi_epi16(first, second), lots));
  }
  MARGRAVE_INLINE void settle() { asm("" : "+v"(a), "+v"(b)); }
  MARGRAVE_INLINE void store(std::int32_t* high, std::int32_t* low, Missing missing) const {
    const __m512 first = _mm512_castsi512_ps(a), second = _mm512_castsi512_ps(b);
    const __m512i lows = _mm512_castps_si512(_mm512_shuffle_ps(first, second, 0x88));
    const __m512i highs = _mm512_castps_si512(_mm512_shuffle_ps(first, second, 0xDD));
    Avx512SplitCommon::store(highs, _mm512_add_epi32(lows, missing), high, low);
  }
};

}  // namespace

extern const ColumnKernels column_kernels_avx512 = kernels_over<Avx512Block, Avx512Split, Avx512Lanes>();

}  // namespace margrave
