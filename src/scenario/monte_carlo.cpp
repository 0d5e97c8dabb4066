#include "scenario/monte_carlo.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "math/elementary.h"
#include "scenario/begin_set.h"
#include "scenario/standard_returns.h"
#include "volatility/ewma_correlation.h"
#include "volatility/jump.h"
#include "volatility/nearest_correlation.h"
#include "volatility/return_distribution.h"
#include "volatility/t_copula.h"
#include "volatility/t_copula_sampler.h"

namespace margrave {
namespace {

constexpr std::size_t jump_window = 90;  ///< steps that measure the local volatility: a month of eight hours
constexpr std::size_t least_joint_dates = 100;
constexpr double tail_share = 0.05;
constexpr std::uint64_t jump_streams = std::uint64_t{1} << 63;  ///< of random numbers, beside those of the copula

/// Which dates have jumps, by coin; which are common to the market.
struct Jumps {
  std::vector<std::vector<bool>> of;          ///< by coin and date
  std::vector<std::size_t> common;            ///< dates
  std::vector<std::vector<std::size_t>> own;  ///< by coin: dates
  double common_share{0};
  std::vector<double> own_share;  ///< of the dates with a return that are not common
};

/// By date, false where there is no return.
Result<std::vector<bool>> jumps_in(const std::vector<double>& z, double false_alarm) {
  std::vector<double> known;
  for (const double value : z) {
    if (!std::isnan(value)) known.push_back(value);
  }
  std::vector<bool> found(z.size(), false);
  if (known.size() <= jump_window) return found;
  const auto verdicts =
      TRY(detect_jumps({.window = jump_window, .sample = known.size(), .false_alarm = false_alarm}, known));
  std::size_t next = 0;
  for (std::size_t t = 0; t < z.size(); ++t) {
    if (!std::isnan(z[t])) found[t] = verdicts[next++].jump;
  }
  return found;
}

bool is_common(const std::vector<StandardReturns>& coins, const Jumps& jumps, std::size_t t) {
  std::size_t there = 0, jumping = 0;
  for (std::size_t i = 0; i < coins.size(); ++i) {
    there += std::isnan(coins[i].z[t]) ? 0u : 1u;
    jumping += jumps.of[i][t] ? 1u : 0u;
  }
  return jumping >= 2 && 2 * jumping >= there;
}

Result<Jumps> find_jumps(const MonteCarloSpec& drawn, const std::vector<StandardReturns>& coins) {
  const std::size_t dates = coins[0].z.size();
  Jumps jumps;
  jumps.own.resize(coins.size());
  for (const StandardReturns& coin : coins) {
    jumps.of.push_back(drawn.jumps ? TRY(jumps_in(coin.z, drawn.false_alarm)) : std::vector<bool>(dates, false));
  }
  std::vector<std::size_t> there(coins.size(), 0);
  for (std::size_t t = 0; t < dates; ++t) {
    const bool common = is_common(coins, jumps, t);
    if (common) jumps.common.push_back(t);
    for (std::size_t i = 0; i < coins.size(); ++i) {
      if (common) {
        jumps.of[i][t] = true;
        continue;
      }
      there[i] += std::isnan(coins[i].z[t]) ? 0u : 1u;
      if (jumps.of[i][t]) jumps.own[i].push_back(t);
    }
  }
  jumps.common_share = static_cast<double>(jumps.common.size()) / static_cast<double>(dates);
  for (std::size_t i = 0; i < coins.size(); ++i) {
    const double count = static_cast<double>(jumps.own[i].size());
    jumps.own_share.push_back(there[i] == 0 ? 0 : count / static_cast<double>(there[i]));
  }
  return jumps;
}

/// The returns without those of jumps, by date.
std::vector<std::vector<double>> calm_returns(const std::vector<StandardReturns>& coins, const Jumps& jumps) {
  std::vector<std::vector<double>> calm;
  for (std::size_t i = 0; i < coins.size(); ++i) {
    calm.push_back(coins[i].z);
    for (std::size_t t = 0; t < calm[i].size(); ++t) {
      if (jumps.of[i][t]) calm[i][t] = absent;
    }
  }
  return calm;
}

Result<SymmetricMatrix> correlation_now(const MonteCarloSpec& drawn, const std::vector<std::vector<double>>& calm) {
  EwmaCorrelation correlation =
      TRY(EwmaCorrelation::start({.decay = drawn.correlation_decay, .shrink = drawn.shrink}, calm.size()));
  std::vector<double> row(calm.size());
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < calm.size(); ++i) all.push_back(i);
  for (std::size_t t = 0; t < calm[0].size(); ++t) {
    for (std::size_t i = 0; i < calm.size(); ++i) row[i] = calm[i][t];
    TRY_VOID(correlation.update(row));
  }
  return clip_eigenvalues(correlation.correlation(all), drawn.floor);
}

struct Freedom {
  double nu{TCopulaSampler::gaussian};
  std::string words;
};

/// Degrees of freedom of the copula. One coin has none.
Result<Freedom> freedom_of(const ScenarioSpec& spec, const MonteCarloSpec& drawn,
                           const std::vector<std::vector<double>>& calm) {
  if (calm.size() == 1) return Freedom{.words = "one coin"};
  if (drawn.nu) return Freedom{.nu = *drawn.nu, .words = fmt::format("nu {:g} as given", *drawn.nu)};
  std::vector<double> rows;
  for (std::size_t t = 0; t < calm[0].size(); ++t) {
    if (std::any_of(calm.begin(), calm.end(), [t](const auto& coin) { return std::isnan(coin[t]); })) continue;
    for (const auto& coin : calm) rows.push_back(coin[t]);
  }
  const std::size_t dates = rows.size() / calm.size();
  if (dates < least_joint_dates) {
    return fail({.message = fmt::format("scenario set {}: nu cannot be estimated from {} dates that all coins have",
                                        spec.name, dates),
                 .field = "nu",
                 .remedy = "give nu, or take fewer coins"});
  }
  const TCopulaFit fit = TRY(fit_t_copula(rows, calm.size()));
  return Freedom{.nu = fit.nu, .words = fmt::format("nu {:.2f} ({:.2f}) from {} dates", fit.nu, fit.nu_error, dates)};
}

Result<std::vector<ReturnDistribution>> distributions_of(const MonteCarloSpec& drawn,
                                                         const std::vector<std::vector<double>>& calm) {
  std::vector<ReturnDistribution> result;
  for (const auto& coin : calm) {
    std::vector<double> known;
    for (const double value : coin) {
      if (!std::isnan(value)) known.push_back(value);
    }
    result.push_back(drawn.pareto_tails ? TRY(ReturnDistribution::with_pareto_tails(known, tail_share))
                                        : TRY(ReturnDistribution::empirical(known)));
  }
  return result;
}

/// Puts the jumps of a pair of scenarios over what the copula gave.
void put_jumps(const std::vector<StandardReturns>& coins, const Jumps& jumps, Random random, std::vector<double>& z) {
  if (random.uniform() < jumps.common_share) {
    const std::size_t t = jumps.common[random.below(jumps.common.size())];
    for (std::size_t i = 0; i < coins.size(); ++i) {
      if (!std::isnan(coins[i].z[t])) z[i] = coins[i].z[t];
    }
    return;
  }
  for (std::size_t i = 0; i < coins.size(); ++i) {
    if (random.uniform() < jumps.own_share[i]) z[i] = coins[i].z[jumps.own[i][random.below(jumps.own[i].size())]];
  }
}

void report(ScenarioSet& set, const std::vector<StandardReturns>& coins, const Jumps& jumps,
            const std::vector<ReturnDistribution>& distributions, const SymmetricMatrix& correlation,
            const Freedom& freedom) {
  double sum = 0;
  for (std::size_t i = 0; i < coins.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) sum += correlation(i, j);
  }
  const auto n = static_cast<double>(coins.size());
  const double mean = coins.size() < 2 ? 0 : sum / (0.5 * n * (n - 1));
  set.findings.push_back({Finding::Kind::assumed, set.name,
                          fmt::format("t copula: {}, mean correlation {:.2f}; common jumps on {:.2f} % of steps",
                                      freedom.words, mean, 100 * jumps.common_share)});
  for (std::size_t i = 0; i < coins.size(); ++i) {
    std::string text = fmt::format("drawn at a volatility of {:.2f} % a step, jumps alone on {:.2f} % of steps",
                                   100 * coins[i].sigma, 100 * jumps.own_share[i]);
    if (!std::isnan(distributions[i].low_shape())) {
      text += fmt::format(", tails of shape {:.2f} and {:.2f}", distributions[i].low_shape(),
                          distributions[i].high_shape());
    }
    set.findings.push_back({Finding::Kind::assumed, coins[i].name, text});
  }
}

}  // namespace

Result<ScenarioSet> monte_carlo_scenarios(const ScenarioSpec& spec, const MonteCarloSpec& drawn, const Market& market,
                                          const std::vector<Bars>& bars) {
  ScenarioSet set = begin_set(spec, market);
  const std::vector<StandardReturns> coins = TRY(standard_returns(spec, past_rule(drawn), market, bars, set));
  const Jumps jumps = TRY(find_jumps(drawn, coins));
  const std::vector<std::vector<double>> calm = calm_returns(coins, jumps);
  const SymmetricMatrix correlation = TRY(correlation_now(drawn, calm));
  const Freedom freedom = TRY(freedom_of(spec, drawn, calm));
  const std::vector<ReturnDistribution> distributions = TRY(distributions_of(drawn, calm));
  const TCopulaSampler sampler = TRY(TCopulaSampler::start(correlation, freedom.nu, drawn.seed, drawn.points));
  for (std::size_t s = 0; s < drawn.count; ++s) {
    std::vector<double> z = sampler.draw(s);
    for (std::size_t i = 0; i < z.size(); ++i) {
      z[i] = distributions[i].quantile(std::clamp(sampler.probability(z[i]), 0x1p-53, 1 - 0x1p-53));
    }
    put_jumps(coins, jumps, {.seed = drawn.seed, .stream = jump_streams + (drawn.points == Points::philox ? s / 2 : s)},
              z);
    set.names.push_back(fmt::format("draw {}", s));
    for (std::size_t i = 0; i < z.size(); ++i) {
      set.price[coins[i].asset].push_back(std::clamp(stable_exp(z[i] * coins[i].sigma), 0.01, 101.0));
    }
  }
  leave_unmoved(set);
  move_followers(market.registry, set);
  report(set, coins, jumps, distributions, correlation, freedom);
  return set;
}

}  // namespace margrave
