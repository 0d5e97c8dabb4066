#pragma once

#include <cstdint>
#include <span>

namespace margrave {

/// One file of bars of an asset, as numbers: columns of one length, times ascending (of a bar's open, milliseconds
/// since 1970), prices above 0 in USD, volume in coins. A missing bar is a missing row.
struct BarView {
  std::int64_t step_ms{0};  ///< length of a bar
  std::span<const std::int64_t> t_ms;
  std::span<const double> open, high, low, close, volume;
};

}  // namespace margrave
