#pragma once

#include <vector>

#include "row.h"

namespace margrave::bench {

/// Row A2: fitting one underlying's whole chain without arbitrage on one core, against a limit of 50 ms.
std::vector<BenchRow> market_rows(const Selection& selection);

}  // namespace margrave::bench
