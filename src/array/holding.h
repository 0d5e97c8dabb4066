#pragma once

#include <cstdint>

#include "base/wide.h"

namespace margrave {

/// A part of an account: `quantity` lots of an instrument, or smallest units of an asset; short < 0.
struct Holding {
  std::uint32_t row{0};
  i128 quantity{0};
};

}  // namespace margrave
