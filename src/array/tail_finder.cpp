#include "array/tail_finder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "base/check.h"

namespace margrave {
namespace {

/// Up to here the k-th smallest of 32 groups' least values is a good limit; of k = 24, about 44 values are below it.
constexpr std::size_t group_tail_most = 24;

std::int64_t middle(std::int64_t low, std::int64_t high) {
  const std::uint64_t distance = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + distance / 2);
}

}  // namespace

TailFinder::TailFinder(const ColumnKernels& kernels, std::size_t columns)
    : kernels_(kernels), masks_(columns / 64 + 1), values_(columns + 16), places_(columns + 16), work_(columns + 8) {}

Tail TailFinder::find(const std::int64_t* values, std::size_t begin, std::size_t end, std::size_t k,
                      std::int64_t limit) {
  CHECK(begin < end && end + 8 <= work_.size() && k >= 1 && k <= end - begin);
  const std::span<const std::int64_t> all(values + begin, end - begin);
  const auto try_limit = [&](std::int64_t guess) {
    count_ = mark(values, begin, end, guess);
    return count_ >= k && count_ <= candidates_wanted(k);
  };
  const bool warm = try_limit(limit);
  const auto second = [&] { return k <= group_tail_most ? group_limit(values, begin, end, k) : sample_limit(all, k); };
  if (!warm && !try_limit(second())) try_limit(search_limit(all, k));
  CHECK(count_ >= k);
  collect(values, begin, end);
  return of_collected(k, warm);
}

Tail TailFinder::find(SplitValues values, std::size_t begin, std::size_t end, std::size_t k, std::int64_t limit,
                      std::int64_t* room) {
  CHECK(begin < end && end + 8 <= work_.size() && k >= 1 && k <= end - begin);
  count_ = kernels_.split_collect(values, begin, end, split_limit(limit), values_.data(), places_.data(), 0);
  if (count_ >= k && count_ <= candidates_wanted(k)) return of_collected(k, true);
  for (std::size_t s = begin / 64 * 64; s < (end + 15) / 16 * 16; ++s) room[s] = joined(values, s);
  return find(room, begin, end, k, limit);
}

Tail TailFinder::of_collected(std::size_t k, bool warm) {
  // Ranking a few leaves them where they are; a partition of many would take them away from their places.
  std::int64_t* candidates = values_.data();
  if (count_ > small_tail_most) {
    std::copy_n(values_.begin(), count_, work_.begin());
    candidates = work_.data();
  }
  Tail tail = of_candidates(kernels_, candidates, count_, k);
  tail.place = places_[tail.place];
  tail.warm = warm;
  return tail;
}

Tail TailFinder::of_candidates(const ColumnKernels& kernels, std::int64_t* values, std::size_t n, std::size_t k) {
  Tail tail;
  if (n <= small_tail_most) {
    SmallTail small;
    kernels.small_tail(values, n, k, &small);
    tail.sum = (static_cast<i128>(small.high) << 32) + small.low - (static_cast<i128>(k) << 63);
    tail.last = small.last;
    tail.least = small.least;
    tail.place = small.place;
    return tail;
  }
  const std::int64_t* least = std::min_element(values, values + n);  // the first of equals
  tail.least = *least;
  tail.place = static_cast<std::uint32_t>(least - values);
  std::nth_element(values, values + (k - 1), values + n);
  tail.last = values[k - 1];
  for (std::size_t i = 0; i < k; ++i) tail.sum += values[i];
  return tail;
}

namespace {

/// The columns that the masks of [begin, end) cover: whole words from the first, whole blocks up to the last.
struct Marked {
  std::size_t first, last;
  Marked(std::size_t begin, std::size_t end) : first(begin / 64 * 64), last((end + 15) / 16 * 16) {}
  std::size_t words() const { return (last - first + 63) / 64; }
};

}  // namespace

/// Marks the values of [begin, end) that are at most `limit`; returns how many.
std::size_t TailFinder::mark(const std::int64_t* values, std::size_t begin, std::size_t end, std::int64_t limit) {
  const Marked marked(begin, end);
  const std::span<std::uint64_t> words(masks_.data(), marked.words());
  kernels_.mask(values + marked.first, marked.last - marked.first, limit, words.data());
  trim_masks(words, begin - marked.first, end - marked.first);
  std::size_t count = 0;
  for (const std::uint64_t word : words) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

/// Keeps what is marked.
void TailFinder::collect(const std::int64_t* values, std::size_t begin, std::size_t end) {
  const Marked marked(begin, end);
  kernels_.collect(values + marked.first, masks_.data(), marked.words(), values_.data(), places_.data(),
                   static_cast<std::uint32_t>(marked.first));
}

/// A limit that lets through at least k values and hardly ever many more: the k-th smallest of the least values of 32
/// groups of columns. Each of k groups has a value that is not above it.
std::int64_t TailFinder::group_limit(const std::int64_t* values, std::size_t begin, std::size_t end,
                                     std::size_t k) const {
  alignas(64) std::int64_t least[least_groups];
  const std::size_t first = std::min((begin + 15) / 16 * 16, end), last = std::max(end / 16 * 16, first);
  kernels_.least_of_groups(values + first, last - first, least);
  const auto join = [&](std::size_t from, std::size_t to) {
    for (std::size_t s = from; s < to; ++s) {
      std::int64_t& of_group = least[s % least_groups];
      of_group = std::min(of_group, values[s]);
    }
  };
  join(begin, first);
  join(last, end);
  std::replace(std::begin(least), std::end(least), std::numeric_limits<std::int64_t>::max(),
               std::numeric_limits<std::int64_t>::max() - 1);
  SmallTail tail;
  kernels_.small_tail(least, least_groups, k, &tail);
  return tail.last;
}

/// A limit that most likely lets through at least k values and not many more: an order statistic of a sample.
std::int64_t TailFinder::sample_limit(std::span<const std::int64_t> values, std::size_t k) const {
  constexpr std::size_t most = 48;
  alignas(64) std::int64_t sample[small_tail_most];
  const std::size_t size = std::min(most, values.size()), aim = (k + candidates_wanted(k)) / 2;
  for (std::size_t i = 0; i < size; ++i) sample[i] = values[i * values.size() / size];
  SmallTail tail;
  kernels_.small_tail(sample, size, std::clamp<std::size_t>(aim * size / values.size(), 1, size), &tail);
  return tail.last;
}

/// A limit that lets through at least k values and, unless many are equal, not many more: first between order
/// statistics of a sample, then by bisection of the numbers.
std::int64_t TailFinder::search_limit(std::span<const std::int64_t> values, std::size_t k) const {
  constexpr std::size_t most = 32;
  std::array<std::int64_t, most> sample{};
  const std::size_t size = std::min(most, values.size());
  for (std::size_t i = 0; i < size; ++i) sample[i] = values[i * values.size() / size];
  std::sort(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(size));
  const auto count = [&](std::int64_t limit) { return kernels_.count_at_most(values.data(), values.size(), limit); };

  // Invariant: fewer than k values are <= low, at least k are <= high.
  std::int64_t low = std::numeric_limits<std::int64_t>::min(), high = std::numeric_limits<std::int64_t>::max();
  bool low_known = false;
  const auto good = [&](std::size_t n) { return n >= k && n <= k + k / 2 + 8; };
  std::size_t from = 0, to = size, rank = std::min(size - 1, k * size / values.size());
  while (from < to) {
    const std::size_t n = count(sample[rank]);
    if (good(n)) return sample[rank];
    if (n < k) {
      low = sample[rank];
      low_known = true;
      from = rank + 1;
    } else {
      high = sample[rank];
      to = rank;
    }
    rank = from + (to - from) / 2;
  }
  if (!low_known) low = *std::min_element(values.begin(), values.end()) - 1;
  if (high == std::numeric_limits<std::int64_t>::max()) high = *std::max_element(values.begin(), values.end());
  while (static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) > 1) {
    const std::int64_t guess = middle(low, high);
    const std::size_t n = count(guess);
    if (good(n)) return guess;
    (n < k ? low : high) = guess;
  }
  return high;
}

std::int32_t split_limit(std::int64_t limit) {
  constexpr std::int64_t least = std::numeric_limits<std::int32_t>::min(),
                         most = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp(limit >> 16, least, most));
}

std::int64_t joined(SplitValues values, std::size_t s) {
  return values.high[s] * (std::int64_t{1} << 16) + (values.low[s] & 0xFFFF);
}

void trim_masks(std::span<std::uint64_t> words, std::size_t begin, std::size_t end) {
  std::fill_n(words.begin(), begin / 64, std::uint64_t{0});
  if (begin % 64 != 0) words[begin / 64] &= ~std::uint64_t{0} << begin % 64;
  if (end % 64 != 0) words[end / 64] &= ~(~std::uint64_t{0} << end % 64);
}

}  // namespace margrave
