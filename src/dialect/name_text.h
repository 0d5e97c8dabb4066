#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/timestamp.h"
#include "market/listing.h"

namespace margrave {

/// Pieces of which venues build the names of their instruments.

std::vector<std::string_view> split_name(std::string_view text, char by);
bool is_digits(std::string_view text);
/// Capital letters and digits, at most 20.
bool is_coin(std::string_view text);
int digits_to_int(std::string_view digits);

/// "260327", 08:00 UTC of that day of this century. False if it is no day.
bool parse_yymmdd(std::string_view text, Timestamp& expiry);
/// Errors: an expiry that is not 08:00 UTC of a day of this century.
Result<std::string> print_yymmdd(Timestamp expiry);

/// A positive number without sign, exponent, leading or trailing zeros, so that printing gives the same text back.
bool parse_plain_strike(std::string_view text, Decimal& strike);

/// Fills kind, expiry, strike and side from what follows the pair of coins: "260327", or "260327-100000-C". False if
/// it is neither.
bool parse_dated(const std::vector<std::string_view>& parts, Instrument& terms);
/// The same for printing: "-260327" or "-260327-100000-C".
Result<std::string> print_dated(const Instrument& terms);

/// The error of a name that is not spelt as a venue spells it.
tl::unexpected<Error> not_a_name(std::string_view name, std::string_view venue, std::string_view examples);

}  // namespace margrave
