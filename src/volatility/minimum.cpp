#include "volatility/minimum.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

constexpr int iterations_max = 200;
constexpr double dampings[] = {0, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e6};

/// Value, gradient and Hessian at a point, from one call of the function.
struct Local {
  double value{0};
  Vector gradient;
  SymmetricMatrix hessian;
};

class Search {
 public:
  Search(const ManyPoints& function, const SearchBox& box)
      : function_(function), box_(box), n_(box.start.size()), width_(box.scale) {
    CHECK(n_ > 0 && box.lower.size() == n_ && box.upper.size() == n_ && box.scale.size() == n_);
  }

  Minimum run() {
    Vector x = clipped(box_.start);
    Local at = look(x);
    adapt_widths(at);
    Minimum result;
    for (bool going = true; going && result.iterations < iterations_max; ++result.iterations) {
      at = look(x);
      adapt_widths(at);
      going = step(x, at);
    }
    at = look(x);
    result.bounded = held(x, at.gradient);
    const Vector last = damped_step(at, result.bounded, 0);
    result.promise = last.empty() ? std::numeric_limits<double>::infinity() : promised_gain(at, last);
    result.converged = result.promise < 1e-6;
    result.value = at.value;
    result.hessian = at.hessian;
    result.point = std::move(x);
    return result;
  }

 private:
  Vector clipped(Vector x) const {
    for (std::size_t i = 0; i < n_; ++i) x[i] = std::clamp(x[i], box_.lower[i], box_.upper[i]);
    return x;
  }

  void add(Vector& points, const Vector& x, std::size_t i, double by, std::size_t j, double and_by) const {
    const std::size_t first = points.size();
    points.insert(points.end(), x.begin(), x.end());
    points[first + i] += by;
    points[first + j] += and_by;
  }

  Local look(const Vector& x) const {
    Vector points(x);
    for (std::size_t i = 0; i < n_; ++i) {
      const double narrow = width_[i] / 16;
      for (const double by : {narrow, -narrow, width_[i], -width_[i]}) add(points, x, i, by, i, 0);
    }
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        for (const double a : {width_[i], -width_[i]}) {
          for (const double b : {width_[j], -width_[j]}) add(points, x, i, a, j, b);
        }
      }
    }
    Vector values(points.size() / n_);
    function_(points, values);
    return differences(values);
  }

  Local differences(const Vector& values) const {
    Local at{values[0], Vector(n_), SymmetricMatrix(n_)};
    std::size_t k = 1;
    for (std::size_t i = 0; i < n_; ++i, k += 4) {
      at.gradient[i] = (values[k] - values[k + 1]) / (width_[i] / 8);
      at.hessian.set(i, i, (values[k + 2] + values[k + 3] - 2 * values[0]) / (width_[i] * width_[i]));
    }
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < i; ++j, k += 4) {
        const double mixed = values[k] - values[k + 1] - values[k + 2] + values[k + 3];
        at.hessian.set(i, j, mixed / (4 * width_[i] * width_[j]));
      }
    }
    return at;
  }

  /// A fiftieth of the standard error the parameter would have alone: small for truncation, large for rounding.
  void adapt_widths(const Local& at) {
    for (std::size_t i = 0; i < n_; ++i) {
      const double curvature = at.hessian(i, i);
      if (!(curvature > 0)) continue;
      width_[i] = std::clamp(0.02 / std::sqrt(curvature), box_.scale[i] * 1e-4, box_.scale[i]);
    }
  }

  std::vector<bool> held(const Vector& x, const Vector& gradient) const {
    std::vector<bool> is_held(n_);
    for (std::size_t i = 0; i < n_; ++i) {
      is_held[i] = (x[i] <= box_.lower[i] && gradient[i] > 0) || (x[i] >= box_.upper[i] && gradient[i] < 0);
    }
    return is_held;
  }

  /// The step with (H + damping |diag H|) step = -gradient over the free parameters; empty where that is no descent.
  Vector damped_step(const Local& at, const std::vector<bool>& is_held, double damping) const {
    SymmetricMatrix matrix(n_);
    Vector right(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      matrix.set(i, i, 1);
      if (is_held[i]) continue;
      const double diagonal = at.hessian(i, i), floor = 1 / (box_.scale[i] * box_.scale[i]);
      matrix.set(i, i, diagonal + damping * std::max(std::abs(diagonal), 1e-4 * floor));
      right[i] = -at.gradient[i];
      for (std::size_t j = 0; j < i; ++j) {
        if (!is_held[j]) matrix.set(i, j, at.hessian(i, j));
      }
    }
    const auto step = solve(matrix, right);
    return step ? *step : Vector{};
  }

  double promised_gain(const Local& at, const Vector& by) const {
    double gain = 0;
    for (std::size_t i = 0; i < n_; ++i) gain -= 0.5 * at.gradient[i] * by[i];
    return gain;
  }

  /// Moves x to the best of the damped steps. False when there is nothing left to gain.
  bool step(Vector& x, const Local& at) const {
    const std::vector<bool> is_held = held(x, at.gradient);
    Vector points;
    double promise = std::numeric_limits<double>::infinity();
    for (const double damping : dampings) {
      Vector trial = damped_step(at, is_held, damping);
      if (trial.empty()) continue;
      if (damping == 0) promise = promised_gain(at, trial);
      for (std::size_t i = 0; i < n_; ++i) trial[i] += x[i];
      trial = clipped(std::move(trial));
      points.insert(points.end(), trial.begin(), trial.end());
    }
    if (points.empty()) return false;
    Vector values(points.size() / n_);
    function_(points, values);
    return choose(x, at.value, points, values, promise);
  }

  bool choose(Vector& x, double value, const Vector& points, const Vector& values, double promise) const {
    std::size_t best = 0;
    for (std::size_t k = 1; k < values.size(); ++k) {
      if (!(values[best] <= values[k])) best = k;
    }
    // Near the minimum the gain drowns in rounding, and the undamped step is right.
    const bool near = promise < 1e-8 && values[0] < value + 1e-7;
    if (near) best = 0;
    if (!near && !(values[best] < value)) return false;
    for (std::size_t i = 0; i < n_; ++i) x[i] = points[best * n_ + i];
    return promise >= 1e-10;
  }

  const ManyPoints& function_;
  const SearchBox& box_;
  std::size_t n_;
  Vector width_;
};

}  // namespace

void add_parameter(SearchBox& box, double start, double lower, double upper, double scale) {
  box.start.push_back(start);
  box.lower.push_back(lower);
  box.upper.push_back(upper);
  box.scale.push_back(scale);
}

Minimum minimise(const ManyPoints& function, const SearchBox& box) { return Search(function, box).run(); }

std::vector<double> standard_errors(const Minimum& minimum) {
  const std::size_t n = minimum.point.size();
  SymmetricMatrix hessian = minimum.hessian;
  for (std::size_t i = 0; i < n; ++i) {
    if (!minimum.bounded[i]) continue;
    for (std::size_t j = 0; j < n; ++j) hessian.set(i, j, i == j ? 1 : 0);
  }
  std::vector<double> errors(n, std::numeric_limits<double>::quiet_NaN());
  const auto covariance = inverse(hessian);
  for (std::size_t i = 0; covariance && i < n; ++i) {
    if (!minimum.bounded[i]) errors[i] = std::sqrt((*covariance)(i, i));
  }
  return errors;
}

std::vector<double> best_point(const ManyPoints& function, std::span<const double> points, std::size_t dimension) {
  Vector values(points.size() / dimension);
  function(points, values);
  std::size_t best = 0;
  for (std::size_t k = 1; k < values.size(); ++k) {
    if (!(values[best] <= values[k])) best = k;
  }
  const std::span<const double> point = points.subspan(best * dimension, dimension);
  return Vector(point.begin(), point.end());
}

}  // namespace margrave
