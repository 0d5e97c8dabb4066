#pragma once

#include <string_view>
#include <vector>

#include "dialect/golden_numbers.h"

namespace margrave {

/// Whole liquidations of a venue's portfolio margin: an account below maintenance, its auction, bid after bid, and what
/// both sides hold and need afterwards. Margins come from the recipes (wide rows), the auction from its `unwind` file,
/// the transfer from sell_share(); nothing between the first state and the last bid is taken from the vector but time.
bool is_liquidation_vectors(std::string_view model);
Result<void> check_liquidation_vectors(const Cursor& root, std::string_view model, const std::vector<Cursor>& vectors,
                                       Isa isa, Tally& tally);

}  // namespace margrave
