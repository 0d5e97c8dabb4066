#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "market/chain.h"

namespace margrave {

/// The shape of a surface without its level: ln(vol / level of vol) by z = ln(strike / forward) / (level sqrt(years))
/// and by days to expiry, on a fixed grid. Between nodes linear in z and in the logarithm of the days; beyond them
/// flat.
struct SmileShape {
  static constexpr std::array<double, 10> days{1, 2, 4, 7, 14, 30, 60, 90, 180, 270};
  static constexpr double step = 0.5;         ///< of z
  static constexpr std::size_t columns = 25;  ///< z from -6 to 6
  static constexpr double z_of(std::size_t column) { return step * (static_cast<double>(column) - 12); }

  std::array<std::array<double, columns>, 10> log_ratio{};  ///< by days, then z

  double at(double z, double years) const;
};

/// The level whose smile of 30 days has a variance of `index_vol` squared, which is what a vol index measures: the
/// strip of all options, sum 2 dK / K^2 price, is the integral of vol^2 over the normal density of d2 = -k / (vol
/// sqrt(T)) - vol sqrt(T) / 2 (Chriss and Morokoff 1999; Gatheral 2006, The Volatility Surface, 11.5). Trapezoids on
/// the grid, vol flat beyond it. A flat shape gives `index_vol` itself.
double level_of_index(const SmileShape& shape, double index_vol);

/// Mean of the shapes of recorded chains of one underlying, each chain alike.
class MeanShape {
 public:
  explicit MeanShape(std::string underlying) : underlying_(std::move(underlying)) {}

  /// Adds a chain's marks out of the money, over its month_level(). A chain without a level counts for nothing. A node
  /// counts where the chain's expiries are on both sides of its days and list strikes on both sides of its z.
  void add(const Chain& chain);

  /// A node that fewer than a tenth of the chains have is as its neighbour towards the money; days that none have at
  /// the money are as the nearest that some have. Error: no chain had a smile.
  Result<SmileShape> mean() const;

  std::size_t chains() const { return chains_; }
  Timestamp first() const { return first_; }  ///< of the chains that counted
  Timestamp last() const { return last_; }

 private:
  std::string underlying_;
  std::array<std::array<double, SmileShape::columns>, 10> sum_{};
  std::array<std::array<std::size_t, SmileShape::columns>, 10> count_{};
  std::size_t chains_{0};
  Timestamp first_{}, last_{};
};

}  // namespace margrave
