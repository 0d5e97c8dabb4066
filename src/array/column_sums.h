#pragma once

#include "array/kernel.h"
#include "array/packed_account.h"
#include "array/risk_array.h"

namespace margrave {

/// An account's part of some columns of an array: what both the single account and the batch are summed by.
struct AccountColumns {
  const RiskArray& array;
  std::span<const PackedEntry> entries;
  std::span<const PackedRun> runs;
  std::size_t first{0};    ///< column, a multiple of 16
  std::size_t columns{0};  ///< a multiple of 16
};

/// Narrow rows, sums below 2^62. out: 64-byte aligned, holds `columns`.
void sum_in_64_bits(const AccountColumns& job, const ColumnKernels& kernels, std::int64_t* out);
/// Some neighbouring runs of an account whose joined sums stay below 2^62.
struct Segment {
  std::span<const PackedEntry> entries;
  std::span<const PackedRun> runs;
  std::uint32_t shift{0};  ///< of what the segments above have summed, before this one is added
};
/// Takes the next segment, from the highest exponent down, off the entries and runs that are left.
Segment take_segment(std::span<const PackedEntry>& entries, std::span<const PackedRun>& runs,
                     std::span<const std::uint64_t> maxima);

/// x * 2^bits; the caller has proven that it stays in 128 bits, so x is 0 where bits are more than that.
constexpr i128 shifted(i128 x, std::uint32_t bits) {
  return bits > 127 ? 0 : static_cast<i128>(static_cast<u128>(x) << bits);
}

/// Narrow rows, sums below 2^126: each segment in 64 bits, joined in 128.
void sum_in_128_bits(const AccountColumns& job, const ColumnKernels& kernels, i128* out);
/// Wide rows, sums below 2^126.
void sum_wide_rows(const AccountColumns& job, i128* out);

}  // namespace margrave
