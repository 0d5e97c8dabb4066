#pragma once

#include <span>

#include "margin/assess.h"

namespace margrave {

/// What closing each instrument's net position costs, in a market that has only a share `stress` of its resting depth
/// left; long and short lines of one instrument are one position. Per instrument, with q lots, their notional N and
/// their own shortfall L (a component by instrument):
///
///   walk      = N x (mean distance of what q takes), see walk()
///   extension = L x (sqrt(1 + q / (participation x V)) - 1)     V: lots traded in `hours`, of the last day's volume
///   charge    = walk + extension
///
/// Where the market has no depth or no volume of the instrument, its part is left out and the charge is at least
/// `without` of the notional. Where it says that nothing at all is traded, the extension is the notional. Rounded up;
/// monotone and convex in q. A line's part is in proportion to its lots.
///
/// Errors: no notional within the array's numbers; overflow of 128 bits. Source: docs/methods/depth.md
Result<ComponentAmount> liquidity_charge(const MarginInputs& inputs, const Portfolio& portfolio, const Liquidity& rule,
                                         bool brief, const MarginReport& report);

/// The charge of one instrument's net lots, whose `unit` is one lot of it, unrounded. shortfall: of those lots.
Result<Number> liquidity_of(const MarginInputs& inputs, const Liquidity& rule, const Holding& unit, std::int64_t lots,
                            const Number& shortfall);

}  // namespace margrave
