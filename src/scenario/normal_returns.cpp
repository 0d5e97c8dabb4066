#include "scenario/normal_returns.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "market/listing.h"
#include "scenario/begin_set.h"
#include "scenario/joint_returns.h"
#include "scenario/standard_returns.h"
#include "volatility/covariance.h"
#include "volatility/weighted_covariance.h"

namespace margrave {
namespace {

/// Assets that have enough returns, and these.
struct Returns {
  std::vector<std::size_t> assets;
  std::vector<std::vector<double>> by_date;  ///< relative; `absent` where there is none
};

bool moves(const std::vector<double>& returns) {
  return std::any_of(returns.begin(), returns.end(), [](double move) { return std::fabs(move) > 0; });
}

Result<Returns> known_returns(const ScenarioSpec& spec, const NormalSpec& normal, const Market& market,
                              JointReturns past, ScenarioSet& set) {
  const auto dates = static_cast<double>(past.ends.size());
  const double least = std::max(normal.least_share.to_double() * dates, 1.0 * least_dates);
  Returns known;
  bool listed = false;
  for (std::size_t a = 0; a < past.coins.size(); ++a) {
    CoinReturns& coin = past.coins[a];
    const std::string& name = market.registry.assets()[a].name;
    if (!coin.is_underlying && is_dollar(name)) continue;
    const auto count =
        std::count_if(coin.returns.begin(), coin.returns.end(), [](double move) { return !std::isnan(move); });
    set.uncovered[a] = static_cast<double>(count) < least || !moves(coin.returns);
    if (set.uncovered[a]) {
      if (count > 0)
        set.findings.push_back(
            {Finding::Kind::missing, name, fmt::format("returns on only {} of {} dates", count, past.ends.size())});
      continue;
    }
    known.assets.push_back(a);
    known.by_date.push_back(std::move(coin.returns));
    listed = listed || coin.is_underlying;
  }
  if (listed) return known;
  return fail(no_coin_has_enough(spec));
}

}  // namespace

Result<ScenarioSet> normal_scenarios(const ScenarioSpec& spec, const NormalSpec& normal, const Market& market,
                                     const std::vector<Bars>& bars) {
  ScenarioSet set = begin_set(spec, market);
  const std::int64_t steps = normal.window_days * seconds_per_day / normal.step_seconds;
  JointReturns past = TRY(joint_returns(spec, normal.step_seconds * 1000, steps, market, bars));
  const Returns known = TRY(known_returns(spec, normal, market, std::move(past), set));
  const SymmetricMatrix covariance = TRY(weighted_covariance(known.by_date, normal.decay));
  const TCopulaSampler sampler =
      TRY(TCopulaSampler::start(correlation_of(covariance), TCopulaSampler::gaussian, normal.seed, normal.points));
  std::vector<double> deviation;
  for (std::size_t i = 0; i < known.assets.size(); ++i) {
    deviation.push_back(std::sqrt(covariance(i, i)));
    set.findings.push_back({Finding::Kind::assumed, market.registry.assets()[known.assets[i]].name,
                            fmt::format("normal at a volatility of {:.2f} % a step", 100 * deviation[i])});
  }
  for (std::size_t s = 0; s < normal.count; ++s) {
    const std::vector<double> x = sampler.draw(s);
    set.names.push_back(fmt::format("draw {}", s));
    for (std::size_t i = 0; i < x.size(); ++i)
      set.price[known.assets[i]].push_back(std::max(0.01, 1.0 + deviation[i] * x[i]));
  }
  leave_unmoved(set);
  move_followers(market.registry, set);
  return set;
}

}  // namespace margrave
