#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

namespace margrave {

/// The groups that an account's lines are in, numbered from 0 in the order of their keys.
struct GroupNumbers {
  std::pmr::vector<std::uint32_t> of_line{};
  std::uint32_t count{0};
};

/// Numbers groups by the order that each line's group has among all: equal within a group. `order` holds all lines, in
/// any order; it is left in the order of groups, which is quick to begin with for the next grouping.
GroupNumbers number_groups(std::span<const std::uint32_t> ranks, std::span<std::uint32_t> order,
                           std::pmr::memory_resource* memory);

/// Some lines of an account by group: groups in order, without those that have none of the lines.
class GroupedLines {
 public:
  /// `included` has a byte per line, 1 or 0.
  GroupedLines(const GroupNumbers& numbers, std::span<const std::uint8_t> included, std::pmr::memory_resource* memory);
  /// One group of no line: what a component of the whole account looks at where nothing fits it.
  static GroupedLines none() { return GroupedLines(); }

  std::size_t size() const { return ends_.size() - 1; }
  /// The lines of a group, ascending.
  std::span<const std::uint32_t> operator[](std::size_t group) const {
    return std::span(lines_).subspan(ends_[group], ends_[group + 1] - ends_[group]);
  }

 private:
  GroupedLines() : ends_{0, 0} {}

  std::pmr::vector<std::uint32_t> lines_;
  std::pmr::vector<std::uint32_t> ends_;  ///< where each group begins in `lines_`, and where the last one ends
};

}  // namespace margrave
