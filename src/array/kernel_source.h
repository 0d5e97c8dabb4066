#pragma once

// The kernels, written once over a type `Block` and compiled once per instruction set by kernel_<isa>.cpp.
//
// Everything here lies in an anonymous namespace and calls nothing from a shared header: a function that two
// translation units emitted under one name could be kept in its AVX-512 form and run on a machine without it.
//
// A Block is Block::columns columns of 64-bit sums. Rows are 32-bit; a 64-bit lane holds two neighbouring entries. The
// signed 32 x 32 -> 64 product reads the low half of a lane, so the even columns multiply as they were loaded and the
// odd ones after one shift: no sign extension, which is the slowest of the three steps. The columns return to their
// order at the end.
//
// A Split is as many columns of sums in two 32-bit parts, of the entries' signed 16-bit halves: entry = high * 2^16 +
// (low + 2^15), where low + 2^15 is the unsigned low half, so its sum misses 2^15 * sum of lots, added at the end. A
// Split in pairs takes two rows at a time: with their halves side by side one instruction multiplies and adds both.

#include <utility>

#include "array/kernel.h"

namespace margrave {
namespace {

#define MARGRAVE_INLINE inline __attribute__((always_inline))

template <class Block, std::size_t... I>
MARGRAVE_INLINE void sum_blocks(const ColumnJob& job, std::size_t first, Block* sums, std::index_sequence<I...>) {
  ((sums[I] = Block::zero()), ...);
  const PackedEntry* entry = job.entries;
  for (std::size_t r = 0; r < job.run_count; ++r) {
    const PackedRun run = job.runs[r];
    if (r != 0 && run.shift != 0) (sums[I].shift_left(run.shift), ...);
    const PackedEntry* end = entry + run.count;
    const std::int32_t* row = entry != end ? job.rows + entry->row * job.stride + first : nullptr;
    while (entry != end) {
      const typename Block::Lots lots = Block::spread(entry->lots);
      ++entry;
      const std::int32_t* next = entry != end ? job.rows + entry->row * job.stride + first : row;
      // Rows lie in the second-level cache; asking for the next one now hides its way to the first.
      (__builtin_prefetch(next + Block::columns * I), ...);
      (sums[I].add_product(row + Block::columns * I, lots), ...);
      row = next;
    }
  }
}

template <class Block, std::size_t... I>
MARGRAVE_INLINE void one_tile(const ColumnJob& job, std::size_t first, std::int64_t* out,
                              std::index_sequence<I...> all) {
  Block sums[sizeof...(I)];
  sum_blocks(job, first, sums, all);
  (sums[I].store(out + first + Block::columns * I), ...);
}

/// Adds all entries' rows to the sums, one at a time; returns the sum of lots.
template <class Split, std::size_t... I>
MARGRAVE_INLINE std::int32_t add_rows(const std::int32_t* rows, std::size_t stride, const PackedEntry* entry,
                                      const PackedEntry* end, Split* sums, std::index_sequence<I...>) {
  std::int32_t lots_sum = 0;
  const std::int32_t* row = entry != end ? rows + entry->row * stride : nullptr;
  while (entry != end) {
    const typename Split::Lots lots = Split::spread(entry->lots);
    lots_sum += entry->lots;
    ++entry;
    const std::int32_t* next = entry != end ? rows + entry->row * stride : row;
    (__builtin_prefetch(next + Split::columns * I), ...);
    (sums[I].add_products(row + Split::columns * I, lots), ...);
    row = next;
  }
  return lots_sum;
}

/// The same, two at a time; the last of an odd number goes with itself and no lots.
template <class Split, std::size_t... I>
MARGRAVE_INLINE std::int32_t add_pairs_of_rows(const std::int32_t* rows, std::size_t stride, const PackedEntry* entry,
                                               const PackedEntry* end, Split* sums, std::index_sequence<I...>) {
  std::int32_t lots_sum = 0;
  while (entry != end) {
    const bool both = end - entry > 1;
    const PackedEntry a = entry[0], b = both ? entry[1] : PackedEntry{a.row, 0};
    entry += both ? 2 : 1;
    lots_sum += a.lots + b.lots;
    const std::int32_t *row = rows + a.row * stride, *other = rows + b.row * stride;
    if (entry != end) {
      const std::int32_t *next = rows + entry->row * stride, *then = rows + end[-1].row * stride;
      if (end - entry > 1) then = rows + entry[1].row * stride;
      (__builtin_prefetch(next + Split::columns * I), ...);
      (__builtin_prefetch(then + Split::columns * I), ...);
    }
    const typename Split::Lots lots = Split::spread(a.lots, b.lots);
    (sums[I].add_products(row + Split::columns * I, other + Split::columns * I, lots), ...);
  }
  return lots_sum;
}

template <class Split, std::size_t... I>
MARGRAVE_INLINE void one_tile(const ColumnJob& job, std::size_t first, SplitValues out, std::index_sequence<I...> all) {
  Split sums[sizeof...(I)];
  (sums[I].clear(), ...);
  const PackedEntry* end = job.entries + (job.run_count == 0 ? 0 : job.runs->count);
  std::int32_t lots = 0;
  if constexpr (Split::in_pairs) {
    lots = add_pairs_of_rows(job.rows + first, job.stride, job.entries, end, sums, all);
  } else {
    lots = add_rows(job.rows + first, job.stride, job.entries, end, sums, all);
  }
  // Sums stay in registers until here: GCC would otherwise keep a copy of each in memory, for the stores.
  (sums[I].settle(), ...);
  const typename Split::Missing missing = Split::missing(lots);
  (sums[I].store(out.high + first + Split::columns * I, out.low + first + Split::columns * I, missing), ...);
}

/// A tile of just `blocks` <= Count blocks.
template <class Block, std::size_t Count, class Out>
MARGRAVE_INLINE void tile_of(const ColumnJob& job, std::size_t first, std::size_t blocks, Out out) {
  if constexpr (Count > 0) {
    if (blocks == Count) {
      one_tile<Block>(job, first, out, std::make_index_sequence<Count>{});
    } else {
      tile_of<Block, Count - 1>(job, first, blocks, out);
    }
  }
}

/// As few tiles as the registers allow, of nearly equal width. A tile's sums stay in registers over all entries.
template <class Block, class Out>
void sum_columns(const ColumnJob& job, Out out) {
  std::size_t first = 0, blocks = job.columns / Block::columns;
  for (std::size_t tiles = (blocks + Block::most - 1) / Block::most; tiles > 0; --tiles) {
    const std::size_t width = (blocks + tiles - 1) / tiles;
    tile_of<Block, Block::most>(job, first, width, out);
    first += Block::columns * width;
    blocks -= width;
  }
}

template <class Block>
void mask_values(const std::int64_t* values, std::size_t count, std::int64_t limit, std::uint64_t* mask) {
  const typename Block::Limit bound = Block::spread_limit(limit);
  std::size_t s = 0;
  for (; s + 64 <= count; s += 64) {
    const std::uint64_t a = Block::mask_of(values + s, bound), b = Block::mask_of(values + s + 16, bound);
    const std::uint64_t c = Block::mask_of(values + s + 32, bound), d = Block::mask_of(values + s + 48, bound);
    mask[s / 64] = a | b << 16 | c << 32 | d << 48;
  }
  if (s == count) return;
  std::uint64_t rest = 0;
  for (const std::size_t from = s; s < count; s += 16)
    rest |= std::uint64_t{Block::mask_of(values + s, bound)} << (s - from);
  mask[count / 64] = rest;
}

template <class Block>
std::size_t count_values(const std::int64_t* values, std::size_t count, std::int64_t limit) {
  const typename Block::Limit bound = Block::spread_limit(limit);
  std::size_t found = 0, s = 0;
  for (; s + 16 <= count; s += 16) {
    found += static_cast<std::size_t>(__builtin_popcount(Block::mask_of(values + s, bound)));
  }
  for (; s < count; ++s) found += values[s] <= limit ? 1 : 0;
  return found;
}

MARGRAVE_INLINE std::int64_t value_at(const std::int64_t* values, std::size_t s) { return values[s]; }
MARGRAVE_INLINE std::int64_t value_at(SplitValues values, std::size_t s) {
  return values.high[s] * (std::int64_t{1} << 16) + (values.low[s] & 0xFFFF);
}

/// The values of the 64 columns from `first` on whose bit is set; returns how many.
template <class Values>
MARGRAVE_INLINE std::size_t collect_word(Values values, std::uint64_t bits, std::size_t first, std::int64_t* out,
                                         std::uint32_t* places, std::uint32_t first_place) {
  const auto found = static_cast<std::size_t>(__builtin_popcountll(bits));
  // How many candidates 64 columns hold cannot be predicted: four are written always, and an empty word gives its first
  // column by arithmetic, which is cheaper than to ask.
  for (std::size_t i = 0; i < 4 || i < found; ++i) {
    const auto lowest = static_cast<std::size_t>(__builtin_ctzll(bits | std::uint64_t{1} << 63));
    const std::size_t from = first + (lowest & (std::size_t{0} - static_cast<std::size_t>(bits != 0)));
    out[i] = value_at(values, from);
    places[i] = first_place + static_cast<std::uint32_t>(from);
    bits &= bits - 1;
  }
  return found;
}

inline std::size_t collect_values(const std::int64_t* values, const std::uint64_t* mask, std::size_t words,
                                  std::int64_t* out, std::uint32_t* places, std::uint32_t first_place) {
  std::size_t n = 0;
  for (std::size_t w = 0; w < words; ++w) n += collect_word(values, mask[w], 64 * w, out + n, places + n, first_place);
  return n;
}

template <class Split>
std::size_t collect_split(SplitValues values, std::size_t begin, std::size_t end, std::int32_t limit, std::int64_t* out,
                          std::uint32_t* places, std::uint32_t first_place) {
  const typename Split::Limit bound = Split::spread_limit(limit);
  std::size_t n = 0;
  for (std::size_t first = begin / 64 * 64; first < end; first += 64) {
    std::uint64_t bits = 0;
    for (std::size_t s = 0; s < 64 && first + s < end; s += 16)
      bits |= std::uint64_t{Split::mask_of(values.high + first + s, bound)} << s;
    if (first < begin) bits &= ~std::uint64_t{0} << (begin - first);
    if (end - first < 64) bits &= ~(~std::uint64_t{0} << (end - first));
    n += collect_word(values, bits, first, out + n, places + n, first_place);
  }
  return n;
}

/// Ranks by counting, without a branch on the values: n * n / lanes comparisons. Equal values share the lowest of their
/// ranks, so the ranks below k may be more than k values; the surplus all equals the last of them and is taken off.
template <class Lanes>
void rank_values(std::int64_t* values, std::size_t n, std::size_t k, SmallTail* out) {
  for (std::size_t i = n; i % Lanes::count != 0; ++i) values[i] = INT64_MAX;
  typename Lanes::Total total = Lanes::none();
  for (std::size_t j = 0; j < n; j += Lanes::count) {
    const auto mine = Lanes::load(values + j);
    auto rank = Lanes::zero();
    for (std::size_t i = 0; i < n; ++i) rank = Lanes::count_greater(rank, mine, values[i]);
    Lanes::take_below(total, mine, rank, k);
  }
  const std::uint64_t kept = Lanes::finish(total, *out);
  const std::uint64_t surplus = kept - k, last = static_cast<std::uint64_t>(out->last) ^ (std::uint64_t{1} << 63);
  out->high -= surplus * (last >> 32);
  out->low -= surplus * (last & 0xFFFFFFFF);
  std::uint32_t place = 0;
  while (values[place] != out->least) ++place;
  out->place = place;
}

/// Neighbours are in different groups: what is small together, as days of one crash are, spreads over many.
template <class Lanes, std::size_t... I>
MARGRAVE_INLINE void least_in(const std::int64_t* values, std::size_t count, std::int64_t* out,
                              std::index_sequence<I...>) {
  decltype(Lanes::most(0)) least[] = {Lanes::most(I)...};
  std::size_t s = 0;
  for (; s + Lanes::count * sizeof...(I) <= count; s += Lanes::count * sizeof...(I))
    ((least[I] = Lanes::smaller(least[I], Lanes::load(values + s + Lanes::count * I))), ...);
  constexpr std::size_t half = sizeof...(I) / 2;  // of the groups: 16 columns
  if (s < count) {
    ((least[I % half] = Lanes::smaller(least[I % half], Lanes::load(values + s + Lanes::count * (I % half)))), ...);
  }
  (Lanes::keep(out + Lanes::count * I, least[I]), ...);
}

template <class Lanes>
void least_values(const std::int64_t* values, std::size_t count, std::int64_t* out) {
  least_in<Lanes>(values, count, out, std::make_index_sequence<least_groups / Lanes::count>{});
}

template <class Lanes>
void add_row(const std::int64_t* values, std::uint32_t shift, const std::int32_t* row, std::int32_t lots,
             std::size_t columns, std::int64_t* out) {
  const auto shifts = Lanes::spread_shift(shift);
  const auto factors = Lanes::spread_lots(lots);
#pragma GCC unroll 4
  for (std::size_t s = 0; s < columns; s += Lanes::count)
    Lanes::add_product(values + s, shifts, row + s, factors, out + s);
}

template <class Block, class Split, class Lanes>
constexpr ColumnKernels kernels_over() {
  return {sum_columns<Block, std::int64_t*>,
          mask_values<Block>,
          collect_values,
          sum_columns<Split, SplitValues>,
          Split::collect,
          count_values<Block>,
          rank_values<Lanes>,
          least_values<Lanes>,
          add_row<Lanes>};
}

}  // namespace
}  // namespace margrave
