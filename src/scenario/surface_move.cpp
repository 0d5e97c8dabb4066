#include "scenario/surface_move.h"

#include <algorithm>

#include "base/timestamp.h"
#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double month_days = 30, least_days = 1, most_days = 360, most_x = 2;

}  // namespace

SurfacePlace surface_place(double width, double log_moneyness, std::int64_t seconds) {
  const double days =
      std::clamp(static_cast<double>(seconds) / static_cast<double>(seconds_per_day), least_days, most_days);
  const double months = days / month_days;
  return {std::clamp(log_moneyness / (width * __builtin_sqrt(months)), -most_x, most_x), stable_log(months)};
}

double surface_exponent(const SurfaceMove& move, const SurfacePlace& place) {
  const double exponent = move.skew * place.x + move.wings * (place.x * place.x) + move.term * place.u;
  return std::clamp(exponent, -most_surface_exponent, most_surface_exponent);
}

}  // namespace margrave
