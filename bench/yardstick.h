#pragma once

#include <string>

#include "row.h"

namespace margrave::bench {

/// How many times as long this core takes now as the one that limits of time were set on (Zen 5, 4.2 GHz): the time of
/// QuantLib's blackFormula over a regular chain, whose branches are predicted, over 44 ns. Of the peers that were
/// measured there it is the one that makes this core least slow.
double core_slowness();

/// A time against a limit as it was set. The row's words and its line on standard error also say what the ratio is
/// against the limit stretched to this core; no floor is held to that. Wrong answers (`right`) have no ratio.
struct Limit {
  std::string id, what, unit;
  double limit{0}, goal{1}, floor{1};
};
BenchRow row_against(const Limit& limit, double ours, bool right);

}  // namespace margrave::bench
