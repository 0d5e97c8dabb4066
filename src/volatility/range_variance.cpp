#include "volatility/range_variance.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/series.h"

namespace margrave {
namespace {

constexpr double ln_two = 0.69314718055994530942, four_ln_two = 4 * ln_two, body_weight = 2 * ln_two - 1;

double parkinson(double high_low) { return high_low * high_low / four_ln_two; }
double garman_klass(double high_low, double close_open) {
  return std::max(0.0, 0.5 * high_low * high_low - body_weight * close_open * close_open);
}

Result<void> check_all(std::span<const PriceRange> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    Result<void> checked = check_range_prices(ranges[i]);
    if (checked) continue;
    Error error = std::move(checked).error();
    error.field = fmt::format("ranges[{}]", i);
    return fail(std::move(error));
  }
  return {};
}

constexpr std::size_t block = 64;

/// ln(over / under) of up to `block` bars.
void log_ratios(std::span<const PriceRange> ranges, double PriceRange::*over, double PriceRange::*under,
                std::span<double> out) {
  std::array<double, block> above, below;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    above[i] = ranges[i].*over;
    below[i] = ranges[i].*under;
  }
  stable_log_ratio(best_isa(), std::span(above).first(ranges.size()), std::span(below).first(ranges.size()), out);
}

}  // namespace

Result<void> check_range_prices(const PriceRange& range) {
  const bool ordered = range.low <= range.open && range.low <= range.close && range.high >= range.open &&
                       range.high >= range.close;  // false with a NaN
  if (ordered && range.low > 0 && range.high <= std::numeric_limits<double>::max()) return {};
  const double prices[] = {range.open, range.high, range.low, range.close};
  TRY_VOID(check_positive_series(prices, "prices (open, high, low, close)", 0));
  return fail({.message = "open and close are not between low and high", .remedy = "check the columns"});
}

Result<double> parkinson_variance(const PriceRange& range) {
  TRY_VOID(check_range_prices(range));
  return parkinson(stable_log_ratio(range.high, range.low));
}

Result<double> garman_klass_variance(const PriceRange& range) {
  TRY_VOID(check_range_prices(range));
  return garman_klass(stable_log_ratio(range.high, range.low), stable_log_ratio(range.close, range.open));
}

Result<PriceRange> cap_wicks(const PriceRange& range, double cap) {
  TRY_VOID(check_range_prices(range));
  TRY_VOID(check_range(cap, "wick cap", 0, 10));
  const double factor = stable_exp(cap);
  PriceRange capped = range;
  capped.high = std::min(range.high, std::max(range.open, range.close) * factor);
  capped.low = std::max(range.low, std::min(range.open, range.close) / factor);
  return capped;
}

Result<void> parkinson_variances(std::span<const PriceRange> ranges, std::span<double> out) {
  CHECK(ranges.size() == out.size());
  TRY_VOID(check_all(ranges));
  for (std::size_t from = 0; from < ranges.size(); from += block) {
    const std::size_t count = std::min(block, ranges.size() - from);
    const std::span<double> part = out.subspan(from, count);
    log_ratios(ranges.subspan(from, count), &PriceRange::high, &PriceRange::low, part);
    for (double& value : part) value = parkinson(value);
  }
  return {};
}

Result<void> garman_klass_variances(std::span<const PriceRange> ranges, std::span<double> out) {
  CHECK(ranges.size() == out.size());
  TRY_VOID(check_all(ranges));
  std::array<double, block> body;
  for (std::size_t from = 0; from < ranges.size(); from += block) {
    const std::size_t count = std::min(block, ranges.size() - from);
    const std::span<double> part = out.subspan(from, count);
    log_ratios(ranges.subspan(from, count), &PriceRange::high, &PriceRange::low, part);
    log_ratios(ranges.subspan(from, count), &PriceRange::close, &PriceRange::open, std::span(body).first(count));
    for (std::size_t i = 0; i < count; ++i) part[i] = garman_klass(part[i], body[i]);
  }
  return {};
}

}  // namespace margrave
