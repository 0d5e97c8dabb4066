#include "array/exponent.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace margrave {
namespace {

/// mantissa * 2^exponent, exactly; mantissa < 2^53.
struct Binary {
  std::uint64_t mantissa{0};
  int exponent{0};
};

Result<Binary> magnitude(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  const int biased = static_cast<int>(bits >> 52 & 0x7FF);
  if (biased == 0x7FF) return fail({.message = "the largest value of the row is not finite"});
  if (bits >> 63 == 1 && bits << 1 != 0) return fail({.message = "the largest magnitude of the row is negative"});
  if (biased == 0) return Binary{fraction, -1074};
  return Binary{fraction | std::uint64_t{1} << 52, biased - 1075};
}

/// value * 2^-exponent <= limit, for limit < 2^62.
bool holds(Binary value, int exponent, std::int64_t limit) {
  if (value.mantissa == 0) return true;
  const int shift = value.exponent - exponent;
  if (shift > 62) return false;
  const u128 bound = static_cast<u128>(limit);
  if (shift >= 0) return static_cast<u128>(value.mantissa) << shift <= bound;
  return shift < -64 || value.mantissa <= bound << -shift;
}

}  // namespace

std::string_view to_string(RowWidth width) { return width == RowWidth::narrow ? "narrow" : "wide"; }

Result<int> smallest_exponent(double largest, RowWidth width, int lowest) {
  CHECK(lowest >= exponent_lowest && lowest <= exponent_highest);
  Binary doubled = TRY(magnitude(largest));
  if (doubled.mantissa == 0) return std::max(0, lowest);
  ++doubled.exponent;
  for (int e = lowest; e <= exponent_highest; ++e) {
    if (holds(doubled, e, entry_limit(width))) return e;
  }
  return fail({.kind = ErrorKind::overflow, .message = "the largest value of the row is beyond every exponent"});
}

Result<void> check_exponent(std::string_view row, int exponent, double largest, RowWidth width) {
  const Binary value = TRY(magnitude(largest));
  if (holds(value, exponent, entry_limit(width))) return {};
  return fail({.kind = ErrorKind::overflow,
               .message = fmt::format("a value of {} does not fit the listed exponent {} of a {} row", largest,
                                      exponent, to_string(width)),
               .field = std::string(row),
               .remedy = "list it with a larger exponent: a rescale is a new version"});
}

}  // namespace margrave
