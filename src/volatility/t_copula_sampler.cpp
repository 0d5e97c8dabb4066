#include "volatility/t_copula_sampler.h"

#include <cmath>

#include "base/check.h"
#include "math/elementary.h"
#include "volatility/series.h"
#include "volatility/student_t.h"

namespace margrave {

double gamma_variable(double shape, Random& random) {
  CHECK(shape >= 1);
  const double d = shape - 1.0 / 3.0, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal_quantile(random.uniform());
    const double root = 1 + c * x;
    const double u = random.uniform();
    if (!(root > 0)) continue;
    const double v = root * root * root;
    if (stable_log(u) < 0.5 * x * x + d - d * v + d * stable_log(v)) return d * v;
  }
}

Result<TCopulaSampler> TCopulaSampler::start(const SymmetricMatrix& correlation, double nu, std::uint64_t seed) {
  if (nu != gaussian) TRY_VOID(check_range(nu, "nu", 2 + 1e-9, 1e6));
  TRY_VOID(check_series(correlation.cells, "correlations", 1));
  auto lower = cholesky(correlation);
  if (!lower) return fail({.message = "the correlation is not positive definite", .remedy = "repair it first"});
  return TCopulaSampler(*std::move(lower), correlation.size, nu, seed);
}

std::vector<double> TCopulaSampler::draw(std::uint64_t at) const {
  Random random{.seed = seed_, .stream = at / 2};
  std::vector<double> g;
  for (std::size_t i = 0; i < size_; ++i) g.push_back(normal_quantile(random.uniform()));
  const double w = nu_ == gaussian ? 1 : 2 * gamma_variable(0.5 * nu_, random) / nu_;
  const double scale = (at % 2 == 0 ? 1 : -1) / std::sqrt(w);
  std::vector<double> x(size_, 0.0);
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j <= i; ++j) x[i] += lower_[i * size_ + j] * g[j];
    x[i] *= scale;
  }
  return x;
}

double TCopulaSampler::probability(double x) const { return nu_ == gaussian ? normal_cdf(x) : student_t_cdf(x, nu_); }

}  // namespace margrave
