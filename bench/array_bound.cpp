#include "array_bound.h"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 warns of variables that its own intrinsics leave undefined on purpose.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include <cstdint>

namespace margrave::bench {
namespace {

/// Makes the compiler believe that a register has changed, so that nothing is computed once for all rounds.
#define MARGRAVE_OPAQUE(x) asm volatile("" : "+v"(x))

/// Eight steps written out: a compiler that kept an array of sums in memory would make the bound a straw man.
#define MARGRAVE_EIGHT(step) step(0) step(1) step(2) step(3) step(4) step(5) step(6) step(7)

__attribute__((target("avx512f"))) long long avx512_sign_extending(std::size_t cells) {
  const __m512i lots = _mm512_set1_epi64(3);
#define MARGRAVE_START(i)                  \
  __m512i sum##i = _mm512_setzero_si512(); \
  __m256i row##i = _mm256_set1_epi32(i + 7);
#define MARGRAVE_STEP(i)   \
  MARGRAVE_OPAQUE(row##i); \
  sum##i = _mm512_add_epi64(sum##i, _mm512_mul_epi32(_mm512_cvtepi32_epi64(row##i), lots));
#define MARGRAVE_END(i) total += _mm512_reduce_add_epi64(sum##i);
  MARGRAVE_EIGHT(MARGRAVE_START)
  for (std::size_t n = 0; n < cells; n += 64) {
    MARGRAVE_EIGHT(MARGRAVE_STEP)
  }
  long long total = 0;
  MARGRAVE_EIGHT(MARGRAVE_END)
  return total;
#undef MARGRAVE_START
#undef MARGRAVE_STEP
#undef MARGRAVE_END
}

__attribute__((target("avx2"))) long long total_of(__m256i x) {
  alignas(32) long long part[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(part), x);
  return part[0] + part[1] + part[2] + part[3];
}

// Sixteen registers: one opaque row serves all eight steps.
__attribute__((target("avx2"))) long long avx2_sign_extending(std::size_t cells) {
  const __m256i lots = _mm256_set1_epi64x(3);
  __m128i row = _mm_set1_epi32(7);
#define MARGRAVE_START(i) __m256i sum##i = _mm256_setzero_si256();
#define MARGRAVE_STEP(i)        \
  asm volatile("" : "+x"(row)); \
  sum##i = _mm256_add_epi64(sum##i, _mm256_mul_epi32(_mm256_cvtepi32_epi64(row), lots));
#define MARGRAVE_END(i) total += total_of(sum##i);
  MARGRAVE_EIGHT(MARGRAVE_START)
  for (std::size_t n = 0; n < cells; n += 32) {
    MARGRAVE_EIGHT(MARGRAVE_STEP)
  }
  long long total = 0;
  MARGRAVE_EIGHT(MARGRAVE_END)
  return total;
#undef MARGRAVE_START
#undef MARGRAVE_STEP
#undef MARGRAVE_END
}

long long plain(std::size_t cells) {
  long long a = 0, b = 0, c = 0, d = 0, lots = 3;
  std::int32_t row = 7;
  asm volatile("" : "+r"(lots));
  for (std::size_t n = 0; n < cells; n += 4) {
    asm volatile("" : "+r"(row));
    a += row * lots;
    asm volatile("" : "+r"(row));
    b += row * lots;
    asm volatile("" : "+r"(row));
    c += row * lots;
    asm volatile("" : "+r"(row));
    d += row * lots;
  }
  return a + b + c + d;
}

}  // namespace

long long run_bound(Isa isa, std::size_t cells) {
  if (isa == Isa::avx512) return avx512_sign_extending(cells);
  if (isa == Isa::avx2) return avx2_sign_extending(cells);
  return plain(cells);
}

}  // namespace margrave::bench
