#pragma once

#include <vector>

#include "base/result.h"

namespace margrave {

/// What it costs to sell an amount, in parts of its value: half the spread and an impact that grows with the amount.
///
/// With points it is a curve of numbers, from a book's depth say: `rate` is what the next dollar costs once `amount`
/// dollars are sold, straight between points and level outside. Without points it is the law of the square root:
///   average cost of x dollars = half_spread + coefficient sigma sqrt(x / (participation volume)),
/// so the next dollar costs half_spread + 1.5 times the impact.
/// Source: Toth et al., "Anomalous price impact and the critical nature of liquidity" (2011); Almgren, Thum, Hauptmann,
/// Li (2005); participation as in clearing houses' liquidity charges.
struct ExitCost {
  double half_spread{0.0005};
  double coefficient{1};
  double participation{0.1};  ///< share of a day's volume that sells without being the market
  double sigma{0};            ///< of a day's log return
  double volume_usd{0};       ///< of a day; 0 or less: nothing can be sold, and all rates are 1
  struct Point {
    double amount_usd{0}, rate{0};
  };
  std::vector<Point> points;

  /// Errors: a number that is not finite or below 0; participation outside (0, 1]; points whose amounts do not rise or
  /// whose rates fall.
  Result<void> check() const;
  /// Cost of the next dollar after x >= 0 dollars; in [0, 1], never falling with x.
  double marginal(double x_usd) const;
  /// Cost of the whole of x dollars over x, from the same law; the marginal rate at 0 for x = 0. At most 1.
  double average(double x_usd) const;
};

}  // namespace margrave
