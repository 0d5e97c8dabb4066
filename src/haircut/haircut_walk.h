#pragma once

#include <cstdint>
#include <vector>

#include "haircut/haircut_estimator.h"

namespace margrave {

/// Mean rates over one amount at one moment.
struct HaircutRates {
  double wanted{0};     ///< without speed limits
  double announced{0};  ///< under them
  double existing{0};   ///< after notice
};

/// What happened in the 24 hours after a haircut was known. In parts of the price at which it was.
struct HaircutOutcome {
  std::int64_t at_ms{0};
  std::vector<HaircutRates> rates;              ///< by amount
  double volatility{0}, drawdown{0}, depeg{0};  ///< parts that do not depend on the amount, without limits
  std::vector<double> known_exit;               ///< by amount: mean exit part, of the published tiers
  double to_low{0};                             ///< fall to the least price of the 24 hours
  double to_close{0};                           ///< to the close at their end; not a number where there is none
  std::vector<double> exit;  ///< by amount: what selling it cost, at the volatility and volume of these hours
  /// Of the amount of this number: fall and exit cost together; the exit is paid of what the fall left.
  double loss_to_low(std::size_t amount) const { return 1 - (1 - to_low) * (1 - exit[amount]); }
  double loss_to_close(std::size_t amount) const { return 1 - (1 - to_close) * (1 - exit[amount]); }
};

/// Haircuts of one asset step by step, with what came after each. Steps without a haircut, or without any bar in the 24
/// hours after, give none. A haircut rests on nothing after it: deleting later steps changes no earlier one by a bit.
/// Errors: those of HaircutEstimator.
Result<std::vector<HaircutOutcome>> walk_haircuts(const HaircutSpec& spec, const AssetFacts& facts,
                                                  const PriceSteps& steps, const PegSteps& peg,
                                                  const std::vector<double>& amounts_usd);

/// The last haircut that can be known at an instant, and the step that it is of; none where there is none.
struct HaircutAt {
  HaircutNow haircut;
  std::size_t step{0};
};
Result<std::optional<HaircutAt>> haircut_at(const HaircutSpec& spec, const AssetFacts& facts, const PriceSteps& steps,
                                            const PegSteps& peg, std::int64_t at_ms);

/// An account's wrong-way part on a haircut that has none: on all tiers, at once and without speed limits, since the
/// account moves it and not the market. Errors: a part outside [0, 1].
Result<void> add_wrong_way(const HaircutSpec& spec, double part, HaircutNow& now);

}  // namespace margrave
