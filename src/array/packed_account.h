#pragma once

#include <span>
#include <vector>

#include "array/holding.h"
#include "array/packed_entry.h"
#include "base/result.h"

namespace margrave {

/// One limb of a quantity: quantity = sum of digit * 2^shift over its limbs.
struct Limb {
  std::int32_t digit{0};
  int shift{0};
};

/// Splits a quantity exactly into balanced 32-bit limbs, lowest first: one limb if |quantity| <= 2^31 - 1, else digits
/// of -2^30 .. 2^30 - 1 in base 2^31. Zero digits are left out, so zero has none; 128 bits have at most five.
struct Limbs {
  Limb limb[5];
  std::size_t count{0};
};
Limbs split_quantity(i128 quantity);

/// An account, or a part of one, ready for the kernels: every quantity as limbs, in runs of one exponent.
///
/// The value in column s is sum over runs r of 2^(exponent of r) * sum over its entries of lots * entry(row, s). Runs
/// go from the highest exponent down, so a sum is joined as (sum << shift) + next run. A run is safe in 64 bits by
/// itself, whatever the narrow rows hold: sum of |lots| <= 2^31, so |run| <= 2^31 * (2^31 - 1) < 2^62. It depends on
/// the rows' exponents only and serves every version of an array that keeps them.
struct PackedAccount {
  std::vector<PackedEntry> entries;
  std::vector<PackedRun> runs;
  int exponent{0};  ///< of the lowest run, and of every sum; 0 for an empty account
};

/// Packs holdings for rows of these exponents. Holdings may come in any order and name a row more than once; the order
/// does not change the result. Error: a row beyond the exponents.
Result<void> pack(std::span<const std::int8_t> exponents, std::span<const Holding> holdings, PackedAccount& out);
/// As above for the holdings at these places only: the positions of one group.
Result<void> pack(std::span<const std::int8_t> exponents, std::span<const Holding> holdings,
                  std::span<const std::uint32_t> members, PackedAccount& out);

/// An upper bound of every |sum| and partial sum of the account, in units of 2^exponent: sum of |lots| * max|row| *
/// 2^(shift). Saturates at 2^127: a bound is compared, never used as a value.
u128 magnitude_bound(std::span<const PackedEntry> entries, std::span<const PackedRun> runs,
                     std::span<const std::uint64_t> maxima);

inline constexpr u128 bound_of_64_bits = static_cast<u128>(1) << 62;    ///< below it every sum is exact in int64
inline constexpr u128 bound_of_128_bits = static_cast<u128>(1) << 126;  ///< below it every sum is exact in i128

}  // namespace margrave
