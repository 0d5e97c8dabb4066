#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace margrave {

/// What holds for an underlying or asset of this name: its own value where there is one, else the common one.
template <class T>
const T& by_name(const std::vector<std::pair<std::string, T>>& own, std::string_view name, const T& common) {
  for (const auto& [key, value] : own) {
    if (key == name) return value;
  }
  return common;
}

}  // namespace margrave
