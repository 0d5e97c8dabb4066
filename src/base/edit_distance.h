#pragma once

#include <cstddef>
#include <string_view>

namespace margrave {

/// Insertions, deletions and replacements that make one name the other (Levenshtein 1966); a swap of two counts 2.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace margrave
