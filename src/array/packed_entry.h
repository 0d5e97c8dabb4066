#pragma once

#include <cstdint>

namespace margrave {

/// `lots` of a row; |lots| <= 2^31 - 1.
struct PackedEntry {
  std::uint32_t row;
  std::int32_t lots;
};

/// `count` entries of one exponent. Before the run is added, what the runs above it have summed is shifted left by
/// `shift` bits (0 for the first run).
struct PackedRun {
  std::uint32_t count;
  std::uint32_t shift;
};

}  // namespace margrave
