#include "walk/walk_sets.h"

#include <algorithm>

#include "scenario/grid.h"
#include "scenario/set_maker.h"

namespace margrave {
namespace {

/// Every update's array has the names of its columns: short ones are copied without memory of their own.
void shorten_names(ScenarioSet& set) {
  constexpr std::size_t most = 15;
  for (std::string& name : set.names) name = name.substr(0, most);
}

}  // namespace

bool WalkSets::is_kept(const ScenarioSpec& spec) {
  const auto* history = std::get_if<HistoricalSpec>(&spec.kind);
  return history != nullptr && !(history->filter && history->filter->correlation);
}

Result<void> WalkSets::follow(const Market& market) {
  const Result<bool> made = make(market);
  if (!made) {
    sets_.clear();
    return fail(made.error());
  }
  if (!*made) return {};
  for (ScenarioSet& set : sets_) shorten_names(set);
  path_.emplace(market, sets_, isa_);
  return {};
}

/// Whether a set is another than before.
Result<bool> WalkSets::make(const Market& market) {
  std::vector<std::int64_t> ends;
  for (const History& history : histories_) ends.push_back(history.step_end(market.state.as_of.ns / 1'000'000));
  const std::vector<Asset>& assets = market.registry.assets();
  const bool alike = std::ranges::equal(assets, assets_, {}, &Asset::name);
  const bool same = !sets_.empty() && ends == ends_ && alike;
  if (same && histories_.size() == specs_.size()) return false;
  std::vector<ScenarioSet> sets;
  std::size_t h = 0;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!is_kept(specs_[i])) {
      sets.push_back(TRY(make_scenarios(specs_[i], market, bars_)));
    } else {
      sets.push_back(same ? std::move(sets_[i]) : TRY(histories_[h].at(market)));
      ++h;
    }
  }
  if (specs_.empty()) sets.push_back(TRY(unmoved_scenarios(market)));
  sets_ = std::move(sets);
  ends_ = std::move(ends);
  if (alike) return true;
  assets_.clear();
  for (const Asset& asset : assets) assets_.push_back(asset.name);
  return true;
}

}  // namespace margrave
