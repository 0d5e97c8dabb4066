#include "array/column_sums.h"

#include <algorithm>

namespace margrave {

void sum_in_64_bits(const AccountColumns& job, const ColumnKernels& kernels, std::int64_t* out) {
  kernels.sums({.rows = job.array.narrow_entries() + job.first,
                .stride = job.array.stride(),
                .entries = job.entries.data(),
                .runs = job.runs.data(),
                .run_count = job.runs.size(),
                .columns = job.columns},
               out);
}

Segment take_segment(std::span<const PackedEntry>& entries, std::span<const PackedRun>& runs,
                     std::span<const std::uint64_t> maxima) {
  std::size_t taken_runs = 0, taken_entries = 0;
  u128 bound = 0;
  for (; taken_runs < runs.size(); ++taken_runs) {
    const PackedRun run = runs[taken_runs];
    if (taken_runs > 0) {
      if (run.shift > 63) break;  // a shift that int64 does not have
      bound <<= run.shift;        // from below 2^62 to below 2^125
    }
    for (std::uint32_t i = 0; i < run.count; ++i) {
      const PackedEntry entry = entries[taken_entries + i];
      bound +=
          static_cast<u128>(entry.lots < 0 ? -std::int64_t{entry.lots} : std::int64_t{entry.lots}) * maxima[entry.row];
    }
    if (taken_runs > 0 && bound >= bound_of_64_bits) break;
    taken_entries += run.count;
  }
  Segment segment{entries.first(taken_entries), runs.first(taken_runs), 0};
  for (const PackedRun& run : segment.runs) segment.shift += run.shift;
  entries = entries.subspan(taken_entries);
  runs = runs.subspan(taken_runs);
  return segment;
}

void sum_in_128_bits(const AccountColumns& job, const ColumnKernels& kernels, i128* out) {
  constexpr std::size_t tile = 256;
  alignas(64) std::int64_t part[tile];
  std::fill_n(out, job.columns, i128{0});
  std::span<const PackedEntry> entries = job.entries;
  std::span<const PackedRun> runs = job.runs;
  while (!runs.empty()) {
    const Segment segment = take_segment(entries, runs, job.array.maxima());
    for (std::size_t s = 0; s < job.columns; s += tile) {
      const std::size_t width = std::min(tile, job.columns - s);
      sum_in_64_bits({job.array, segment.entries, segment.runs, job.first + s, width}, kernels, part);
      for (std::size_t i = 0; i < width; ++i) out[s + i] = shifted(out[s + i], segment.shift) + part[i];
    }
  }
}

void sum_wide_rows(const AccountColumns& job, i128* out) {
  std::fill_n(out, job.columns, i128{0});
  const PackedEntry* entry = job.entries.data();
  for (const PackedRun& run : job.runs) {
    if (run.shift != 0) {
      for (std::size_t s = 0; s < job.columns; ++s) out[s] = shifted(out[s], run.shift);
    }
    for (const PackedEntry* end = entry + run.count; entry != end; ++entry) {
      const std::int64_t* row = job.array.wide_entries() + entry->row * job.array.stride() + job.first;
      for (std::size_t s = 0; s < job.columns; ++s) out[s] += static_cast<i128>(row[s]) * entry->lots;
    }
  }
}

}  // namespace margrave
