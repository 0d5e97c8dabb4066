#pragma once

#include <optional>

#include "market/state.h"

namespace margrave {

/// One move of a market at an instant: no time passes.
struct FixedMove {
  double spot{0};  ///< of the index and every forward, relative; above -1
  double vol{0};   ///< of an option's vol, added: 0.01 is one point
};

/// No vol moves below it.
inline constexpr double least_moved_vol = 0.01;

/// USD by which one lot is worth more after a move, by full revaluation at the lot's own vol: options by Black-76 at
/// the moved forward, perpetuals and futures with the cost leg of an entry at the mark, so that they are linear in USD.
/// Coins that a contract settles in move with the index. Nothing for what the market cannot price.
std::optional<double> lot_gain(const Market& market, InstrumentId id, const FixedMove& move);

/// USD that one lot of an option is worth, as column 0 of a risk array has it before rounding. Nothing without a vol or
/// a forward, or after expiry.
std::optional<double> option_worth(const Market& market, InstrumentId id);

}  // namespace margrave
