#include "scenario/rounding.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace margrave {
namespace {

/// SSE2's conversion rounds in the mode of the process, which is checked to be half-even.
std::int64_t half_even(double x) { return _mm_cvtsd_si64(_mm_set_sd(x)); }

template <class Entry>
void round_all(const std::vector<double>& values, int exponent, std::span<Entry> out) {
  CHECK(values.size() == out.size() && exponent > -1000 && exponent < 1000);
  const double scale = power_of_two(-exponent);
  for (std::size_t i = 0; i < values.size(); ++i) out[i] = static_cast<Entry>(half_even(values[i] * scale));
}

}  // namespace

double power_of_two(int n) {
  CHECK(n >= -1022 && n <= 1023);
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + n) << 52);
}

double largest_magnitude(std::span<const double> values) {
  const __m128d sign = _mm_set1_pd(-0.0);
  __m128d largest = _mm_setzero_pd(), unordered = _mm_setzero_pd();
  std::size_t i = 0;
  for (; i + 2 <= values.size(); i += 2) {
    const __m128d two = _mm_loadu_pd(values.data() + i);
    largest = _mm_max_pd(largest, _mm_andnot_pd(sign, two));
    unordered = _mm_or_pd(unordered, _mm_cmpunord_pd(two, two));  // a maximum alone would lose a NaN
  }
  double both[2];
  _mm_storeu_pd(both, largest);
  const double last = i < values.size() ? std::fabs(values[i]) : 0.0;
  if (_mm_movemask_pd(unordered) != 0 || std::isnan(last)) return std::numeric_limits<double>::quiet_NaN();
  return std::max(last, std::max(both[0], both[1]));
}

void round_row(const std::vector<double>& values, int exponent, std::span<std::int32_t> out) {
  CHECK(values.size() == out.size() && exponent > -1000 && exponent < 1000);
  const double scale = power_of_two(-exponent);
  const __m128d both = _mm_set1_pd(scale);
  std::size_t i = 0;
  for (; i + 2 <= values.size(); i += 2) {
    const __m128i two = _mm_cvtpd_epi32(_mm_mul_pd(_mm_loadu_pd(values.data() + i), both));
    _mm_storeu_si64(out.data() + i, two);
  }
  for (; i < values.size(); ++i) out[i] = static_cast<std::int32_t>(half_even(values[i] * scale));
}
void round_row(const std::vector<double>& values, int exponent, std::span<std::int64_t> out) {
  round_all(values, exponent, out);
}

bool round_scalar(double value, int decimals, i128& out) {
  out = 0;
  const double scaled = value * static_cast<double>(power_of_ten(decimals));
  if (!(std::fabs(scaled) < 0x1p120)) return false;
  out = std::fabs(scaled) < 0x1p53 ? i128{half_even(scaled)} : static_cast<i128>(scaled);
  return true;
}

}  // namespace margrave
