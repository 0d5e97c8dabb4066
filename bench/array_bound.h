#pragma once

#include <cstddef>

#include "base/isa.h"

namespace margrave::bench {

/// Runs the multiply-add of a narrow row over `cells` cells with everything in registers: what the machine could do if
/// memory cost nothing. Returns a number that depends on all of them.
/// Entry widened, multiplied, added: the steps that sums in 64 bits have at least.
long long run_bound(Isa isa, std::size_t cells);

}  // namespace margrave::bench
