#include "chains/chain_sets.h"

#include <algorithm>
#include <optional>

#include "chains/index_variance.h"
#include "math/elementary.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

constexpr double least = 1.0 / 3.0, most = 3.0;

/// Whether its moves are meant for the volatility of the moment.
bool follows_volatility(const ScenarioSpec& spec) {
  if (const auto* history = std::get_if<HistoricalSpec>(&spec.kind)) return history->filter.has_value();
  return reads_bars(spec);
}

}  // namespace

ChainSets::ChainSets(const std::vector<ScenarioSpec>& specs, const std::vector<Bars>& bars)
    : specs_(specs), bars_(bars), variance_of_bars_(variances_of_bars(bars)) {
  for (const Bars& file : bars) {
    if (!file.t_ms.empty()) bars_end_ms_ = std::max(bars_end_ms_, file.t_ms.back() + file.step_ms);
  }
}

Result<std::vector<ScenarioSet>> ChainSets::at(const Market& market, const std::map<std::string, double>& variance,
                                               const std::vector<VolStep>& steps) const {
  std::optional<VolFit> fit;
  if (steps.size() >= least_vol_steps) fit = TRY(fit_vol_moves(steps));
  std::vector<ScenarioSet> sets;
  for (const ScenarioSpec& spec : specs_) {
    sets.push_back(TRY(make(spec, market, variance)));
    if (fit && reads_bars(spec)) add_vol_moves(market.registry, *fit, sets.back());
  }
  return sets;
}

Result<ScenarioSet> ChainSets::make(const ScenarioSpec& spec, const Market& market,
                                    const std::map<std::string, double>& variance) const {
  if (!reads_bars(spec)) return make_scenarios(spec, market, bars_);
  if (bars_end_ms_ > market.state.as_of.ns / 1'000'000) {
    return fail({.message = "the bars go on after the chain of " + to_string(market.state.as_of),
                 .field = "--data",
                 .remedy = "give bars that end before the first chain, so that no margin knows what comes"});
  }
  Market then = market;
  then.state.as_of = Timestamp::from_ms(bars_end_ms_);
  ScenarioSet set = TRY(make_scenarios(spec, then, bars_));
  if (!follows_volatility(spec)) return set;
  for (std::size_t a = 0; a < set.price.size(); ++a) {
    const std::string& coin = market.registry.assets()[a].name;
    const auto now = variance.find(coin), before = variance_of_bars_.find(coin);
    if (now == variance.end() || before == variance_of_bars_.end()) continue;
    if (!(now->second > 0) || !(before->second > 0)) continue;
    const double ratio = std::clamp(__builtin_sqrt(now->second / before->second), least, most);
    for (double& move : set.price[a]) move = stable_exp(ratio * stable_log(move));
  }
  if (spec.vol_moves) set_vol_moves(market.registry, *spec.vol_moves, set);  // beside the returns as they are now
  return set;
}

}  // namespace margrave
