#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

/// Draws of a t copula, by number: any draw can be had alone and in any order, and draws do not depend on how many
/// there are. Draws 2 k and 2 k + 1 are antithetic, one the other mirrored: u and 1 - u.
///
///     x = L g / sqrt(w),  L L' = correlation,  g normal,  w = chi-square(nu) / nu;   u_i = t_nu(x_i)
///
/// nu = infinity is the Gaussian copula. Same bits on every machine.
/// Source: McNeil, Frey and Embrechts (2015), algorithm 7.10; chi-square as twice a gamma by Marsaglia and Tsang, "A
/// simple method for generating gamma variables" (2000).
class TCopulaSampler {
 public:
  static constexpr double gaussian = std::numeric_limits<double>::infinity();

  /// Errors: a correlation that is not positive definite; nu at or below 2.
  static Result<TCopulaSampler> start(const SymmetricMatrix& correlation, double nu, std::uint64_t seed);

  /// x of draw number `at`: [size], each with a t distribution of nu degrees (not of variance 1).
  std::vector<double> draw(std::uint64_t at) const;
  /// Its probability, u above.
  double probability(double x) const;

 private:
  TCopulaSampler(std::vector<double> lower, std::size_t size, double nu, std::uint64_t seed)
      : lower_(std::move(lower)), size_(size), nu_(nu), seed_(seed) {}
  std::vector<double> lower_;
  std::size_t size_;
  double nu_;
  std::uint64_t seed_;
};

/// A gamma variable of this shape >= 1 and scale 1; takes as many numbers of the stream as it needs.
double gamma_variable(double shape, Random& random);

}  // namespace margrave
