#pragma once

#include "product/registry.h"

namespace margrave {

/// What is paid for lots at a price, in the smallest unit of the settlement asset, signed as a balance. Linear
/// forwards, spot and all options: -size * contract * price (of an option its premium); inverse forwards: +size *
/// contract / price (coin). Rounded down, against the account.
///
/// A forward-like position keeps it as its cost leg. Of an option it has left the balance when the position is there.
/// price > 0. Errors: overflow.
Result<i128> cost_leg(const Registry& registry, InstrumentId id, Lots lots, const Decimal& price);

}  // namespace margrave
