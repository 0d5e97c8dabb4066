#pragma once

#include <string_view>

#include "document/cursor.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// A number of a scenario set within [low, high]. Errors: the cursor's; a number outside.
Result<double> read_real(const Cursor& at, double low, double high);
/// The same of a key that may be left out.
Result<double> real_or(const Cursor& map, std::string_view key, double low, double high, double otherwise);
/// A whole number of a key that may be left out.
Result<std::int64_t> whole_or(const Cursor& map, std::string_view key, std::int64_t low, std::int64_t high,
                              std::int64_t otherwise);

/// How a vol move depends on time to expiry.
Result<VolTerm> read_vol_term(const Cursor& at);

}  // namespace margrave
