#pragma once

#include <span>

#include "array/holding.h"
#include "array/risk_array.h"
#include "base/fixed.h"
#include "formula/number.h"

namespace margrave {

/// An amount as the sum of 1e-9 USD and a rest in [0, 1e-9) USD, counted in 1e-18: exact, and no sum of real books
/// leaves it.
struct ValueNow {
  i128 units{0};
  i128 rest{0};
  /// In 1e-9 USD, rounded as named.
  Usd rounded(Round round) const;
};

/// What holdings are worth now. It comes from the rows' `value` and not from their entries: it is the same under every
/// recipe, and a dollar is exactly a dollar. A balance is rounded down to 1e-18 USD, lots are exact.
///
/// Errors: overflow of 128 bits; a row whose value now is beyond the array's numbers, by name.
Result<ValueNow> value_now(const RiskArray& array, std::span<const Holding> holdings);

/// The same as a number of expressions.
Result<Number> exact_value(const RiskArray& array, std::span<const Holding> holdings);

/// How many of its smallest units an asset must have to be worth -value, rounded down.
/// Errors: the asset is worth nothing, or has no value; overflow of 128 bits.
Result<i128> units_against(const RiskArray& array, std::uint32_t asset_row, const ValueNow& value);

}  // namespace margrave
