#pragma once

#include <array>
#include <cstdint>

namespace margrave {

/// What names a group among those of its grouping: underlying, settlement, expiry, strike, instrument, position; 0
/// where the grouping does not tell apart.
using GroupKey = std::array<std::int64_t, 6>;

}  // namespace margrave
