#include "volatility/price_velocity.h"

#include <fmt/core.h>

#include <cmath>

#include "base/check.h"
#include "math/elementary.h"
#include "volatility/series.h"

namespace margrave {
namespace {

Result<void> check_minute(std::int64_t minute, std::int64_t last) {
  if (last < std::numeric_limits<std::int64_t>::max() && minute == last + 1) return {};
  return fail({.message = fmt::format("minute {} follows minute {}", minute, last),
               .field = "minute",
               .remedy = "give every minute once and in order, or start anew after a gap"});
}

}  // namespace

Result<Velocity> PriceVelocity::update(std::int64_t minute, double price, double variance) {
  if (count_ > 0) TRY_VOID(check_minute(minute, last_));
  TRY_VOID(check_positive(price, "price"));
  TRY_VOID(check_range(variance, "variance", 0, std::numeric_limits<double>::max()));
  const auto slot = [](std::int64_t i) { return static_cast<std::size_t>(i) % 64; };
  const double now = stable_log(price);
  const auto moved = [&](std::int64_t minutes) {
    if (count_ < minutes || !(variance > 0)) return std::numeric_limits<double>::quiet_NaN();
    return (now - logs_[slot(count_ - minutes)]) / std::sqrt(static_cast<double>(minutes) * variance);
  };
  const Velocity velocity{.one = moved(1), .five = moved(5), .sixty = moved(60)};
  logs_[slot(count_)] = now;
  last_ = minute;
  ++count_;
  return velocity;
}

Result<std::vector<Velocity>> price_velocities(std::span<const double> prices, std::span<const double> variances) {
  CHECK(prices.size() == variances.size());
  PriceVelocity stream;
  std::vector<Velocity> velocities;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    velocities.push_back(TRY(stream.update(static_cast<std::int64_t>(i), prices[i], variances[i])));
  }
  return velocities;
}

}  // namespace margrave
