#pragma once

#include <vector>

#include "margin/assess.h"

namespace margrave {

/// Whether a requirement of the recipe hangs on what positions cost: on equity, on profits not yet realised, or in a
/// way that is not looked into here (transforms, payoffs, liquidity). Without that a cost leg in an asset whose price
/// moves in no scenario changes no requirement by a bit: it is the same number in every column, and a loss is a
/// difference of two.
bool reads_cost(const Recipe& recipe);

/// The requirements of books as assess_all() on one thread has them, bit for bit; equity is of no meaning here. Where
/// no requirement reads_cost(), books without balances are valued without cost legs, which keeps their sums within 64
/// bits.
std::vector<Result<MarginReport>> requirements(const MarginInputs& inputs, const std::vector<Book>& books);

}  // namespace margrave
