#pragma once

#include <vector>

#include "row.h"

namespace margrave::bench {

/// Rows G3, G3b, G3c: an order checked before it is accepted. From an account's cached values, against nth_element;
/// from its rows anew, against the time that reading them takes; and the slowest of a hundred against the median.
std::vector<BenchRow> pretrade_rows(const Selection& selection);

}  // namespace margrave::bench
