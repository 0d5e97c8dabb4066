#include "volatility/shrinkage.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "volatility/covariance.h"
#include "volatility/series.h"

namespace margrave {
namespace {

/// Returns less their column's mean.
std::vector<double> centered(std::span<const double> returns, std::size_t columns) {
  const std::size_t count = returns.size() / columns;
  const auto rows = static_cast<double>(count);
  std::vector<double> center(columns, 0.0), moved(returns.begin(), returns.end());
  for (std::size_t k = 0; k < returns.size(); ++k) center[k % columns] += returns[k] / rows;
  for (std::size_t k = 0; k < moved.size(); ++k) moved[k] -= center[k % columns];
  return moved;
}

Result<void> check_columns_vary(std::span<const double> returns, std::size_t columns) {
  for (std::size_t i = 0; i < columns; ++i) {
    bool varies = false;
    for (std::size_t k = i; k < returns.size(); k += columns) varies = varies || returns[k] != returns[i];
    if (varies) continue;
    return fail({.message = fmt::format("series {} does not vary", i), .field = "returns", .remedy = "leave it out"});
  }
  return {};
}

double squared_distance(const SymmetricMatrix& a, const SymmetricMatrix& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.cells.size(); ++k) sum += (a.cells[k] - b.cells[k]) * (a.cells[k] - b.cells[k]);
  return sum;
}

SymmetricMatrix mean_variance(const SymmetricMatrix& sample) {
  double trace = 0;
  for (std::size_t i = 0; i < sample.size; ++i) trace += sample(i, i);
  SymmetricMatrix target(sample.size);
  for (std::size_t i = 0; i < sample.size; ++i) target.set(i, i, trace / static_cast<double>(sample.size));
  return target;
}

double mean_correlation(const SymmetricMatrix& sample) {
  const SymmetricMatrix correlation = correlation_of(sample);
  double sum = 0;
  for (std::size_t i = 0; i < sample.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) sum += correlation(i, j);
  }
  const auto n = static_cast<double>(sample.size);
  return sample.size > 1 ? sum / (0.5 * n * (n - 1)) : 0;
}

SymmetricMatrix one_correlation(const SymmetricMatrix& sample, double correlation) {
  SymmetricMatrix target = sample;
  for (std::size_t i = 0; i < sample.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) target.set(i, j, correlation * std::sqrt(sample(i, i) * sample(j, j)));
  }
  return target;
}

/// Sums over all entries of the asymptotic variance of the sample ("pi") and of its covariance with the target ("rho").
struct Noise {
  double pi{0}, rho{0};
};

/// One entry: mean of (x_i x_j - s_ij)^2, of (x_i^2 - s_ii)(x_i x_j - s_ij), and the same with j.
struct Moments {
  double own{0}, with_first{0}, with_second{0};
};

Moments moments(const std::vector<double>& x, const SymmetricMatrix& sample, std::size_t i, std::size_t j) {
  const std::size_t columns = sample.size;
  Moments sum;
  for (std::size_t row = 0; row < x.size(); row += columns) {
    const double a = x[row + i], b = x[row + j], product = a * b - sample(i, j);
    sum.own += product * product;
    sum.with_first += (a * a - sample(i, i)) * product;
    sum.with_second += (b * b - sample(j, j)) * product;
  }
  const std::size_t count = x.size() / columns;
  const auto rows = static_cast<double>(count);
  return {.own = sum.own / rows, .with_first = sum.with_first / rows, .with_second = sum.with_second / rows};
}

Noise noise(ShrinkageTarget target, const std::vector<double>& x, const SymmetricMatrix& sample, double correlation) {
  Noise total;
  for (std::size_t i = 0; i < sample.size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const Moments m = moments(x, sample, i, j);
      total.pi += i == j ? m.own : 2 * m.own;
      if (target == ShrinkageTarget::identity) continue;
      const double ratio = std::sqrt(sample(j, j) / sample(i, i));
      total.rho += i == j ? m.own : correlation * (ratio * m.with_first + m.with_second / ratio);
    }
  }
  return total;
}

}  // namespace

Result<ShrunkCovariance> shrink_covariance(ShrinkageTarget target, std::span<const double> returns,
                                           std::size_t columns) {
  const SymmetricMatrix sample = TRY(sample_covariance(returns, columns));
  TRY_VOID(check_columns_vary(returns, columns));
  const std::vector<double> x = centered(returns, columns);
  const double correlation = mean_correlation(sample);
  const SymmetricMatrix goal =
      target == ShrinkageTarget::identity ? mean_variance(sample) : one_correlation(sample, correlation);
  const double distance = squared_distance(sample, goal);
  const Noise sums = noise(target, x, sample, correlation);
  const std::size_t count = x.size() / columns;
  const auto rows = static_cast<double>(count);
  const double intensity = distance > 0 ? std::clamp((sums.pi - sums.rho) / rows / distance, 0.0, 1.0) : 1.0;
  SymmetricMatrix shrunk = sample;
  for (std::size_t k = 0; k < shrunk.cells.size(); ++k) {
    shrunk.cells[k] = intensity * goal.cells[k] + (1 - intensity) * sample.cells[k];
  }
  return ShrunkCovariance{.covariance = std::move(shrunk), .intensity = intensity};
}

}  // namespace margrave
