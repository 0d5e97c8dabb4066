#include "market/forward.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace margrave {
namespace {

struct Line {
  double intercept{0}, slope{0};
};

std::optional<Line> weighted_line(std::span<const ParityPair> pairs, const std::vector<double>& weights) {
  double sum = 0, x = 0, y = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    sum += weights[i];
    x += weights[i] * pairs[i].strike;
    y += weights[i] * (pairs[i].call - pairs[i].put);
  }
  if (!(sum > 0)) return std::nullopt;
  x /= sum;
  y /= sum;
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double dx = pairs[i].strike - x;
    xx += weights[i] * dx * dx;
    xy += weights[i] * dx * (pairs[i].call - pairs[i].put - y);
  }
  if (!(xx > 0)) return std::nullopt;
  return Line{.intercept = y - xy / xx * x, .slope = xy / xx};
}

double residual(const ParityPair& pair, const Line& line) {
  return pair.call - pair.put - line.intercept - line.slope * pair.strike;
}

}  // namespace

std::string_view to_string(ForwardSource source) {
  switch (source) {
    case ForwardSource::quoted:
      return "quoted";
    case ForwardSource::future:
      return "future";
    case ForwardSource::parity:
      return "parity";
    case ForwardSource::index:
      return "index";
  }
  return "unknown";
}

double median(std::vector<double> values) {
  CHECK(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::optional<ForwardEstimate> parity_forward(std::span<const ParityPair> pairs, Style style, double years) {
  if (pairs.size() < 2) return std::nullopt;
  std::vector<double> spreads;
  for (const ParityPair& pair : pairs) spreads.push_back(pair.spread);
  const double usual = std::max(median(spreads), 1e-12);
  std::vector<double> base, weights;
  for (const ParityPair& pair : pairs) base.push_back(1 / (pair.spread * pair.spread + 0.01 * usual * usual));
  weights = base;
  std::optional<Line> line = weighted_line(pairs, weights);
  for (int pass = 0; pass < 20 && line; ++pass) {
    std::vector<double> sizes;
    for (const ParityPair& pair : pairs) sizes.push_back(std::abs(residual(pair, *line)));
    // Huber (1964): beyond 1.345 robust standard deviations (1.4826 times the median) a residual weighs inversely.
    const double limit = 1.345 * 1.4826 * median(sizes);
    if (!(limit > 0)) break;
    for (std::size_t i = 0; i < pairs.size(); ++i)
      weights[i] = base[i] * std::min(1.0, limit / std::max(sizes[i], 1e-300));
    line = weighted_line(pairs, weights);
  }
  if (!line || !(line->slope < 0) || !(line->intercept > 0)) return std::nullopt;
  ForwardEstimate estimate{.forward = line->intercept / -line->slope, .source = ForwardSource::parity};
  estimate.used = static_cast<int>(pairs.size());
  if (style == Style::linear && years > 0) estimate.rate = -std::log(-line->slope) / years;
  return estimate;
}

}  // namespace margrave
