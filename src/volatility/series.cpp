#include "volatility/series.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace margrave {
namespace {

Result<void> check_length(std::size_t length, std::string_view name, std::size_t at_least) {
  if (length >= at_least) return {};
  return fail({.message = fmt::format("{} has {} values and needs at least {}", name, length, at_least),
               .field = std::string(name),
               .remedy = "give a longer history"});
}

}  // namespace

Result<void> check_series(std::span<const double> series, std::string_view name, std::size_t at_least) {
  TRY_VOID(check_length(series.size(), name, at_least));
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (std::isfinite(series[i])) continue;
    return fail({.message = fmt::format("{}[{}] is not a finite number", name, i),
                 .field = fmt::format("{}[{}]", name, i),
                 .remedy = "cut the gap out or close it before"});
  }
  return {};
}

Result<void> check_positive_series(std::span<const double> series, std::string_view name, std::size_t at_least) {
  TRY_VOID(check_series(series, name, at_least));
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i] > 0) continue;
    return fail({.message = fmt::format("{}[{}] is {}, not above zero", name, i, series[i]),
                 .field = fmt::format("{}[{}]", name, i),
                 .remedy = "leave out what has no price or no trades"});
  }
  return {};
}

Result<void> check_varies(std::span<const double> series, std::string_view name) {
  for (const double value : series) {
    if (value != series.front()) return {};
  }
  return fail({.message = fmt::format("the {} do not vary", name),
               .field = std::string(name),
               .remedy = "leave the series out"});
}

Error not_finite(std::string_view name) {
  return {.message = fmt::format("{} is not a finite number", name),
          .field = std::string(name),
          .remedy = "skip the gap or close it before"};
}

Error not_positive(double value, std::string_view name) {
  return {.message = fmt::format("{} is {}, not a finite number above zero", name, value),
          .field = std::string(name),
          .remedy = "leave out what has no price or no trades"};
}

Result<void> check_range(double value, std::string_view name, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail({.kind = ErrorKind::config,
               .message = fmt::format("{} is {}, outside {} to {}", name, value, low, high),
               .field = std::string(name),
               .remedy = fmt::format("use a number from {} to {}", low, high)});
}

double mean(std::span<const double> series) {
  CHECK(!series.empty());
  double sum = 0;
  for (const double value : series) sum += value;
  return sum / static_cast<double>(series.size());
}

double mean_square(std::span<const double> series, double center) {
  CHECK(!series.empty());
  double sum = 0;
  for (const double value : series) sum += (value - center) * (value - center);
  return sum / static_cast<double>(series.size());
}

double backcast(std::span<const double> series, double center) {
  CHECK(!series.empty());
  double sum = 0, weights = 0, weight = 1;
  for (std::size_t i = 0; i < std::min<std::size_t>(75, series.size()); ++i, weight *= 0.94) {
    sum += weight * (series[i] - center) * (series[i] - center);
    weights += weight;
  }
  return sum / weights;
}

}  // namespace margrave
