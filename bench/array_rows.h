#pragma once

#include <vector>

#include "row.h"

namespace margrave::bench {

/// Rows G2, G2b, G2d, G2e and the facts beside them: the risk array against a loop without memory, Eigen, and a limit.
std::vector<BenchRow> array_rows(const Selection& selection);

}  // namespace margrave::bench
