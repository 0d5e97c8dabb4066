#include "volatility/recorrelation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "volatility/series.h"
#include "volatility/spectrum.h"

namespace margrave {
namespace {

using Series = std::vector<std::vector<double>>;

Result<void> check_shape(const Series& z) {
  for (const std::vector<double>& series : z) {
    if (series.size() == z[0].size()) continue;
    return fail({.message = fmt::format("series of {} and {} steps", z[0].size(), series.size()),
                 .field = "returns",
                 .remedy = "give every series a value or NaN in every step"});
  }
  return {};
}

std::vector<std::size_t> present(const Series& z, std::size_t step) {
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < z.size(); ++i) {
    if (!std::isnan(z[i][step])) of.push_back(i);
  }
  return of;
}

std::vector<double> root_times(const Spectrum& spectrum, double floor, double power, std::span<const double> x) {
  std::vector<double> factors;
  for (const double value : spectrum.values()) {
    const double root = std::sqrt(std::max(value, floor));
    factors.push_back(power > 0 ? root : 1 / root);
  }
  return spectrum.times(factors, x);
}

}  // namespace

Result<Series> recorrelated(const CorrelationRule& rule, double floor, const Series& z) {
  TRY_VOID(check_range(floor, "floor", 1e-9, 1));
  TRY_VOID(check_shape(z));
  EwmaCorrelation correlation = TRY(EwmaCorrelation::start(rule, z.size()));
  Series moved = z;
  const std::size_t steps = z.empty() ? 0 : z[0].size();
  std::vector<std::vector<std::size_t>> there(steps);
  std::vector<double> row(z.size());
  for (std::size_t t = 0; t < steps; ++t) {
    there[t] = present(z, t);
    std::vector<double> x;
    for (const std::size_t i : there[t]) x.push_back(z[i][t]);
    const std::vector<double> white = root_times(Spectrum(correlation.correlation(there[t])), floor, -0.5, x);
    for (std::size_t k = 0; k < white.size(); ++k) moved[there[t][k]][t] = white[k];
    for (std::size_t i = 0; i < z.size(); ++i) row[i] = z[i][t];
    TRY_VOID(correlation.update(row));
  }
  std::map<std::vector<std::size_t>, Spectrum> now;
  for (std::size_t t = 0; t < steps; ++t) {
    auto at = now.find(there[t]);
    if (at == now.end()) at = now.emplace(there[t], Spectrum(correlation.correlation(there[t]))).first;
    std::vector<double> x;
    for (const std::size_t i : there[t]) x.push_back(moved[i][t]);
    const std::vector<double> back = root_times(at->second, floor, 0.5, x);
    for (std::size_t k = 0; k < back.size(); ++k) moved[there[t][k]][t] = back[k];
  }
  return moved;
}

}  // namespace margrave
