#pragma once

#include <vector>

#include "chains/chain_walk.h"

namespace margrave {

/// Bars that had ended at an instant; files that had none are left out.
std::vector<Bars> ended_bars(const std::vector<Bars>& bars, std::int64_t at_ms);

/// Margins of the books at a modelled chain, sets as of the chain with the bars that had ended by then and no others:
/// margins_at() of chain_walk.h on cut bars. Without thirty steps of eight hours before the chain nothing is margined.
Result<ChainMargins> modelled_margins(const Chain& chain, const ChainBooks& books, const std::vector<Bars>& bars);

}  // namespace margrave
