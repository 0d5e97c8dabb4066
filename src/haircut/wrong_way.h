#pragma once

#include <span>

namespace margrave {

/// How an asset moves with a factor: slope and correlation of simultaneous log returns.
struct CoMovement {
  double beta{0}, correlation{0};
  std::size_t steps{0};  ///< in which both are known
};

/// Over the last `window` steps where both moved; about the mean of zero. Fewer than 30 such steps: beta and
/// correlation 1, the worst that is assumed. A factor or asset that never moved has 0. Shapes: asset[n], factor[n],
/// steps without a return not a number.
CoMovement co_movement(std::span<const double> asset, std::span<const double> factor, std::size_t window);

/// The account's own stake in what moves its collateral.
struct WrongWay {
  CoMovement with;
  double exposure_usd{0};       ///< net, of its positions in the factor; long > 0
  double fall{0};               ///< the collateral's own fall in the tail, which counts once more
  double sold_in_a_day_usd{0};  ///< participation x volume of the factor: what more would be sold into its own fall
};

/// fall x max(0, correlation) x min(1, max(0, beta exposure) / sold_in_a_day): a position that can be sold in a day's
/// market pays its share, a larger one all of it. In [0, 1]; it does not depend on the amount of collateral.
double wrong_way_part(const WrongWay& stake);

}  // namespace margrave
