#include "volatility/t_copula_sampler.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "math/elementary.h"
#include "volatility/eigen.h"
#include "volatility/gamma_quantile.h"
#include "volatility/series.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

/// R with R R' = matrix: eigenvectors times the root of their eigenvalue, in columns, the largest first.
std::vector<double> eigen_root(const SymmetricMatrix& matrix) {
  const EigenSystem system = eigen_system(matrix);
  const std::size_t n = matrix.size;
  std::vector<double> root(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k)
      root[i * n + k] = system.vectors[k * n + i] * std::sqrt(std::max(0.0, system.values[k]));
  }
  return root;
}

/// Independent normals, and what all of them are multiplied by: 1 / sqrt(w), and the sign of a mirrored draw.
struct Mixture {
  std::vector<double> normals;
  double scale{1};
};

Mixture random_mixture(std::size_t size, std::uint64_t at, double nu, std::uint64_t seed) {
  Random random{.seed = seed, .stream = at / 2};
  Mixture mixture;
  for (std::size_t i = 0; i < size; ++i) mixture.normals.push_back(normal_quantile(random.uniform()));
  const double w = nu == TCopulaSampler::gaussian ? 1 : 2 * gamma_variable(0.5 * nu, random) / nu;
  mixture.scale = (at % 2 == 0 ? 1 : -1) / std::sqrt(w);
  return mixture;
}

Mixture even_mixture(const SobolPoints& points, std::uint64_t at, double nu) {
  Mixture mixture;
  mixture.normals.resize(points.dimensions());
  points.point(at, mixture.normals);
  if (nu != TCopulaSampler::gaussian) {
    mixture.scale = 1 / std::sqrt(2 * gamma_quantile(mixture.normals[0], 0.5 * nu) / nu);
    mixture.normals.erase(mixture.normals.begin());
  }
  for (double& normal : mixture.normals) normal = normal_quantile(normal);
  return mixture;
}

}  // namespace

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

Result<TCopulaSampler> TCopulaSampler::start(const SymmetricMatrix& correlation, double nu, std::uint64_t seed,
                                             Points points) {
  if (nu != gaussian) TRY_VOID(check_range(nu, "nu", 2 + 1e-9, 1e6));
  TRY_VOID(check_series(correlation.cells, "correlations", 1));
  auto lower = cholesky(correlation);
  if (!lower) return fail({.message = "the correlation is not positive definite", .remedy = "repair it first"});
  if (points == Points::philox) return TCopulaSampler(*std::move(lower), correlation.size, nu, seed);
  TCopulaSampler sampler(eigen_root(correlation), correlation.size, nu, seed);
  sampler.sobol_ = TRY(SobolPoints::scrambled(correlation.size + (nu == gaussian ? 0 : 1), seed));
  return sampler;
}

std::vector<double> TCopulaSampler::draw(std::uint64_t at) const {
  const Mixture drawn = sobol_ ? even_mixture(*sobol_, at, nu_) : random_mixture(size_, at, nu_, seed_);
  std::vector<double> x(size_, 0.0);
  for (std::size_t i = 0; i < size_; ++i) {
    const std::size_t reach = sobol_ ? size_ : i + 1;
    for (std::size_t j = 0; j < reach; ++j) x[i] += root_[i * size_ + j] * drawn.normals[j];
    x[i] *= drawn.scale;
  }
  return x;
}

double TCopulaSampler::probability(double x) const { return nu_ == gaussian ? normal_cdf(x) : student_t_cdf(x, nu_); }

}  // namespace margrave
