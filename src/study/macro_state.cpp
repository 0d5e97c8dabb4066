#include "study/macro_state.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace margrave {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double or_nothing(double change) { return std::isnan(change) ? 0 : change; }

}  // namespace

Result<KnownSeries> KnownSeries::from(std::vector<KnownValue> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i].value)) return fail({.message = "a value of a macro series is not finite"});
    if (i > 0 && values[i].known_ms <= values[i - 1].known_ms)
      return fail({.message = "the times at which a macro series was known do not rise"});
  }
  return KnownSeries(std::move(values));
}

std::size_t KnownSeries::known_at(std::int64_t at_ms) const {
  const auto later = std::upper_bound(values_.begin(), values_.end(), at_ms,
                                      [](std::int64_t at, const KnownValue& value) { return at < value.known_ms; });
  return static_cast<std::size_t>(later - values_.begin());
}

double KnownSeries::value_at(std::int64_t at_ms) const {
  const std::size_t known = known_at(at_ms);
  return known == 0 ? none : values_[known - 1].value;
}

double standard_change(const KnownSeries& series, const ChangeRule& rule, std::int64_t at_ms) {
  const std::size_t known = series.known_at(at_ms);
  if (known < rule.over + rule.trailing || rule.trailing == 0) return none;
  const auto change = [&](std::size_t at) { return series.values()[at].value - series.values()[at - rule.over].value; };
  double squares = 0;
  for (std::size_t at = known - rule.trailing; at < known; ++at) squares += change(at) * change(at);
  return squares > 0 ? change(known - 1) / std::sqrt(squares / static_cast<double>(rule.trailing)) : none;
}

MacroState macro_state(const MacroSeries& series, const MacroRule& rule, std::int64_t at_ms) {
  const double liquidity = (or_nothing(standard_change(series.vix, rule.daily, at_ms)) +
                            or_nothing(standard_change(series.dollar, rule.daily, at_ms)) +
                            or_nothing(standard_change(series.stress, rule.weekly, at_ms))) /
                           3;
  const double rates = std::max(std::fabs(or_nothing(standard_change(series.two_years, rule.daily, at_ms))),
                                std::fabs(or_nothing(standard_change(series.ten_years, rule.daily, at_ms))));
  return {.liquidity_contracts = liquidity >= rule.contracts_from, .rates_shift = rates >= rule.shifts_from};
}

double stress_weight(const MacroState& state, double base, double most) {
  CHECK(base <= most);
  const double half = 0.5 * (most - base);
  return base + (state.liquidity_contracts ? half : 0) + (state.rates_shift ? half : 0);
}

RollingBeta rolling_beta(std::span<const double> x, std::span<const double> y, std::size_t count) {
  CHECK(x.size() == y.size() && count > 0);
  RollingBeta rolling{std::vector<double>(x.size(), none), std::vector<double>(x.size(), none)};
  for (std::size_t t = count; t <= x.size(); ++t) {
    double xx = 0, xy = 0, yy = 0;
    for (std::size_t i = t - count; i < t; ++i) {
      xx += x[i] * x[i];
      xy += x[i] * y[i];
      yy += y[i] * y[i];
    }
    if (!(xx > 0 && yy > 0)) continue;
    rolling.correlation[t - 1] = xy / (std::sqrt(xx) * std::sqrt(yy));
    rolling.beta[t - 1] = xy / xx;
  }
  return rolling;
}

}  // namespace margrave
