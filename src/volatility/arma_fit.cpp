#include <cmath>
#include <limits>

#include "volatility/arma.h"
#include "volatility/minimum.h"
#include "volatility/series.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

/// A point is ar, ma, mean, omega, alpha, beta, then leverage and nu where the model has them.
class Layout {
 public:
  Layout(GarchModel model, const ArmaParameters& orders) : model_(model), orders_(orders) {}

  ArmaParameters mean(const double* x) const {
    ArmaParameters result = orders_;
    for (double& value : result.ar) value = *x++;
    for (double& value : result.ma) value = *x++;
    result.mean = *x;
    return result;
  }

  GarchParameters variance(const double* x) const {
    x += orders_.ar.size() + orders_.ma.size() + 1;
    GarchParameters result{.omega = x[0], .alpha = x[1], .beta = x[2]};
    x += 3;
    if (has_leverage()) result.leverage = *x++;
    if (has_nu()) result.nu = *x;
    return result;
  }

  /// From a fit with a constant mean, in the same unit.
  SearchBox box(const GarchParameters& from) const {
    SearchBox box;
    for (const Vector& series : {orders_.ar, orders_.ma}) {
      for (const double value : series) add_parameter(box, value, -2, 2, 0.01);
    }
    add_parameter(box, from.mean, -10, 10, 0.01);
    add_parameter(box, from.omega, 1e-8, 10, 0.002);
    add_parameter(box, from.alpha, 0, 2, 0.01);
    add_parameter(box, from.beta, 0, 0.99999, 0.01);
    if (has_leverage()) add_parameter(box, from.leverage, -1, 2, 0.01);
    if (has_nu()) add_parameter(box, from.nu, 2.05, 500, 0.5);
    return box;
  }

 private:
  bool has_leverage() const { return model_ == GarchModel::gjr || model_ == GarchModel::gjr_t; }
  bool has_nu() const { return model_ == GarchModel::garch_t || model_ == GarchModel::gjr_t; }

  GarchModel model_;
  ArmaParameters orders_;
};

double negative_log_likelihood(const Layout& layout, std::span<const double> returns, const double* point) {
  const auto residuals = arma_residuals(layout.mean(point), returns);
  if (!residuals) return std::numeric_limits<double>::quiet_NaN();
  const GarchParameters variance = layout.variance(point);
  double value = 0;
  garch_log_likelihoods(*residuals, Presample::mean_square, {&variance, 1}, {&value, 1});
  return -value;
}

}  // namespace

Result<ArmaGarchFit> fit_arma_garch(GarchModel model, const ArmaParameters& start, std::span<const double> returns) {
  TRY_VOID(check_range(static_cast<double>(start.ar.size()), "order of ar", 0, 5));
  TRY_VOID(check_range(static_cast<double>(start.ma.size()), "order of ma", 0, 5));
  TRY_VOID(check_series(returns, "returns", 100));
  TRY_VOID(check_varies(returns, "returns"));
  const double unit = std::sqrt(mean_square(returns, mean(returns)));
  Vector scaled(returns.begin(), returns.end());
  for (double& value : scaled) value /= unit;
  const GarchFit constant_mean = TRY(fit_garch(model, scaled));
  const Layout layout(model, start);
  const SearchBox box = layout.box(constant_mean.parameters);
  const std::size_t count = box.start.size();
  const ManyPoints function = [&](std::span<const double> points, std::span<double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = negative_log_likelihood(layout, scaled, points.data() + i * count);
    }
  };
  const Minimum minimum = minimise(function, box);
  ArmaGarchFit fit{.mean = layout.mean(minimum.point.data()),
                   .variance = layout.variance(minimum.point.data()),
                   .log_likelihood = -minimum.value - static_cast<double>(returns.size()) * std::log(unit),
                   .iterations = minimum.iterations,
                   .converged = minimum.converged};
  fit.mean.mean *= unit;
  fit.variance.omega *= unit * unit;
  return fit;
}

}  // namespace margrave
