#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "array/kernel.h"
#include "base/wide.h"

namespace margrave {

/// The k smallest of some values, by (value, place).
struct Tail {
  i128 sum{0};             ///< of the k smallest
  std::int64_t last{0};    ///< the k-th smallest
  std::int64_t least{0};   ///< the smallest
  std::uint32_t place{0};  ///< of the smallest; the lowest among equals
  bool warm{false};        ///< the caller's limit was good: it let through at least k and not many more
};

/// Finds tails exactly, and fast when it is told a limit that lets only few values through: compare all with the limit,
/// keep the candidates, drop the largest. A wrong limit costs time and never changes the result.
/// Holds its working memory: one per thread, no allocation per call.
class TailFinder {
 public:
  /// For vectors of up to `columns` values.
  TailFinder(const ColumnKernels& kernels, std::size_t columns);

  /// Tail of values[begin .. end), each of a magnitude below 2^62; 1 <= k <= end - begin. `values` is 64-byte aligned
  /// and readable up to the next multiple of 16 after `end`. Places count from values[0]. `limit` is the guess: any
  /// number is allowed.
  Tail find(const std::int64_t* values, std::size_t begin, std::size_t end, std::size_t k, std::int64_t limit);

  /// As above for values in two parts. `room` takes the joined values, as find() needs them, when the limit was wrong.
  Tail find(SplitValues values, std::size_t begin, std::size_t end, std::size_t k, std::int64_t limit,
            std::int64_t* room);

  /// The tail of candidates that were collected elsewhere; n >= k >= 1. Reorders them; has room for 8 more. The place
  /// is the smallest one's index here.
  static Tail of_candidates(const ColumnKernels& kernels, std::int64_t* values, std::size_t n, std::size_t k);

  /// After find(): at least the k smallest values and their places, in order of place.
  std::span<const std::int64_t> candidate_values() const { return {values_.data(), count_}; }
  std::span<const std::uint32_t> candidate_places() const { return {places_.data(), count_}; }

  /// More candidates than this are not worth dropping one by one: the limit counts as wrong.
  static std::size_t candidates_wanted(std::size_t k) { return 2 * k + 64; }

 private:
  std::size_t mark(const std::int64_t* values, std::size_t begin, std::size_t end, std::int64_t limit);
  void collect(const std::int64_t* values, std::size_t begin, std::size_t end);
  Tail of_collected(std::size_t k, bool warm);
  std::int64_t group_limit(const std::int64_t* values, std::size_t begin, std::size_t end, std::size_t k) const;
  std::int64_t sample_limit(std::span<const std::int64_t> values, std::size_t k) const;
  std::int64_t search_limit(std::span<const std::int64_t> values, std::size_t k) const;

  const ColumnKernels& kernels_;
  std::vector<std::uint64_t> masks_;
  std::vector<std::int64_t> values_;
  std::vector<std::uint32_t> places_;
  std::vector<std::int64_t> work_;
  std::size_t count_{0};
};

/// The limit of the high parts that lets through all values that are at most `limit`.
std::int32_t split_limit(std::int64_t limit);
std::int64_t joined(SplitValues values, std::size_t s);

/// Clears the bits of columns outside [begin, end), counted from the first bit.
void trim_masks(std::span<std::uint64_t> words, std::size_t begin, std::size_t end);

}  // namespace margrave
