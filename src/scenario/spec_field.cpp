#include "scenario/spec_field.h"

#include <fmt/core.h>

namespace margrave {

Result<double> read_real(const Cursor& at, double low, double high) {
  const double x = TRY(at.real());
  if (x < low || x > high) {
    return fail(at.error(fmt::format("{} is outside {} to {}", x, low, high), "use a number in that range"));
  }
  return x;
}

Result<double> real_or(const Cursor& map, std::string_view key, double low, double high, double otherwise) {
  const auto at = map.find(key);
  if (!at) return otherwise;
  return read_real(*at, low, high);
}

Result<std::int64_t> whole_or(const Cursor& map, std::string_view key, std::int64_t low, std::int64_t high,
                              std::int64_t otherwise) {
  const auto at = map.find(key);
  if (!at) return otherwise;
  return at->integer(low, high);
}

Result<VolTerm> read_vol_term(const Cursor& at) {
  TRY_VOID(at.only({"reference_days", "power_short", "power_long", "floor_days", "floor", "cap"}));
  VolTerm term;
  term.reference_days = TRY(real_or(at, "reference_days", 0.001, 10000, term.reference_days));
  term.power_short = TRY(real_or(at, "power_short", -20, 20, term.power_short));
  term.power_long = TRY(real_or(at, "power_long", -20, 20, term.power_long));
  term.floor_days = TRY(real_or(at, "floor_days", 0.0001, 10000, term.floor_days));
  term.floor = TRY(real_or(at, "floor", 0, 1000, term.floor));
  term.cap = TRY(real_or(at, "cap", 0, 1000000, term.cap));
  return term;
}

}  // namespace margrave
