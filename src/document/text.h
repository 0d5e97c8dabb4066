#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "base/result.h"

namespace margrave {

/// The double nearest to "-12.5" or "1e-8" (correctly rounded, any locale). The same forms as Decimal::parse(), at any
/// length. Refuses nan, inf, hex, ".5", "1.", and what is out of a double's range. The error has no place.
Result<double> parse_real(std::string_view text);

/// A whole number within [low, high]; a leading "+" is allowed. The error has no place.
Result<std::int64_t> parse_integer(std::string_view text, std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                                   std::int64_t high = std::numeric_limits<std::int64_t>::max());

/// The text in quotes for a message, cut after 40 bytes: 'abc'.
std::string in_quotes(std::string_view text);

/// Appends a key to a path; what is not a plain word stands in brackets: balances['BTC/USD'].
void append_key(std::string& path, std::string_view key);

/// "0xff"
std::string hex_byte(char byte);

}  // namespace margrave
