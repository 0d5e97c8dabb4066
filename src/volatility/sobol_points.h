#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Sobol points in the unit cube, by number: any point can be had alone and in any order, and points do not depend on
/// how many there are. The first 2^k of them lie evenly in every coordinate: one in each of 2^k equal intervals.
///
/// A seed scrambles them: in each coordinate each binary digit is added to random ones of those behind it, and random
/// digits to all (Matousek's linear scrambling with a digital shift), which keeps that and makes every point uniform.
/// Points are whole numbers of 52 digits until the last step, so they have the same bits on every machine.
/// Source: Sobol (1967); the order of Antonov and Saleev (1979); directions of Joe and Kuo (2008); scrambling:
/// Matousek, "On the L2-discrepancy for anchored boxes" (1998).
class SobolPoints {
 public:
  static constexpr std::size_t most_dimensions = 64;
  static constexpr std::uint64_t most_points = std::uint64_t{1} << 32;

  /// Without scrambling, point 0 is at (almost) 0: for tests. Errors: no dimension, or more than 64.
  static Result<SobolPoints> plain(std::size_t dimensions);
  static Result<SobolPoints> scrambled(std::size_t dimensions, std::uint64_t seed);

  /// Coordinates of point number `at` < 2^32, each in (0, 1): out[dimensions].
  void point(std::uint64_t at, std::span<double> out) const;
  std::size_t dimensions() const { return shift_.size(); }

 private:
  SobolPoints() = default;
  std::vector<std::uint64_t> columns_;  ///< by dimension, 32 direction numbers of 52 digits
  std::vector<std::uint64_t> shift_;    ///< by dimension
};

}  // namespace margrave
