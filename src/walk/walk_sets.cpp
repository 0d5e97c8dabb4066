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

/// The end of the last step that a set is made of: between two of them it stays the same. 0 of a set without bars.
std::int64_t step_end(const ScenarioSpec& spec, std::int64_t as_of_ms) {
  return std::visit(
      [&](const auto& kind) -> std::int64_t {
        if constexpr (requires { kind.step_seconds; }) return as_of_ms - as_of_ms % (kind.step_seconds * 1000);
        return 0;
      },
      spec.kind);
}

}  // namespace

bool WalkSets::has_history(const ScenarioSpec& spec) {
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
  for (const ScenarioSpec& spec : specs_) ends.push_back(step_end(spec, market.state.as_of.ns / 1'000'000));
  const std::vector<Asset>& assets = market.registry.assets();
  const bool alike = !sets_.empty() && std::ranges::equal(assets, assets_, {}, &Asset::name);
  if (alike && ends == ends_) return false;
  std::vector<ScenarioSet> sets;
  std::size_t h = 0;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    const History* history = has_history(specs_[i]) ? &histories_[h++] : nullptr;
    if (alike && ends[i] == ends_[i]) {
      sets.push_back(std::move(sets_[i]));
    } else {
      sets.push_back(TRY(history != nullptr ? history->at(market) : make_scenarios(specs_[i], market, bars_)));
    }
  }
  if (specs_.empty()) sets.push_back(TRY(unmoved_scenarios(market)));
  sets_ = std::move(sets);
  ends_ = std::move(ends);
  assets_.clear();
  for (const Asset& asset : assets) assets_.push_back(asset.name);
  return true;
}

}  // namespace margrave
