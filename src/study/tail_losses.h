#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace margrave {

/// How many of `count` scenarios the worst `share` of them are: ceil(share count), at least one.
std::size_t worst_count(double share, std::size_t count);

/// Expected shortfall at 97.5 % and value at risk at 99 % of scenarios, >= 0.
struct LossTails {
  double shortfall{0}, value_at_risk{0};
};

/// Finds the tails of one side over and over, of scenarios that change little from step to step: it looks first at
/// those beyond where the tail began last time. What it finds does not depend on that.
class TailLosses {
 public:
  /// Of a unit held long the losses are falls, of one held short rises.
  TailLosses(bool is_long, bool moves_are_log_returns) : is_long_(is_long), log_(moves_are_log_returns) {}

  /// Shapes: moves[n], n >= 1. `scale` is what the moves grow with (the volatility they were brought to, or 1).
  LossTails of(std::span<const double> moves, double scale);
  /// The loss of one unit for one move.
  double loss_of(double move) const;

 private:
  bool is_long_, log_;
  double began_{0};  ///< where the tail began last time, over its scale; 0: not known
  std::vector<double> beyond_;
};

}  // namespace margrave
