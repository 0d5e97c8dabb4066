#include "margin/grouped_lines.h"

#include <algorithm>
#include <numeric>

namespace margrave {

GroupNumbers number_groups(std::span<const std::uint32_t> ranks, std::span<std::uint32_t> order,
                           std::pmr::memory_resource* memory) {
  const auto before = [&](std::uint32_t a, std::uint32_t b) { return ranks[a] < ranks[b]; };
  if (!std::is_sorted(order.begin(), order.end(), before)) std::sort(order.begin(), order.end(), before);
  GroupNumbers numbers{.of_line = std::pmr::vector<std::uint32_t>(ranks.size(), memory)};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || ranks[order[i]] != ranks[order[i - 1]]) ++numbers.count;
    numbers.of_line[order[i]] = numbers.count - 1;
  }
  return numbers;
}

GroupedLines::GroupedLines(const GroupNumbers& numbers, std::span<const std::uint8_t> included,
                           std::pmr::memory_resource* memory)
    : lines_(memory), ends_(memory) {
  const std::span<const std::uint32_t> group_of = numbers.of_line;
  std::pmr::vector<std::uint32_t> next(numbers.count, 0, memory);  // lines of each group; then where its next line goes
  for (std::size_t line = 0; line < group_of.size(); ++line) next[group_of[line]] += included[line];
  ends_.reserve(numbers.count + 1);
  ends_.push_back(0);
  for (std::uint32_t& count : next) {
    const std::uint32_t begin = ends_.back();
    if (count > 0) ends_.push_back(begin + count);
    count = begin;
  }
  lines_.resize(ends_.back());
  for (std::size_t line = 0; line < group_of.size(); ++line) {
    if (included[line] != 0) lines_[next[group_of[line]]++] = static_cast<std::uint32_t>(line);
  }
}

}  // namespace margrave
