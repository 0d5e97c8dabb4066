#pragma once

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

 private:
  const GroupNumbers* numbers_{nullptr};  ///< nullptr: there is one group, of Grouping::all
  std::vector<const Number*> sums_;       ///< by group; nullptr where the component has none
  std::vector<Number> added_;             ///< what they point to where the component's groups are finer
  const Number* otherwise_{nullptr};
};

}  // namespace margrave
