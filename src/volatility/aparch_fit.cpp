#include <cmath>

#include "volatility/aparch.h"
#include "volatility/minimum.h"
#include "volatility/series.h"

namespace margrave {
namespace {

using Vector = std::vector<double>;

/// A point is ar, ma, mean, omega, alpha, gamma, beta, then delta and nu where they are estimated.
class Layout {
 public:
  Layout(const AparchModel& model, const ArmaParameters& orders) : model_(model), orders_(orders) {}

  ArmaParameters mean(const double* x) const {
    ArmaParameters result = orders_;
    for (double& value : result.ar) value = *x++;
    for (double& value : result.ma) value = *x++;
    result.mean = *x;
    return result;
  }

  AparchParameters variance(const double* x) const {
    x += orders_.ar.size() + orders_.ma.size() + 1;
    AparchParameters result{.omega = x[0], .alpha = x[1], .gamma = x[2], .beta = x[3]};
    x += 4;
    result.delta = model_.delta ? *model_.delta : *x++;
    if (model_.student_t) result.nu = *x;
    return result;
  }

  SearchBox box() const {
    SearchBox box;
    for (const Vector& series : {orders_.ar, orders_.ma}) {
      for (const double value : series) add_parameter(box, value, -2, 2, 0.01);
    }
    add_parameter(box, 0, -10, 10, 0.01);
    add_parameter(box, 0.02, 1e-8, 10, 0.002);
    add_parameter(box, 0.07, 0, 2, 0.01);
    add_parameter(box, 0.3, -1, 1, 0.01);
    add_parameter(box, 0.92, 0, 0.99999, 0.01);
    if (!model_.delta) add_parameter(box, 1.5, 0.2, 5, 0.05);
    if (model_.student_t) add_parameter(box, 7, 2.05, 500, 0.5);
    return box;
  }

 private:
  AparchModel model_;
  ArmaParameters orders_;
};

}  // namespace

Result<AparchFit> fit_aparch(const AparchModel& model, const ArmaParameters& start, std::span<const double> returns) {
  TRY_VOID(check_range(static_cast<double>(start.ar.size()), "order of ar", 0, 5));
  TRY_VOID(check_range(static_cast<double>(start.ma.size()), "order of ma", 0, 5));
  TRY_VOID(check_range(model.delta.value_or(2), "delta", 0.2, 5));
  TRY_VOID(check_series(returns, "returns", 100));
  TRY_VOID(check_varies(returns, "returns"));
  const double unit = std::sqrt(mean_square(returns, mean(returns)));
  Vector scaled(returns.begin(), returns.end());
  for (double& value : scaled) value /= unit;
  const Layout layout(model, start);
  SearchBox box = layout.box();
  const std::size_t count = box.start.size(), at_mean = start.ar.size() + start.ma.size();
  box.start[at_mean] = mean(scaled);
  const ManyPoints function = [&](std::span<const double> points, std::span<double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double* point = points.data() + i * count;
      const auto residuals = arma_residuals(layout.mean(point), scaled);
      values[i] = residuals ? -aparch_log_likelihood(layout.variance(point), model.presample, *residuals)
                            : std::numeric_limits<double>::quiet_NaN();
    }
  };
  const Minimum minimum = minimise(function, box);
  AparchFit fit{.mean = layout.mean(minimum.point.data()),
                .variance = layout.variance(minimum.point.data()),
                .log_likelihood = -minimum.value - static_cast<double>(returns.size()) * std::log(unit),
                .iterations = minimum.iterations,
                .converged = minimum.promise < 1e-4};  // |e| has a kink, as in EGARCH
  fit.mean.mean *= unit;
  fit.variance.omega *= std::pow(unit, fit.variance.delta);
  return fit;
}

}  // namespace margrave
