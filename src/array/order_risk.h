#pragma once

#include "array/scenario_vector.h"

namespace margrave {

/// The value of an account with one holding more in every column, from its values without it: what an order that is
/// filled does to a margin, for the cost of one row. Exactly what evaluate() of all holdings gives, but for the path.
/// Makes no memory where `out` had the room before. `out` is another vector than `account`, which is of this array.
///
/// Errors:  a row that the array does not have; overflow, if a sum could pass 2^126.
Result<void> with_holding(const RiskArray& array, const ScenarioVector& account, const Holding& more, Isa isa,
                          ScenarioVector& out);

/// Asks the memory for what a check will read, so that it comes while the order is still being looked at: an account's
/// values and the order's row, or all rows of an account. Changes nothing.
void ask_for(const RiskArray& array, const ScenarioVector& account, std::uint32_t row);
void ask_for(const RiskArray& array, std::span<const PackedEntry> entries);

/// The largest of the values in these columns: a limit for TailFinder that lets through as many values at least. In the
/// columns of the tail without the order (Measured::tail) it lets through few more, unless the order turns the account
/// round; then the columns of its largest gains do. The lower of both is the limit to take.
std::int64_t limit_of(std::span<const std::int64_t> values, std::span<const std::uint32_t> columns);

}  // namespace margrave
