#include "scenario/episodes.h"

#include <algorithm>

#include "market/listing.h"
#include "scenario/begin_set.h"

namespace margrave {
namespace {

/// Of an even number of them the mean of the two in the middle; 0 of none.
double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double move_of_others(const Episode& episode) {
  if (episode.others) return episode.others->to_double();
  std::vector<double> returns;
  for (const auto& [asset, move] : episode.returns) {
    if (!is_dollar(asset)) returns.push_back(move.to_double());
  }
  return median(std::move(returns));
}

double move_of(const Episode& episode, const std::string& asset, double others) {
  for (const auto& [name, move] : episode.returns) {
    if (name == asset) return move.to_double();
  }
  return is_dollar(asset) ? 0 : others;
}

}  // namespace

ScenarioSet episode_scenarios(const ScenarioSpec& spec, const EpisodesSpec& told, const Market& market) {
  ScenarioSet set = begin_set(spec, market);
  set.vol_term = told.vol_term;
  const auto& assets = market.registry.assets();
  for (const Episode& episode : told.episodes) {
    set.names.push_back(episode.name);
    const double others = move_of_others(episode);
    for (std::size_t a = 0; a < assets.size(); ++a) {
      set.price[a].push_back(1.0 + move_of(episode, assets[a].name, others));
    }
  }
  leave_unmoved(set);
  for (std::size_t s = 0; s < set.size(); ++s) set.vol_shock[s] = told.episodes[s].vol.to_double();
  move_followers(market.registry, set);
  return set;
}

}  // namespace margrave
