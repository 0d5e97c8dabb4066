#include "haircut/exit_cost.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

/// The straight line through two points at x.
double between(const ExitCost::Point& a, const ExitCost::Point& b, double x) {
  return a.rate + (b.rate - a.rate) * ((x - a.amount_usd) / (b.amount_usd - a.amount_usd));
}

double curve_marginal(const std::vector<ExitCost::Point>& points, double x) {
  const auto above = std::upper_bound(points.begin(), points.end(), x,
                                      [](double value, const ExitCost::Point& p) { return value < p.amount_usd; });
  if (above == points.begin()) return points.front().rate;
  if (above == points.end()) return points.back().rate;
  return between(*(above - 1), *above, x);
}

/// The integral of the curve from 0 to x.
double curve_total(const std::vector<ExitCost::Point>& points, double x) {
  double total = std::min(x, points.front().amount_usd) * points.front().rate;
  for (std::size_t i = 1; i < points.size() && points[i - 1].amount_usd < x; ++i) {
    const double to = std::min(x, points[i].amount_usd);
    const double mean = (points[i - 1].rate + between(points[i - 1], points[i], to)) / 2;
    total += (to - points[i - 1].amount_usd) * mean;
  }
  return total + std::max(0.0, x - points.back().amount_usd) * points.back().rate;
}

}  // namespace

Result<void> ExitCost::check() const {
  for (const double number : {half_spread, coefficient, sigma}) {
    if (!(number >= 0) || !std::isfinite(number))
      return fail({.message = "an exit cost is made of numbers of at least 0"});
  }
  if (!(participation > 0 && participation <= 1)) return fail({.message = "participation lies above 0 and up to 1"});
  if (!std::isfinite(volume_usd)) return fail({.message = "a day's volume is a finite number of dollars"});
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point& point = points[i];
    if (!(point.amount_usd >= 0 && point.rate >= 0) || !std::isfinite(point.amount_usd) || !std::isfinite(point.rate))
      return fail({.message = "a point of the exit curve is below 0 or not finite"});
    if (i > 0 && !(point.amount_usd > points[i - 1].amount_usd && point.rate >= points[i - 1].rate)) {
      return fail({.message = "point " + std::to_string(i + 1) + " of the exit curve does not follow the one before",
                   .remedy = "give amounts that rise and rates that do not fall"});
    }
  }
  return {};
}

double ExitCost::marginal(double x_usd) const {
  if (!points.empty()) return std::clamp(half_spread + curve_marginal(points, x_usd), 0.0, 1.0);
  if (!(volume_usd > 0)) return 1;
  const double impact = coefficient * sigma * std::sqrt(x_usd / (participation * volume_usd));
  return std::clamp(half_spread + 1.5 * impact, 0.0, 1.0);
}

double ExitCost::average(double x_usd) const {
  if (!(x_usd > 0)) return marginal(0);
  if (!points.empty()) return std::clamp(half_spread + curve_total(points, x_usd) / x_usd, 0.0, 1.0);
  if (!(volume_usd > 0)) return 1;
  return std::clamp(half_spread + coefficient * sigma * std::sqrt(x_usd / (participation * volume_usd)), 0.0, 1.0);
}

}  // namespace margrave
