#pragma once

#include "array/depth_ladder.h"
#include "market/state.h"

namespace margrave {

/// The depth curve of an instrument as its row has it: sizes in 10^-6 lots, rounded down, distances as they are. The
/// curve is not empty. Error: a lot so small that its sizes leave 128 bits.
Result<DepthLadder> depth_ladder(const Market& market, InstrumentId id, std::uint32_t row);

}  // namespace margrave
