#pragma once

#include <string_view>
#include <vector>

#include "dialect/golden_numbers.h"

namespace margrave {

/// Vectors of single rules of a venue: a tier, a weight, a margin of one option, a liquidation price. Each is computed
/// by the named components of the venue's recipe, on the fields that the vector gives.
bool is_function_vectors(std::string_view model);
Result<void> check_function_vectors(const Cursor& root, std::string_view model, const std::vector<Cursor>& vectors,
                                    Isa isa, Tally& tally);

}  // namespace margrave
