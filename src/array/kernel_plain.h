#pragma once

// A Block of plain integers, for the instruction sets without vectors.

#include "array/kernel_source.h"

namespace margrave {
namespace {

struct PlainBlock {
  using Lots = std::int64_t;
  using Limit = std::int64_t;
  static constexpr std::size_t columns = 8;  // as many sums as leave registers for the rest
  static constexpr std::size_t most = 1;
  std::int64_t a, b, c, d, e, f, g, h;

  static MARGRAVE_INLINE PlainBlock zero() { return {0, 0, 0, 0, 0, 0, 0, 0}; }
  static MARGRAVE_INLINE Lots spread(std::int32_t lots) { return lots; }
  static MARGRAVE_INLINE Limit spread_limit(std::int64_t limit) { return limit; }
  MARGRAVE_INLINE void add_product(const std::int32_t* row, Lots lots) {
    a += row[0] * lots;
    b += row[1] * lots;
    c += row[2] * lots;
    d += row[3] * lots;
    e += row[4] * lots;
    f += row[5] * lots;
    g += row[6] * lots;
    h += row[7] * lots;
  }
  static MARGRAVE_INLINE std::int64_t shifted(std::int64_t x, std::uint32_t bits) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) << bits);
  }
  MARGRAVE_INLINE void shift_left(std::uint32_t bits) {
    *this = {shifted(a, bits), shifted(b, bits), shifted(c, bits), shifted(d, bits),
             shifted(e, bits), shifted(f, bits), shifted(g, bits), shifted(h, bits)};
  }
  MARGRAVE_INLINE void store(std::int64_t* out) const {
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = d;
    out[4] = e;
    out[5] = f;
    out[6] = g;
    out[7] = h;
  }
  static MARGRAVE_INLINE std::uint16_t mask_of(const std::int64_t* values, Limit limit) {
    unsigned mask = 0;
    for (std::size_t i = 0; i < 16; ++i) mask |= static_cast<unsigned>(values[i] <= limit) << i;
    return static_cast<std::uint16_t>(mask);
  }
};

/// Whole sums, split at the end: two 32-bit multiplications would cost more than one of 64 bits.
struct PlainSplit {
  static constexpr auto collect = collect_split<PlainSplit>;
  using Lots = std::int64_t;
  struct Missing {};
  static constexpr bool in_pairs = false;
  using Limit = std::int32_t;
  static constexpr std::size_t columns = 8;
  static constexpr std::size_t most = 1;
  PlainBlock sums;

  MARGRAVE_INLINE void clear() { sums = PlainBlock::zero(); }
  static MARGRAVE_INLINE Lots spread(std::int32_t lots) { return lots; }
  static MARGRAVE_INLINE Missing missing(std::int32_t) { return {}; }
  static MARGRAVE_INLINE Limit spread_limit(std::int32_t limit) { return limit; }
  MARGRAVE_INLINE void add_products(const std::int32_t* row, Lots lots) { sums.add_product(row, lots); }
  MARGRAVE_INLINE void settle() {}
  MARGRAVE_INLINE void store(std::int32_t* high, std::int32_t* low, Missing) const {
    std::int64_t values[columns];
    sums.store(values);
    for (std::size_t i = 0; i < columns; ++i) {
      high[i] = static_cast<std::int32_t>(values[i] >> 16);
      low[i] = static_cast<std::int32_t>(values[i] & 0xFFFF);
    }
  }
  static MARGRAVE_INLINE std::uint16_t mask_of(const std::int32_t* values, Limit limit) {
    unsigned mask = 0;
    for (std::size_t i = 0; i < 16; ++i) mask |= static_cast<unsigned>(values[i] <= limit) << i;
    return static_cast<std::uint16_t>(mask);
  }
};

struct PlainLanes {
  static constexpr std::size_t count = 1;
  struct Total {
    std::uint64_t high, low, kept;
    std::int64_t last, least;
  };
  static MARGRAVE_INLINE Total none() { return {0, 0, 0, INT64_MIN, INT64_MAX}; }
  static MARGRAVE_INLINE std::int64_t load(const std::int64_t* at) { return *at; }
  static MARGRAVE_INLINE std::int64_t most(std::size_t) { return INT64_MAX; }
  static MARGRAVE_INLINE std::int64_t smaller(std::int64_t x, std::int64_t y) { return x < y ? x : y; }
  static MARGRAVE_INLINE void keep(std::int64_t* at, std::int64_t value) { *at = value; }
  static MARGRAVE_INLINE std::uint64_t zero() { return 0; }
  static MARGRAVE_INLINE std::uint64_t count_greater(std::uint64_t rank, std::int64_t mine, std::int64_t other) {
    return rank + (mine > other ? 1 : 0);
  }
  static MARGRAVE_INLINE void take_below(Total& total, std::int64_t mine, std::uint64_t rank, std::size_t k) {
    if (mine < total.least) total.least = mine;
    if (rank >= k) return;
    const std::uint64_t biased = static_cast<std::uint64_t>(mine) ^ (std::uint64_t{1} << 63);
    total.high += biased >> 32;
    total.low += biased & 0xFFFFFFFF;
    ++total.kept;
    if (mine > total.last) total.last = mine;
  }
  static MARGRAVE_INLINE std::uint32_t spread_shift(std::uint32_t bits) { return bits; }
  static MARGRAVE_INLINE std::int64_t spread_lots(std::int32_t lots) { return lots; }
  static MARGRAVE_INLINE void add_product(const std::int64_t* values, std::uint32_t shift, const std::int32_t* row,
                                          std::int64_t lots, std::int64_t* out) {
    *out = PlainBlock::shifted(*values, shift) + *row * lots;
  }
  static MARGRAVE_INLINE std::uint64_t finish(const Total& total, SmallTail& out) {
    out = {total.high, total.low, total.last, total.least, 0};
    return total.kept;
  }
};

}  // namespace
}  // namespace margrave
