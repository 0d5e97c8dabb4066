#pragma once

#include "array/batch.h"
#include "base/random.h"

namespace margrave::bench {

/// A synthetic market and its accounts, as the figures of the risk array are taken on: `underlyings` of 400 instruments
/// each.
struct ArrayBook {
  RiskArray array;
  std::vector<std::uint64_t> offsets;  ///< accounts + 1
  std::vector<PackedEntry> positions;
  PackedBatch batch;  ///< accounts in the order of their underlying
};

struct ArrayBookShape {
  std::size_t scenarios{512};
  std::size_t accounts{20000};
  std::size_t positions{30};  ///< mean; P/2 .. 3P/2
  bool sorted{true};          ///< each account within one underlying, neighbours in the same; else all over the market
  std::uint64_t seed{1};
};
inline constexpr std::size_t array_instruments = 4000;
inline constexpr std::size_t array_underlyings = 10;

ArrayBook make_array_book(const ArrayBookShape& shape);

/// A book of coins from 0.0002 to 100,000 USD: perpetuals and balances in smallest units (6 to 18 decimals), every row
/// with the exponent its price asks for.
ArrayBook make_mixed_coin_book(std::size_t accounts, std::uint64_t seed);

/// The same accounts packed in another random order within each underlying, so that no branch predictor learns the
/// order.
void shuffle_within_groups(ArrayBook& book, Random& random);

}  // namespace margrave::bench
