#pragma once

#include <vector>

#include "margin/health.h"
#include "margin/portfolio.h"

namespace margrave {

/// USD of a position at the index (options) or the mark (forwards), signed as its lots, rounded away from zero.
/// Errors: the row has no notional within the array's numbers; overflow of 128 bits.
Result<Usd> notional_of(const RiskArray& array, const Holding& position);

/// The sum over lines of |notional|, each rounded up: long and short do not offset. Nothing where a line's notional, or
/// the sum, is beyond the numbers: no requirement need read it, so it is no error of the account.
std::optional<Usd> gross_notional(const RiskArray& array, const std::vector<Line>& lines);

/// gross / equity, rounded up. None without equity above 0, or where the ratio leaves 128 bits.
std::optional<Multiple> effective_leverage(std::optional<Usd> gross, Usd equity);

/// gross / initial, rounded down: what the same positions would have if equity fell to the initial margin. None without
/// a requirement, or where the ratio leaves 128 bits.
std::optional<Multiple> maximum_leverage(std::optional<Usd> gross, Usd initial);

}  // namespace margrave
