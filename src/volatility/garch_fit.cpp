#include "volatility/garch_fit.h"

#include <cmath>

#include "base/check.h"
#include "volatility/minimum.h"
#include "volatility/series.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;
constexpr std::size_t at_mean = 0, at_omega = 1, at_alpha = 2, at_leverage = 3, at_beta = 4, at_nu = 5, all = 6;

bool has_leverage(GarchModel model) { return model == GarchModel::gjr || model == GarchModel::gjr_t; }
bool has_nu(GarchModel model) { return model == GarchModel::garch_t || model == GarchModel::gjr_t; }

/// Which of the six parameters are estimated. With leverage, the weight of a fall stands in its place: it has a plain
/// bound at 0.
std::vector<std::size_t> free_parameters(GarchModel model) {
  std::vector<std::size_t> free = {at_mean, at_omega, at_alpha, at_beta};
  if (has_leverage(model)) free.insert(free.begin() + 3, at_leverage);
  if (has_nu(model)) free.push_back(at_nu);
  return free;
}

using Six = std::array<double, all>;

GarchParameters parameters_of(const Six& x, bool leverage) {
  return {.mean = x[at_mean],
          .omega = x[at_omega],
          .alpha = x[at_alpha],
          .leverage = leverage ? x[at_leverage] - x[at_alpha] : 0,
          .beta = x[at_beta],
          .nu = x[at_nu]};
}

class Fit {
 public:
  Fit(GarchModel model, std::span<const double> returns, Presample rule)
      : model_(model),
        free_(free_parameters(model)),
        rule_(rule),
        unit_(std::sqrt(mean_square(returns, mean(returns)))) {
    for (const double value : returns) scaled_.push_back(value / unit_);
  }

  GarchFit run() const {
    const ManyPoints function = [this](std::span<const double> points, std::span<double> values) {
      evaluate(points, values);
    };
    const Minimum minimum = minimise(function, box(function));
    GarchFit fit;
    const GarchParameters scaled = set_at(minimum.point.data());
    fit.parameters = unscaled(scaled);
    fit.log_likelihood = -minimum.value - static_cast<double>(scaled_.size()) * std::log(unit_);
    fit.presample = presample_variance(rule_, scaled_, scaled.mean) * unit_ * unit_;
    fit.next_variance = last_variance(scaled) * unit_ * unit_;
    fit.iterations = minimum.iterations;
    fit.converged = minimum.converged;
    fit.errors = errors(minimum);
    return fit;
  }

 private:
  GarchParameters set_at(const double* point) const {
    Six x{};
    x[at_nu] = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < free_.size(); ++i) x[free_[i]] = point[i];
    return parameters_of(x, has_leverage(model_));
  }

  GarchParameters unscaled(GarchParameters p) const {
    p.mean *= unit_;
    p.omega *= unit_ * unit_;
    return p;
  }

  double last_variance(const GarchParameters& p) const {
    double variance = first_garch_variance(p, presample_variance(rule_, scaled_, p.mean));
    for (const double value : scaled_) variance = next_garch_variance(p, variance, value - p.mean);
    return variance;
  }

  void evaluate(std::span<const double> points, std::span<double> values) const {
    std::vector<GarchParameters> sets;
    for (std::size_t i = 0; i < values.size(); ++i) sets.push_back(set_at(points.data() + i * free_.size()));
    garch_log_likelihoods(scaled_, rule_, sets, values);
    for (double& value : values) value = -value;
  }

  SearchBox box(const ManyPoints& function) const {
    constexpr Six lower = {-10, 1e-8, 0, 0, 0, 2.05}, upper = {10, 10, 2, 2, 0.99999, 500};
    constexpr Six scale = {0.01, 0.002, 0.01, 0.01, 0.01, 0.5};
    SearchBox box;
    for (const std::size_t i : free_) {
      box.lower.push_back(lower[i]);
      box.upper.push_back(upper[i]);
      box.scale.push_back(scale[i]);
    }
    box.start = best_start(function);
    return box;
  }

  /// The likeliest point of a grid over the memory and the news, with the long-run variance of the sample.
  Vector best_start(const ManyPoints& function) const {
    Vector points;
    for (const double persistence : {0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.998}) {
      for (const double alpha : {0.01, 0.03, 0.06, 0.1, 0.15, 0.25}) {
        for (const double nu : has_nu(model_) ? std::vector{4.5, 8.0} : std::vector{8.0}) {
          const Six x = {mean(scaled_),
                         1 - persistence,
                         alpha,
                         has_leverage(model_) ? 1.5 * alpha : alpha,
                         persistence - (has_leverage(model_) ? 1.25 * alpha : alpha),
                         nu};
          for (const std::size_t i : free_) points.push_back(x[i]);
        }
      }
    }
    return best_point(function, points, free_.size());
  }

  /// Scores of every return, by central differences: one row per estimated parameter.
  std::vector<Vector> scores(const Minimum& minimum, const std::vector<std::size_t>& inside) const {
    std::vector<Vector> rows;
    for (const std::size_t i : inside) {
      const double width = 1e-3 / std::sqrt(minimum.hessian(i, i));
      Vector up(scaled_.size()), down(scaled_.size()), point = minimum.point;
      point[i] += width;
      garch_log_likelihood_terms(scaled_, rule_, set_at(point.data()), up);
      point[i] -= 2 * width;
      garch_log_likelihood_terms(scaled_, rule_, set_at(point.data()), down);
      for (std::size_t t = 0; t < up.size(); ++t) up[t] = (up[t] - down[t]) / (2 * width);
      rows.push_back(std::move(up));
    }
    return rows;
  }

  GarchErrors errors(const Minimum& minimum) const;
  std::array<double, all> spread(const SymmetricMatrix& covariance, const std::vector<std::size_t>& inside) const;

  GarchModel model_;
  std::vector<std::size_t> free_;
  Presample rule_;
  double unit_;
  Vector scaled_;
};

SymmetricMatrix outer_product(const std::vector<Vector>& rows) {
  SymmetricMatrix sum(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double total = 0;
      for (std::size_t t = 0; t < rows[i].size(); ++t) total += rows[i][t] * rows[j][t];
      sum.set(i, j, total);
    }
  }
  return sum;
}

/// outer middle outer.
SymmetricMatrix sandwich(const SymmetricMatrix& outer, const SymmetricMatrix& middle) {
  const std::size_t n = outer.size;
  SymmetricMatrix result(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double total = 0;
      for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t l = 0; l < n; ++l) total += outer(i, k) * middle(k, l) * outer(l, j);
      }
      result.set(i, j, total);
    }
  }
  return result;
}

/// Roots of the diagonal in the returns' unit; the leverage is a difference of two estimates.
std::array<double, all> Fit::spread(const SymmetricMatrix& covariance, const std::vector<std::size_t>& inside) const {
  std::array<double, all> roots;
  roots.fill(std::numeric_limits<double>::quiet_NaN());
  std::size_t alpha_row = inside.size();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const std::size_t parameter = free_[inside[i]];
    if (parameter == at_alpha) alpha_row = i;
    double variance = covariance(i, i);
    if (parameter == at_leverage && alpha_row < inside.size()) {
      variance += covariance(alpha_row, alpha_row) - 2 * covariance(i, alpha_row);
    }
    const double scale = parameter == at_mean ? unit_ : parameter == at_omega ? unit_ * unit_ : 1;
    roots[parameter] = scale * std::sqrt(variance);
  }
  return roots;
}

GarchErrors Fit::errors(const Minimum& minimum) const {
  GarchErrors errors;
  for (auto* roots : {&errors.hessian, &errors.outer_product, &errors.robust}) {
    roots->fill(std::numeric_limits<double>::quiet_NaN());
  }
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (!minimum.bounded[i]) inside.push_back(i);
  }
  SymmetricMatrix hessian(inside.size());
  for (std::size_t i = 0; i < inside.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) hessian.set(i, j, minimum.hessian(inside[i], inside[j]));
  }
  const auto covariance = inverse(hessian);
  if (!covariance) return errors;
  errors.hessian = spread(*covariance, inside);
  const SymmetricMatrix products = outer_product(scores(minimum, inside));
  if (const auto other = inverse(products)) errors.outer_product = spread(*other, inside);
  errors.robust = spread(sandwich(*covariance, products), inside);
  return errors;
}

}  // namespace

Result<GarchFit> fit_garch(GarchModel model, std::span<const double> returns, Presample rule) {
  TRY_VOID(check_series(returns, "returns", 100));
  TRY_VOID(check_varies(returns, "returns"));
  return Fit(model, returns, rule).run();
}

}  // namespace margrave
