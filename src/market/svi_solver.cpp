#include "market/svi_solver.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "market/svi_start.h"

namespace margrave {
namespace {

constexpr std::size_t count = 5;  // log smallest variance, log left slope, log right slope, m, log sigma
using Vector = std::array<double, count>;

/// In these parameters every slice has positive variance and wings that rise; only Lee's bound is a box.
struct Shape {
  double floor, left, right, m, sigma;

  explicit Shape(const Vector& x)
      : floor(std::exp(x[0])), left(std::exp(x[1])), right(std::exp(x[2])), m(x[3]), sigma(std::exp(x[4])) {}

  SviSlice slice() const {
    const double b = 0.5 * (left + right);
    return {
        .a = floor - sigma * std::sqrt(left * right), .b = b, .rho = 0.5 * (right - left) / b, .m = m, .sigma = sigma};
  }
};

Vector parameters(const SviSlice& slice) {
  const double left = slice.b * (1 - slice.rho), right = slice.b * (1 + slice.rho);
  const double dip = slice.sigma * std::sqrt(left * right);
  return {std::log(std::max(slice.a + dip, 1e-12)), std::log(left), std::log(right), slice.m, std::log(slice.sigma)};
}

/// Value and gradient of w, and of its derivatives, at one k.
struct Jet {
  SviPoint at;
  Vector variance, slope, curvature;
};

Jet jet(const Shape& s, double root, double k) {
  const double h = k - s.m;
  const double q = std::sqrt(h * h + s.sigma * s.sigma);
  const double b = 0.5 * (s.left + s.right), turn = h / q;
  const double q3 = q * q * q, ss = s.sigma * s.sigma;
  Jet j;
  j.at = {.variance = s.floor - s.sigma * root + 0.5 * s.right * (q + h) + 0.5 * s.left * (q - h),
          .slope = 0.5 * (s.right - s.left) + b * turn,
          .curvature = b * ss / q3};
  j.variance = {s.floor, 0.5 * (s.left * (q - h) - s.sigma * root), 0.5 * (s.right * (q + h) - s.sigma * root),
                -j.at.slope, s.sigma * (b * s.sigma / q - root)};
  j.slope = {0, 0.5 * s.left * (turn - 1), 0.5 * s.right * (turn + 1), -j.at.curvature, -b * h * ss / q3};
  j.curvature = {0, 0.5 * s.left * ss / q3, 0.5 * s.right * ss / q3, 3 * b * ss * h / (q3 * q * q),
                 b * ss * (2 / q3 - 3 * ss / (q3 * q * q))};
  return j;
}

/// Normal equations of a least squares problem, filled row by row.
struct Normal {
  std::array<Vector, count> matrix{};
  Vector right{};
  double cost{0};

  void add(double residual, const Vector& gradient, double weight) {
    cost += weight * residual * residual;
    for (std::size_t i = 0; i < count; ++i) {
      const double scaled = weight * gradient[i];
      right[i] -= scaled * residual;
      for (std::size_t j = 0; j <= i; ++j) matrix[i][j] += scaled * gradient[j];
    }
  }
};

/// Cholesky solution of (matrix + damping * diagonal) x = right; false when not positive definite.
bool solve(const Normal& normal, double damping, Vector& x) {
  std::array<Vector, count> lower{};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = normal.matrix[i][j];
      if (i == j) sum += damping * (normal.matrix[i][i] + 1e-12);
      for (std::size_t l = 0; l < j; ++l) sum -= lower[i][l] * lower[j][l];
      if (i != j) {
        lower[i][j] = sum / lower[j][j];
      } else {
        if (!(sum > 0)) return false;
        lower[i][i] = std::sqrt(sum);
      }
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    double sum = normal.right[i];
    for (std::size_t l = 0; l < i; ++l) sum -= lower[i][l] * x[l];
    x[i] = sum / lower[i][i];
  }
  for (std::size_t i = count; i-- > 0;) {
    double sum = x[i];
    for (std::size_t l = i + 1; l < count; ++l) sum -= lower[l][i] * x[l];
    x[i] = sum / lower[i][i];
  }
  return true;
}

/// One problem with everything that does not change between iterations.
class Solver {
 public:
  Solver(const SviProblem& problem, const SviSlice& start) : problem_(problem), prior_(parameters(start)) {
    double atm = 0, nearest = std::numeric_limits<double>::infinity();
    for (const SviTarget& target : problem.targets) {
      total_ += target.weight;
      if (std::abs(target.k) < nearest) {
        nearest = std::abs(target.k);
        atm = target.vol * std::sqrt(problem.years);
      }
    }
    width_ = std::max(atm, 1e-6);
    for (std::size_t i = 0; i < arbitrage_grid_points; ++i) add_check(arbitrage_grid_k(i));
    // The fixed grid is coarse for a smile of hours: the same conditions on a grid that scales with it.
    for (int i = -20; i <= 20; ++i) add_check(0.25 * i * width_);
  }

  SviSlice run() {
    Vector x = prior_;
    for (const double stage : {1.0, 1e2, 1e4}) {
      penalty_ = stage;
      descend(x);
    }
    return Shape(x).slice();
  }

 private:
  struct Check {
    double k, ceiling, scale;
  };

  void add_check(double k) {
    const double ceiling =
        problem_.ceiling ? total_variance(*problem_.ceiling, k) : std::numeric_limits<double>::infinity();
    // An excess of variance is measured in vol points at the ceiling.
    const double scale = problem_.ceiling ? 100 / (2 * std::sqrt(ceiling * problem_.years)) : 0.0;
    checks_.push_back({k, ceiling, scale});
  }

  Normal evaluate(const Vector& x) const {
    const Shape shape(x);
    const double root = std::sqrt(shape.left * shape.right);
    Normal normal;
    for (const SviTarget& target : problem_.targets) add_vol(normal, shape, root, target, false);
    for (const SviTarget& floor : problem_.floors) add_vol(normal, shape, root, floor, true);
    for (const Check& check : checks_) add_penalties(normal, shape, root, check);
    add_prior(normal, x);
    return normal;
  }

  void add_vol(Normal& normal, const Shape& shape, double root, const SviTarget& target, bool floor) const {
    const Jet j = jet(shape, root, target.k);
    const double vol = std::sqrt(j.at.variance / problem_.years);
    if (floor && vol >= target.vol) return;
    const double scale = 100 / (2 * vol * problem_.years);
    Vector gradient;
    for (std::size_t i = 0; i < count; ++i) gradient[i] = scale * j.variance[i];
    normal.add(100 * (vol - target.vol), gradient, target.weight / total_);
  }

  void add_penalties(Normal& normal, const Shape& shape, double root, const Check& check) const {
    const Jet j = jet(shape, root, check.k);
    const double w = j.at.variance, drift = 1 - 0.5 * check.k * j.at.slope / w;
    const double g = drift * drift - 0.25 * j.at.slope * j.at.slope * (1 / w + 0.25) + 0.5 * j.at.curvature;
    constexpr double g_margin = 2e-3;
    if (g < g_margin) {
      const double by_w = drift * check.k * j.at.slope / (w * w) + 0.25 * j.at.slope * j.at.slope / (w * w);
      const double by_slope = -drift * check.k / w - 0.5 * j.at.slope * (1 / w + 0.25);
      Vector gradient;
      for (std::size_t i = 0; i < count; ++i) {
        gradient[i] = by_w * j.variance[i] + by_slope * j.slope[i] + 0.5 * j.curvature[i];
      }
      normal.add(g - g_margin, gradient, penalty_);
    }
    const double limit = check.ceiling * (1 - 1e-4);
    if (w > limit) {
      Vector gradient;
      for (std::size_t i = 0; i < count; ++i) gradient[i] = check.scale * j.variance[i];
      normal.add(check.scale * (w - limit), gradient, 0.01 * penalty_);
    }
  }

  /// A weak pull toward the start, in units of the smile's own width, decides what the quotes leave open.
  void add_prior(Normal& normal, const Vector& x) const {
    const Vector scale{1, 1, 1, 1 / width_, 1};
    for (std::size_t i = 0; i < count; ++i) {
      Vector gradient{};
      gradient[i] = scale[i];
      normal.add(scale[i] * (x[i] - prior_[i]), gradient, 1e-4);
    }
  }

  Vector bounded(Vector x) const {
    constexpr double lee = 0.6881346387364010;  // log(1.99)
    x[0] = std::clamp(x[0], std::log(width_ * width_) - 12, std::log(width_ * width_) + 6);
    x[1] = std::clamp(x[1], -16.0, lee);
    x[2] = std::clamp(x[2], -16.0, lee);
    x[3] = std::clamp(x[3], -3.0, 3.0);
    x[4] = std::clamp(x[4], std::log(0.02 * width_), std::log(5.0));
    return x;
  }

  void descend(Vector& x) const {
    x = bounded(x);
    Normal at = evaluate(x);
    double damping = 1e-3;
    for (int iteration = 0; iteration < 60; ++iteration) {
      Vector step{};
      if (!solve(at, damping, step)) {
        damping *= 10;
        continue;
      }
      Vector next = x;
      for (std::size_t i = 0; i < count; ++i) next[i] += std::clamp(step[i], -1.0, 1.0);
      next = bounded(next);
      const Normal trial = evaluate(next);
      if (trial.cost < at.cost) {
        const bool done = damping < 1e-2 && at.cost - trial.cost < 1e-6 * at.cost;
        x = next;
        at = trial;
        damping = std::max(damping * 0.1, 1e-9);
        if (done) return;
      } else {
        damping *= 4;
        if (damping > 1e8) return;
      }
    }
  }

  const SviProblem& problem_;
  Vector prior_;
  std::vector<Check> checks_;
  double total_{0}, width_{0}, penalty_{1};
};

}  // namespace

SviSlice solve_svi(const SviProblem& problem) {
  CHECK(problem.years > 0 && !problem.targets.empty());
  return Solver(problem, quasi_explicit_start(problem.targets, problem.years)).run();
}

}  // namespace margrave
