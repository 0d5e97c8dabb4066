#include "market/svi_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace margrave {
namespace {

struct Linear {
  double level{0}, down{0}, up{0};  ///< w = level + down * (q - h) / 2 + up * (q + h) / 2
};

/// Solves the 3 x 3 normal equations by elimination with a small ridge, so a few points are enough.
std::array<double, 3> solve3(std::array<std::array<double, 4>, 3> rows) {
  const double ridge = 1e-9 * (rows[0][0] + rows[1][1] + rows[2][2]) + 1e-300;
  for (std::size_t i = 0; i < 3; ++i) rows[i][i] += ridge;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t below = i + 1; below < 3; ++below) {
      const double factor = rows[below][i] / rows[i][i];
      for (std::size_t j = i; j < 4; ++j) rows[below][j] -= factor * rows[i][j];
    }
  }
  std::array<double, 3> x{};
  for (std::size_t i = 3; i-- > 0;) {
    double rest = rows[i][3];
    for (std::size_t j = i + 1; j < 3; ++j) rest -= rows[i][j] * x[j];
    x[i] = rest / rows[i][i];
  }
  return x;
}

struct Basis {
  double down, up;
};
Basis basis(double k, double m, double sigma) {
  const double h = k - m;
  const double q = std::sqrt(h * h + sigma * sigma);
  return {0.5 * (q - h), 0.5 * (q + h)};
}

/// Weights turn an error in variance into one in vol: dw = 2 vol T dvol.
double variance_weight(const SviTarget& target, double years) {
  const double slope = 2 * target.vol * years;
  return target.weight / (slope * slope);
}

Linear fit_linear(std::span<const SviTarget> targets, double years, double m, double sigma) {
  std::array<std::array<double, 4>, 3> rows{};
  for (const SviTarget& target : targets) {
    const Basis at = basis(target.k, m, sigma);
    const std::array<double, 4> x{1, at.down, at.up, target.vol * target.vol * years};
    const double weight = variance_weight(target, years);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 4; ++j) rows[i][j] += weight * x[i] * x[j];
    }
  }
  const std::array<double, 3> x = solve3(rows);
  return {.level = x[0], .down = x[1], .up = x[2]};
}

/// Pushes slopes into (0, 2] and the smallest variance above a small share of the average one.
Linear admissible(const Linear& raw, double sigma, double average, double width) {
  const double least = 1e-3 * average / width;
  Linear result{.level = raw.level, .down = std::clamp(raw.down, least, 1.9), .up = std::clamp(raw.up, least, 1.9)};
  const double dip = sigma * std::sqrt(result.down * result.up);
  result.level = std::max(result.level, 0.05 * average - dip);
  return result;
}

double error_of(std::span<const SviTarget> targets, double years, double m, double sigma, const Linear& linear) {
  double sum = 0;
  for (const SviTarget& target : targets) {
    const Basis at = basis(target.k, m, sigma);
    const double error = linear.level + linear.down * at.down + linear.up * at.up - target.vol * target.vol * years;
    sum += variance_weight(target, years) * error * error;
  }
  return sum;
}

}  // namespace

SviSlice quasi_explicit_start(std::span<const SviTarget> targets, double years) {
  CHECK(years > 0 && !targets.empty());
  double average = 0, total = 0, low = targets[0].k, high = targets[0].k;
  for (const SviTarget& target : targets) {
    average += target.weight * target.vol * target.vol * years;
    total += target.weight;
    low = std::min(low, target.k);
    high = std::max(high, target.k);
  }
  average /= total;
  const double width = std::max({high - low, 2 * std::sqrt(average), 1e-6});

  SviSlice best{.a = average, .b = 0, .rho = 0, .m = 0, .sigma = width};
  double least = std::numeric_limits<double>::infinity();
  const double middle = 0.5 * (low + high);
  for (const double place : {-0.3, -0.15, 0.0, 0.15, 0.3}) {
    const double m = std::clamp(middle, -0.1 * width, 0.1 * width) + place * width;
    for (const double share : {0.03, 0.08, 0.2, 0.5, 1.0}) {
      const double sigma = share * width;
      const Linear linear = admissible(fit_linear(targets, years, m, sigma), sigma, average, width);
      const double error = error_of(targets, years, m, sigma, linear);
      if (error < least) {
        least = error;
        const double b = 0.5 * (linear.down + linear.up);
        best = {.a = linear.level, .b = b, .rho = 0.5 * (linear.up - linear.down) / b, .m = m, .sigma = sigma};
      }
    }
  }
  return best;
}

}  // namespace margrave
