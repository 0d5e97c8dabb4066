#include "scenario/standard_returns.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "market/listing.h"
#include "math/elementary.h"
#include "scenario/joint_returns.h"
#include "scenario/step_variance.h"

namespace margrave {
namespace {

/// Of the dates from `first` on; those before are for warming up.
StandardReturns standardised(const CoinReturns& coin, const std::vector<std::int64_t>& ends, std::size_t first,
                             const PastRule& rule) {
  const auto variances = step_variances(coin.files, ends, rule.step_seconds * 1000, rule.wick_cap);
  const KnownVariances known = known_variances(variances, rule.decay);
  StandardReturns result;
  for (std::size_t t = first; t < ends.size(); ++t) {
    const bool there = !std::isnan(coin.returns[t]) && known.before[t] > least_step_variance;
    result.z.push_back(there ? stable_log(1.0 + coin.returns[t]) / std::sqrt(known.before[t]) : absent);
  }
  result.sigma = std::sqrt(known.now);
  return result;
}

std::size_t known_of(const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [](double value) { return !std::isnan(value); }));
}

bool moves(const StandardReturns& coin) {
  return coin.sigma > 0 && std::any_of(coin.z.begin(), coin.z.end(), [](double z) { return std::fabs(z) > 0; });
}

}  // namespace

Error no_coin_has_enough(const ScenarioSpec& spec) {
  return {.message = "scenario set " + spec.name + ": no coin that contracts are listed on has enough returns",
          .remedy = "name folders of its bar files with --bars; 100 steps of the horizon are the least"};
}

Result<std::vector<StandardReturns>> standard_returns(const ScenarioSpec& spec, const PastRule& rule,
                                                      const Market& market, const std::vector<Bars>& bars,
                                                      ScenarioSet& set) {
  const std::int64_t wanted = rule.window_days * seconds_per_day / rule.step_seconds;
  const JointReturns past = TRY(joint_returns(spec, rule.step_seconds * 1000, wanted + warm_up_steps, market, bars));
  const std::size_t dates = std::min(past.ends.size(), static_cast<std::size_t>(wanted));
  const double least = std::max(rule.least_share.to_double() * static_cast<double>(dates), 1.0 * least_dates);
  std::vector<StandardReturns> coins;
  bool listed = false;
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    const CoinReturns& coin = past.coins[a];
    const std::string& name = market.registry.assets()[a].name;
    if (!coin.is_underlying && is_dollar(name)) continue;
    StandardReturns found;
    if (!coin.files.empty()) found = standardised(coin, past.ends, past.ends.size() - dates, rule);
    const std::size_t known = known_of(found.z);
    set.uncovered[a] = static_cast<double>(known) < least || !moves(found);
    if (set.uncovered[a] && known > 0) {
      set.findings.push_back(
          {Finding::Kind::missing, name, fmt::format("returns on only {} of {} dates", known, dates)});
    }
    if (set.uncovered[a]) continue;
    found.asset = a;
    found.name = name;
    coins.push_back(std::move(found));
    listed = listed || coin.is_underlying;
  }
  if (listed) return coins;
  return fail(no_coin_has_enough(spec));
}

}  // namespace margrave
