#pragma once

#include "product/registry.h"

namespace margrave {

/// What was paid at entry for a forward-like position, in the smallest unit of its settlement asset, signed as a
/// balance: linear: -size * contract * entry; inverse: +size * contract / entry (coin); spot: as linear.
/// Rounded down, against the account. Options are paid for in full at entry: their premium is already in the balance,
/// so an option has no cost leg and must not be passed. entry > 0. Errors: overflow.
Result<i128> cost_leg(const Registry& registry, InstrumentId id, Lots lots, const Decimal& entry);

}  // namespace margrave
