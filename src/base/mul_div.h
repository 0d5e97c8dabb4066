#pragma once

#include "base/wide.h"

namespace margrave {

struct MulDiv {
  i128 quotient{0};   ///< rounded down
  i128 remainder{0};  ///< in [0, divisor): a * b = quotient * divisor + remainder, exactly
};

/// a * b / divisor with a 256-bit product, so that nothing is lost between. divisor > 0. False when the quotient leaves
/// 128 bits.
[[nodiscard]] bool mul_div(i128 a, i128 b, i128 divisor, MulDiv& out);
/// As above with a named rounding.
[[nodiscard]] bool mul_div(i128 a, i128 b, i128 divisor, Round round, i128& out);

}  // namespace margrave
