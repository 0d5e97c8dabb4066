#pragma once

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// Fewer returns of a coin say nothing: below so many a quantile of 99 % is the largest of all.
inline constexpr std::size_t least_dates = 100;

/// Which past is looked at, and how its volatility is measured.
struct PastRule {
  std::int64_t window_days{1000}, step_seconds{8 * 3600};
  Decimal least_share{5, 1};
  double decay{0.99}, wick_cap{0.15};
};

/// The rule that a set of returns at the volatility of now has among its keys.
template <typename Spec>
PastRule past_rule(const Spec& spec) {
  return {.window_days = spec.window_days,
          .step_seconds = spec.step_seconds,
          .least_share = spec.least_share,
          .decay = spec.decay,
          .wick_cap = spec.wick_cap};
}

Error no_coin_has_enough(const ScenarioSpec& spec);

/// A coin's log returns over its volatility of the day, by date: `absent` where it has none. `sigma`: its volatility
/// now, per step.
struct StandardReturns {
  std::size_t asset{0};
  std::string name;
  std::vector<double> z;
  double sigma{0};
};

/// All coins that contracts are listed on, and other assets with bars that are no dollars, over the last dates before
/// as_of; 300 steps before warm the volatility up. Those with returns on less than least_share of the dates, or on
/// fewer than 100, are left out and uncovered in `set`, which begin_set() made.
/// Errors: those of joint_returns(); no coin that contracts are listed on has enough returns.
Result<std::vector<StandardReturns>> standard_returns(const ScenarioSpec& spec, const PastRule& rule,
                                                      const Market& market, const std::vector<Bars>& bars,
                                                      ScenarioSet& set);

}  // namespace margrave
