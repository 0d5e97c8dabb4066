#pragma once

#include <optional>
#include <string>
#include <vector>

#include "scenario/path.h"
#include "walk/history.h"

namespace margrave {

/// A recipe's scenario sets as they follow the market of a walk: a set is made again only when a step of its past has
/// ended or a coin came, and the path of the whole market only when a set was. No set reads prices of now.
class WalkSets {
 public:
  /// `histories`: of those specs that has_history(), in their order. All outlive it.
  WalkSets(const std::vector<ScenarioSpec>& specs, const std::vector<History>& histories, const std::vector<Bars>& bars,
           Isa isa)
      : specs_(specs), histories_(histories), bars_(bars), isa_(isa) {}

  /// Whether History makes a set. One that mixes coins by their correlation reads all its bars again, as do the other
  /// kinds.
  static bool has_history(const ScenarioSpec& spec);

  /// Makes the sets of a market, or keeps them. Scenarios have the first fifteen characters of their names.
  /// Errors: those of the sets.
  Result<void> follow(const Market& market);
  const std::vector<ScenarioSet>& sets() const { return sets_; }  ///< after follow()
  const MarketPath& path() const { return *path_; }               ///< of sets()

 private:
  Result<bool> make(const Market& market);

  const std::vector<ScenarioSpec>& specs_;
  const std::vector<History>& histories_;
  const std::vector<Bars>& bars_;
  Isa isa_;
  std::vector<ScenarioSet> sets_;
  std::optional<MarketPath> path_;
  std::vector<std::int64_t> ends_;
  std::vector<std::string> assets_;
};

}  // namespace margrave
