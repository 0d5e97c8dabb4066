#pragma once

#include <string_view>
#include <vector>

#include "dialect/golden_numbers.h"

namespace margrave {

/// Accounts of a venue's portfolio and standard margin, as its contracts and its own tests margin them. Each becomes a
/// market, a book and a recipe (the venue's preset with the vector's parameters and scenarios) and is assessed by the
/// engine twice: with wide rows, to 1e-9 of gross notional, and with narrow ones, to 1e-8 of it (or of the
/// number itself, where that is larger) against the wide.
bool is_derive_vectors(std::string_view model);
Result<void> check_derive_vectors(std::string_view model, const std::vector<Cursor>& vectors, Isa isa, Tally& tally);

}  // namespace margrave
