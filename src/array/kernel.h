#pragma once

#include <cstddef>
#include <cstdint>

#include "array/packed_entry.h"
#include "base/isa.h"

namespace margrave {

/// Some columns of some entries: what a kernel sums.
struct ColumnJob {
  const std::int32_t* rows;    ///< entry of row 0 in the first column of the job, 64-byte aligned
  std::size_t stride;          ///< entries from one row to the next, a multiple of 16
  const PackedEntry* entries;  ///< of all runs, one after the other
  const PackedRun* runs;
  std::size_t run_count;
  std::size_t columns;  ///< a multiple of 16
};

/// Values in two parts: value[s] = high[s] * 2^16 + low[s], of which the low 16 bits alone count. Both 64-byte aligned.
/// high orders values as their quotients by 2^16, rounded down.
struct SplitValues {
  std::int32_t* high;
  std::int32_t* low;
};

/// Sums of one run may be split while sum of |lots| <= 2^15 - 1: then each half of them stays in 32 bits, whatever the
/// rows hold.
inline constexpr std::int64_t split_lots_most = (1 << 15) - 1;

/// The k smallest of a few values, by value alone.
struct SmallTail {
  std::uint64_t high;   ///< sum over the k smallest of (value + 2^63) >> 32
  std::uint64_t low;    ///< sum over the k smallest of the low 32 bits: the sum is high * 2^32 + low - k * 2^63
  std::int64_t last;    ///< the k-th smallest
  std::int64_t least;   ///< the smallest
  std::uint32_t place;  ///< of the smallest, the lowest among equals
};

/// The inner loops for one instruction set; all sets give the same integers. Sums must be known to stay below 2^62.
struct ColumnKernels {
  /// out[s] = sum over runs of (sum so far << shift) + sum of lots * row[s]; the first run's shift is not read. out
  /// holds job.columns, 64-byte aligned.
  void (*sums)(const ColumnJob& job, std::int64_t* out);
  /// Bit s % 64 of mask[s / 64] = values[s] <= limit; bits from count on are 0. count is a multiple of 16.
  void (*mask)(const std::int64_t* values, std::size_t count, std::int64_t limit, std::uint64_t* mask);
  /// Appends the values whose bit is set in mask[0 .. words), and first_place + their index, to out and places; returns
  /// how many. Both have room for 4 more than there are.
  std::size_t (*collect)(const std::int64_t* values, const std::uint64_t* mask, std::size_t words, std::int64_t* out,
                         std::uint32_t* places, std::uint32_t first_place);
  /// As sums, for a job of one run with sum of |lots| <= split_lots_most.
  void (*split_sums)(const ColumnJob& job, SplitValues out);
  /// As mask and collect in one, of the columns [begin, end), by their high parts: all values <= limit * 2^16 and some
  /// of up to 2^16 - 1 more. Places are first_place + column. `values` is readable from the multiple of 64 before begin
  /// to the multiple of 16 after end; out and places have room for 16 more than there are.
  std::size_t (*split_collect)(SplitValues values, std::size_t begin, std::size_t end, std::int32_t limit,
                               std::int64_t* out, std::uint32_t* places, std::uint32_t first_place);
  /// How many of the values are <= limit; any count and alignment.
  std::size_t (*count_at_most)(const std::int64_t* values, std::size_t count, std::int64_t limit);
  /// The k smallest of n <= 64 values below 2^63 - 1, 1 <= k <= n, by counting for each how many are smaller. `values`
  /// has room up to the next multiple of 8, which is overwritten.
  void (*small_tail)(std::int64_t* values, std::size_t n, std::size_t k, SmallTail* out);
  /// out[g] = the least of the values[s] with s % 32 = g, INT64_MAX where there is none; count is a multiple of 16, out
  /// has room for 32.
  void (*least_of_groups)(const std::int64_t* values, std::size_t count, std::int64_t* out);
  /// out[s] = (values[s] << shift) + lots * row[s]; columns is a multiple of 16, shift below 64, all 64-byte aligned.
  void (*add_row)(const std::int64_t* values, std::uint32_t shift, const std::int32_t* row, std::int32_t lots,
                  std::size_t columns, std::int64_t* out);
};

inline constexpr std::size_t small_tail_most = 64;
inline constexpr std::size_t least_groups = 32;

/// The kernels of an instruction set that this machine supports.
const ColumnKernels& column_kernels(Isa isa);

extern const ColumnKernels column_kernels_portable;
extern const ColumnKernels column_kernels_scalar;
extern const ColumnKernels column_kernels_avx2;
extern const ColumnKernels column_kernels_avx512;
extern const ColumnKernels column_kernels_avx512_vnni;  ///< split sums by a dot product of 16-bit halves

}  // namespace margrave
