#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "volatility/sobol_points.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// Where draws come from: independent numbers, or points that fill the cube evenly.
enum class Points : std::uint8_t { philox, sobol };

/// Draws of a t copula, by number: any draw can be had alone and in any order, and draws do not depend on how many
/// there are.
///
///     x = R g / sqrt(w),  R R' = correlation,  g normal,  w = chi-square(nu) / nu;   u_i = t_nu(x_i)
///
/// philox: R is Cholesky's factor; draws 2 k and 2 k + 1 are antithetic, one the other mirrored: u and 1 - u.
/// sobol: w is the quantile of the point's first coordinate, g those of the others, and R has the eigenvectors by
/// falling eigenvalue times its root, so that the coordinates that are most even move most. Powers of two of them are
/// the most even; the seed scrambles them.
/// nu = infinity is the Gaussian copula. Same bits on every machine.
/// Source: McNeil, Frey and Embrechts (2015), algorithm 7.10; chi-square as twice a gamma by Marsaglia and Tsang, "A
/// simple method for generating gamma variables" (2000), or by gamma_quantile(); eigenvectors first: Acworth, Broadie
/// and Glasserman (1998).
class TCopulaSampler {
 public:
  static constexpr double gaussian = std::numeric_limits<double>::infinity();

  /// Errors: a correlation that is not positive definite; nu at or below 2; more Sobol coordinates than there are.
  static Result<TCopulaSampler> start(const SymmetricMatrix& correlation, double nu, std::uint64_t seed,
                                      Points points = Points::philox);

  /// x of draw number `at` < 2^32: [size], each with a t distribution of nu degrees (not of variance 1).
  std::vector<double> draw(std::uint64_t at) const;
  /// Its probability, u above.
  double probability(double x) const;

 private:
  TCopulaSampler(std::vector<double> root, std::size_t size, double nu, std::uint64_t seed)
      : root_(std::move(root)), size_(size), nu_(nu), seed_(seed) {}
  std::vector<double> root_;  ///< size * size, row by row
  std::size_t size_;
  double nu_;
  std::uint64_t seed_;
  std::optional<SobolPoints> sobol_;
};

/// A gamma variable of this shape >= 1 and scale 1; takes as many numbers of the stream as it needs.
double gamma_variable(double shape, Random& random);

}  // namespace margrave
