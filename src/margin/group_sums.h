#pragma once

#include <memory_resource>
#include <span>
#include <vector>

#include "margin/account.h"

namespace margrave {

/// What a component came to, as one that stands on groups of `within` sees it: by its own groups where they are
/// coarser, else summed to the groups of `within`.
class GroupSums {
 public:
  /// Error: overflow.
  static Result<GroupSums> create(const Account& account, const MarginReport& report, std::size_t component,
                                  Grouping within);
  /// Of the group that a line (a balance, of Grouping::asset) is in; the component's `otherwise` where it has none.
  const Number& at(std::size_t line) const;
  /// The first line of the component's own group that a line is in, where `within` sees each of them; else nobody.
  static constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  std::size_t first(std::size_t line) const {
    return own_.empty() || numbers_ == nullptr ? nobody : own_[numbers_->of_line[line]].first;
  }

 private:
  explicit GroupSums(std::pmr::memory_resource* memory) : sums_(memory), added_(memory) {}

  const GroupNumbers* numbers_{nullptr};  ///< nullptr: there is one group, of Grouping::all
  std::span<const GroupValue> own_;       ///< by group, where the component's groups are all of those seen
  std::pmr::vector<const Number*> sums_;  ///< else by group; nullptr where the component has none
  std::pmr::vector<Number> added_;        ///< what they point to where the component's groups are finer
  const Number* otherwise_{nullptr};
};

}  // namespace margrave
