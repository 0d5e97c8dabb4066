#include "haircut/haircut_walk.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

/// What came after step t, by the step one day later; none where nothing is known of it.
std::optional<HaircutOutcome> outcome_of(const PriceSteps& steps, std::size_t t, const HaircutNow& now,
                                         const std::vector<double>& amounts_usd) {
  const std::size_t after = t + steps.day();
  if (after >= steps.size() || steps.asset[after] != steps.asset[t] || std::isnan(steps.low[after]))
    return std::nullopt;
  HaircutOutcome outcome;
  outcome.at_ms = steps.end_ms[t];
  outcome.volatility = now.inputs.volatility;
  outcome.drawdown = now.inputs.drawdown;
  outcome.depeg = now.inputs.depeg;
  outcome.to_low = std::max(0.0, 1 - steps.low[after] / steps.close[t]);
  outcome.to_close = 1 - steps.close[after] / steps.close[t];
  ExitCost exit = now.inputs.exit;
  double variance = 0;
  for (std::size_t s = t + 1; s <= after; ++s) variance += steps.variance[s];
  if (!std::isnan(variance)) exit.sigma = std::sqrt(variance);
  if (!std::isnan(steps.volume_usd[after])) exit.volume_usd = steps.volume_usd[after];
  std::vector<double> wanted;
  for (const HaircutTier& tier : now.tiers) wanted.push_back(tier.rate);
  for (const double amount : amounts_usd) {
    outcome.exit.push_back(exit.average(amount));
    outcome.known_exit.push_back(mean_haircut(now.tiers, amount).parts.exit);
    outcome.rates.push_back({mean_rate(now.tiers, wanted, amount), mean_rate(now.tiers, now.announced, amount),
                             mean_rate(now.tiers, now.existing, amount)});
  }
  return outcome;
}

}  // namespace

Result<std::vector<HaircutOutcome>> walk_haircuts(const HaircutSpec& spec, const AssetFacts& facts,
                                                  const PriceSteps& steps, const PegSteps& peg,
                                                  const std::vector<double>& amounts_usd) {
  HaircutEstimator estimator = TRY(HaircutEstimator::start(spec, facts));
  std::vector<HaircutOutcome> outcomes;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const std::optional<HaircutNow> now = TRY(estimator.add(steps, peg, t));
    if (!now) continue;
    std::optional<HaircutOutcome> outcome = outcome_of(steps, t, *now, amounts_usd);
    if (outcome) outcomes.push_back(*std::move(outcome));
  }
  return outcomes;
}

Result<std::optional<HaircutAt>> haircut_at(const HaircutSpec& spec, const AssetFacts& facts, const PriceSteps& steps,
                                            const PegSteps& peg, std::int64_t at_ms) {
  HaircutEstimator estimator = TRY(HaircutEstimator::start(spec, facts));
  std::optional<HaircutAt> last;
  for (std::size_t t = 0; t < steps.size() && steps.end_ms[t] <= at_ms; ++t) {
    if (t > 0 && steps.asset[t] != steps.asset[t - 1]) last.reset();
    std::optional<HaircutNow> now = TRY(estimator.add(steps, peg, t));
    if (now) last = HaircutAt{*std::move(now), t};
  }
  return last;
}

Result<void> add_wrong_way(const HaircutSpec& spec, double part, HaircutNow& now) {
  now.inputs.wrong_way = part;
  now.tiers = TRY(haircut_tiers(now.inputs, spec.tiers_usd));
  for (auto* rates : {&now.announced, &now.existing}) {
    for (double& rate : *rates) rate = std::min(1.0, rate + part);
  }
  return {};
}

}  // namespace margrave
