#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/wide.h"

namespace margrave {

/// 2^n for -1022 <= n <= 1023, exact.
double power_of_two(int n);

/// Largest |value|; 0 for none; NaN when one of them is: what is not a number must not be rounded.
double largest_magnitude(std::span<const double> values);

/// entry = round-half-even(value * 2^-exponent): the one rounding of the border. The scaling is exact (a power of two),
/// so the result does not depend on the machine. Precondition: every |value * 2^-exponent| fits the entry.
void round_row(const std::vector<double>& values, int exponent, std::span<std::int32_t> out);
void round_row(const std::vector<double>& values, int exponent, std::span<std::int64_t> out);

/// round-half-even(value * 10^decimals); |result| < 2^120 (anything larger or not finite gives 0 and false).
bool round_scalar(double value, int decimals, i128& out);

}  // namespace margrave
