#include "market/svi.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace margrave {

SviPoint svi_point(const SviSlice& slice, double k) {
  const double h = k - slice.m;
  const double q = std::sqrt(h * h + slice.sigma * slice.sigma);
  return {.variance = slice.a + slice.b * (slice.rho * h + q),
          .slope = slice.b * (slice.rho + h / q),
          .curvature = slice.b * slice.sigma * slice.sigma / (q * q * q)};
}

double total_variance(const SviSlice& slice, double k) {
  const double h = k - slice.m;
  return slice.a + slice.b * (slice.rho * h + std::sqrt(h * h + slice.sigma * slice.sigma));
}

double butterfly_g(const SviPoint& at, double k) {
  if (!(at.variance > 0)) return -std::numeric_limits<double>::infinity();
  const double drift = 1 - 0.5 * k * at.slope / at.variance;
  return drift * drift - 0.25 * at.slope * at.slope * (1 / at.variance + 0.25) + 0.5 * at.curvature;
}

double butterfly_g(const SviSlice& slice, double k) { return butterfly_g(svi_point(slice, k), k); }

SviJumpWings to_jump_wings(const SviSlice& slice, double years) {
  const double root = std::sqrt(slice.m * slice.m + slice.sigma * slice.sigma);
  const double w = slice.a + slice.b * (root - slice.rho * slice.m);
  CHECK(years > 0 && w > 0);
  const double scale = slice.b / std::sqrt(w);
  return {.variance = w / years,
          .skew = 0.5 * scale * (slice.rho - slice.m / root),
          .put_wing = scale * (1 - slice.rho),
          .call_wing = scale * (1 + slice.rho),
          .min_variance = (slice.a + slice.b * slice.sigma * std::sqrt(1 - slice.rho * slice.rho)) / years};
}

// Lemma 3.2 of the source, with its sign of alpha; m = 0 is the limit in which the smile is centred at the money.
Result<SviSlice> from_jump_wings(const SviJumpWings& wings, double years) {
  CHECK(years > 0);
  const double w = wings.variance * years;
  const double b = 0.5 * std::sqrt(std::max(w, 0.0)) * (wings.call_wing + wings.put_wing);
  if (!(w > 0) || !(wings.put_wing >= 0) || !(wings.call_wing >= 0) || !(b > 0)) {
    return fail({.message = "jump-wings parameters need variance > 0 and wings >= 0, not both 0",
                 .field = "wings",
                 .remedy = "raise a wing"});
  }
  const double rho = 1 - wings.put_wing * std::sqrt(w) / b;
  const double beta = rho - 2 * wings.skew * std::sqrt(w) / b;
  if (!(std::abs(beta) <= 1)) {
    return fail({.message = "the skew is too steep for the wings", .field = "skew", .remedy = "raise a wing"});
  }
  const double spread = (wings.variance - wings.min_variance) * years;
  const double ortho = std::sqrt(1 - rho * rho);
  SviSlice slice{.a = 0, .b = b, .rho = rho, .m = 0, .sigma = 0};
  if (beta == 0) {
    slice.sigma = spread / (b * (1 - ortho));
  } else {
    const double sign = beta > 0 ? 1.0 : -1.0;
    const double alpha = sign * std::sqrt(1 / (beta * beta) - 1);
    slice.m = spread / (b * (-rho + sign * std::sqrt(1 + alpha * alpha) - alpha * ortho));
    slice.sigma = alpha * slice.m;
  }
  slice.a = wings.min_variance * years - b * slice.sigma * ortho;
  if (!(slice.sigma > 0) || !std::isfinite(slice.m)) {
    return fail({.message = "the jump-wings parameters describe no smile",
                 .field = "min_variance",
                 .remedy = "lower min_variance"});
  }
  return slice;
}

bool within_lee_bound(const SviSlice& slice) { return slice.b * (1 + std::abs(slice.rho)) <= 2; }

double min_butterfly(const SviSlice& slice) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < arbitrage_grid_points; ++i) {
    const double k = arbitrage_grid_k(i);
    least = std::min(least, butterfly_g(slice, k));
  }
  return least;
}

double calendar_margin(const SviSlice& earlier, const SviSlice& later) {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < arbitrage_grid_points; ++i) {
    const double k = arbitrage_grid_k(i);
    least = std::min(least, total_variance(later, k) - total_variance(earlier, k));
  }
  return least;
}

}  // namespace margrave
