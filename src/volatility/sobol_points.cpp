#include "volatility/sobol_points.h"

#include <fmt/core.h>

#include <bit>
#include <iterator>

#include "base/check.h"
#include "base/random.h"
#include "volatility/sobol_directions.h"

namespace margrave {
namespace {

constexpr std::size_t numbers = 32;  ///< of directions: 2^32 points
constexpr std::size_t digits = 52;

static_assert(std::size(sobol_directions) + 1 == SobolPoints::most_dimensions);

/// The direction numbers of one dimension, digit 1 behind the point being the highest of 52.
/// Source: Bratley and Fox (1988), section 2: m_k = 2 a_1 m_(k-1) ^ .. ^ 2^d m_(k-d) ^ m_(k-d).
std::vector<std::uint64_t> columns_of(std::size_t dimension) {
  std::vector<std::uint64_t> m(numbers, 1);
  if (dimension > 0) {
    const SobolDirection& direction = sobol_directions[dimension - 1];
    const auto degree = static_cast<std::size_t>(std::bit_width(direction.polynomial)) - 1;
    for (std::size_t k = 0; k < numbers; ++k) {
      m[k] = k < degree ? direction.first[k] : m[k - degree];
      for (std::size_t i = 1; k >= degree && i <= degree; ++i) {
        if ((direction.polynomial >> (degree - i) & 1) != 0) m[k] ^= m[k - i] << i;
      }
    }
  }
  for (std::size_t k = 0; k < numbers; ++k) m[k] <<= digits - 1 - k;
  return m;
}

/// Each digit that is set adds itself and random digits behind it.
std::vector<std::uint64_t> scrambled_columns(const std::vector<std::uint64_t>& columns, Random& random) {
  std::vector<std::uint64_t> result(columns.size(), 0);
  for (std::size_t digit = 0; digit < digits; ++digit) {
    const std::uint64_t own = std::uint64_t{1} << (digits - 1 - digit);
    const std::uint64_t behind = random.bits() & (own - 1);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      if ((columns[k] & own) != 0) result[k] ^= own | behind;
    }
  }
  return result;
}

Result<void> check_dimensions(std::size_t dimensions) {
  if (dimensions > 0 && dimensions <= SobolPoints::most_dimensions) return {};
  return fail(
      {.message = fmt::format("Sobol points have 1 to {} dimensions, not {}", SobolPoints::most_dimensions, dimensions),
       .remedy = "take fewer coins, or points: philox"});
}

}  // namespace

Result<SobolPoints> SobolPoints::plain(std::size_t dimensions) {
  TRY_VOID(check_dimensions(dimensions));
  SobolPoints points;
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::vector<std::uint64_t> columns = columns_of(d);
    points.columns_.insert(points.columns_.end(), columns.begin(), columns.end());
    points.shift_.push_back(0);
  }
  return points;
}

Result<SobolPoints> SobolPoints::scrambled(std::size_t dimensions, std::uint64_t seed) {
  TRY_VOID(check_dimensions(dimensions));
  SobolPoints points;
  for (std::size_t d = 0; d < dimensions; ++d) {
    Random random{.seed = seed, .stream = d};
    const std::vector<std::uint64_t> columns = scrambled_columns(columns_of(d), random);
    points.columns_.insert(points.columns_.end(), columns.begin(), columns.end());
    points.shift_.push_back(random.bits() >> (64 - digits));
  }
  return points;
}

void SobolPoints::point(std::uint64_t at, std::span<double> out) const {
  CHECK(at < most_points && out.size() == dimensions());
  const std::uint64_t code = at ^ (at >> 1);
  for (std::size_t d = 0; d < out.size(); ++d) {
    std::uint64_t value = shift_[d];
    const std::uint64_t* columns = columns_.data() + d * numbers;
    for (std::uint64_t rest = code; rest != 0; rest &= rest - 1) value ^= columns[std::countr_zero(rest)];
    out[d] = (static_cast<double>(value) + 0.5) * 0x1p-52;
  }
}

}  // namespace margrave
