#include "array/batch.h"

#include <algorithm>
#include <atomic>
#include <bit>

#include "array/column_sums.h"
#include "array/tail_finder.h"
#include "base/parallel.h"

namespace margrave {
namespace {

constexpr std::size_t slice_size = 1024;       // accounts a thread takes at a time
constexpr std::size_t tile_columns = 256;      // of a tiled array
constexpr std::size_t untiled_columns = 2048;  // up to here an account is summed in one piece
constexpr std::size_t block = RiskArray::column_block;

std::size_t round_down(std::size_t column) { return column / block * block; }
std::size_t round_up(std::size_t column) { return round_down(column + block - 1); }

std::span<const PackedEntry> entries_of(const PackedBatch& batch, const BatchAccount& account) {
  return {batch.entries.data() + account.first_entry, account.entries};
}
std::span<const PackedRun> runs_of(const PackedBatch& batch, const BatchAccount& account) {
  return {batch.runs.data() + account.first_run, account.runs};
}

/// Made from the batch as it lies in memory. A copy of a structure that was written piece by piece a moment ago would
/// wait for all stores before it, and those of the last account's result go to main memory.
ColumnJob columns_of(const BatchJob& job, const BatchAccount& account, std::size_t first, std::size_t columns) {
  return {.rows = job.array.narrow_entries() + first,
          .stride = job.array.stride(),
          .entries = job.batch.entries.data() + account.first_entry,
          .runs = job.batch.runs.data() + account.first_run,
          .run_count = account.runs,
          .columns = columns};
}

SumPath path_of(const BatchJob& job, const BatchAccount& account) {
  if (account.always_safe && job.array.width() == RowWidth::narrow) {
    return account.runs <= 1 ? SumPath::one_run : SumPath::many_runs;
  }
  return choose_path(job.array, entries_of(job.batch, account), runs_of(job.batch, account));
}

bool in_64_bits(SumPath path) { return path == SumPath::one_run || path == SumPath::many_runs; }

/// Values at most this far down are candidates. A limit may be anything, so leaving 64 bits is no harm: it wraps.
std::int64_t limit_of(std::int64_t now, std::int64_t threshold) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(threshold));
}

/// A little less than the k-th loss, since the next array differs from this one a little. A guess too: it may wrap.
std::int64_t next_threshold(std::int64_t kth, std::int64_t worst) {
  const std::int64_t slack = (worst - kth) / 16 + (kth < 0 ? -(kth / 64) : kth / 64) + 1;
  return limit_of(kth, slack);
}

int bits_of(u128 x) {
  const auto high = static_cast<std::uint64_t>(x >> 64);
  return high != 0 ? 64 + static_cast<int>(std::bit_width(high))
                   : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(x)));
}

/// out = (high * 2^shift + low) / 2^by, rounded down; 1 <= by, and the result is known to stay below 2^62.
void divide_pairs(const std::int64_t* high, const std::int64_t* low, std::size_t count, int shift, int by,
                  std::int64_t* out) {
  if (shift < by) {
    // Bits beyond 63 of a 64-bit number all equal its sign.
    const int first = std::min(shift, 63), then = std::min(by - shift, 63);
    for (std::size_t s = 0; s < count; ++s) out[s] = (high[s] + (low[s] >> first)) >> then;
    return;
  }
  // Where the shift is more than 62 bits, the result's bound says that high is 0.
  const std::int64_t factor = shift - by > 62 ? 0 : std::int64_t{1} << (shift - by);
  const int down = std::min(by, 63);
  for (std::size_t s = 0; s < count; ++s) out[s] = high[s] * factor + (low[s] >> down);
}

/// Asks for what the next account needs while this one is summed: its slot lies anywhere, its entries in main memory.
void ask_for(const PackedBatch& batch, const BatchAccount& account, std::span<std::int64_t> thresholds,
             std::span<AccountRisk> risks) {
  constexpr std::size_t line = 64 / sizeof(PackedEntry);
  __builtin_prefetch(&thresholds[account.slot], 1);
  __builtin_prefetch(&risks[account.slot], 1);
  __builtin_prefetch(&risks[account.slot].exponent, 1);
  const PackedEntry* entries = batch.entries.data() + account.first_entry;
  for (std::size_t i = 0; i < account.entries; i += line) __builtin_prefetch(entries + i);
}

/// An account that is collected tile by tile.
struct Collected {
  std::int64_t now;
  std::int64_t limit;
  std::int64_t least;
  std::uint32_t place;
  std::uint32_t count;  ///< candidates; more than there is room for means that the limit was wrong
  SumPath path;
};

}  // namespace

struct BatchWorkspace::Worker {
  Worker(const RiskArray& array, Isa isa)
      : columns(array.stride()),
        kernels(column_kernels(isa)),
        finder(kernels, array.stride()),
        wide(array.stride()),
        masks(tile_columns / 64),
        places(tile_columns + 16) {}

  std::size_t columns;
  const ColumnKernels& kernels;
  TailFinder finder;
  AlignedMemory narrow;  // three times columns int64
  std::vector<i128> wide;
  std::vector<std::uint64_t> masks;
  std::vector<std::uint32_t> places;
  std::vector<Collected> collected;
  std::vector<std::int64_t> candidates;
  BatchCount count;

  std::int64_t* sums() { return reinterpret_cast<std::int64_t*>(narrow.data()); }
  /// Where the first column of sums lies: an account has one or the other.
  SplitValues split() {
    auto* high = reinterpret_cast<std::int32_t*>(narrow.data());
    return {high, high + columns};
  }

  void assess(const BatchJob& job, const BatchAccount& account, std::int64_t& threshold, AccountRisk& risk);
  void assess_narrow(const BatchJob& job, const BatchAccount& account, std::int64_t& threshold, AccountRisk& risk);
  void sum(const BatchJob& job, const BatchAccount& account, std::size_t first, std::size_t last, std::size_t place);
  void assess_two_segments(const BatchJob& job, const Segment& above, const Segment& below, u128 bound,
                           std::int64_t& threshold, AccountRisk& risk);
  void assess_wide(const BatchJob& job, const BatchAccount& account, std::int64_t& threshold, AccountRisk& risk);
  void measure_tail(AccountRisk& risk, i128* values, std::size_t n, std::size_t k);
  void too_large(AccountRisk& risk);
  void assess_tiled(const BatchJob& job, std::span<const BatchAccount> accounts, std::span<std::int64_t> thresholds,
                    std::span<AccountRisk> risks);
  void collect_tile(const BatchJob& job, const BatchAccount& account, std::size_t first, std::int64_t threshold,
                    Collected& state, std::int64_t* room);
};

BatchWorkspace::BatchWorkspace() = default;
BatchWorkspace::BatchWorkspace(BatchWorkspace&&) noexcept = default;
BatchWorkspace& BatchWorkspace::operator=(BatchWorkspace&&) noexcept = default;
BatchWorkspace::~BatchWorkspace() = default;

Result<BatchWorkspace> BatchWorkspace::create(const RiskArray& array, Isa isa, unsigned threads) {
  BatchWorkspace workspace;
  for (unsigned t = 0; t < std::max(1u, threads); ++t) {
    auto worker = std::make_unique<Worker>(array, isa);
    worker->narrow = TRY(AlignedMemory::allocate(3 * array.stride() * sizeof(std::int64_t)));
    if (array.stride() > untiled_columns) {
      worker->collected.resize(slice_size);
    }
    workspace.workers_.push_back(std::move(worker));
  }
  return workspace;
}

void BatchWorkspace::Worker::assess(const BatchJob& job, const BatchAccount& account, std::int64_t& threshold,
                                    AccountRisk& risk) {
  risk = {.exponent = account.exponent, .path = path_of(job, account)};
  ++count.path[static_cast<std::size_t>(risk.path)];
  if (in_64_bits(risk.path)) {
    assess_narrow(job, account, threshold, risk);
  } else if (risk.path != SumPath::too_large) {
    assess_wide(job, account, threshold, risk);
  }
}

/// The sums of some columns, split or not, from `place` on.
void BatchWorkspace::Worker::sum(const BatchJob& job, const BatchAccount& account, std::size_t first, std::size_t last,
                                 std::size_t place) {
  const ColumnJob part = columns_of(job, account, first, last - first);
  if (account.splits) {
    kernels.split_sums(part, {split().high + place, split().low + place});
  } else {
    kernels.sums(part, sums() + place);
  }
}

void BatchWorkspace::Worker::assess_narrow(const BatchJob& job, const BatchAccount& account, std::int64_t& threshold,
                                           AccountRisk& risk) {
  const std::size_t first = round_down(job.range.begin);
  if (first != 0) sum(job, account, 0, block, 0);  // the set lies elsewhere: column 0 alone, then the set
  sum(job, account, first, round_up(job.range.end), first);
  const std::int64_t now = account.splits ? joined(split(), 0) : sums()[0];
  const std::int64_t limit = limit_of(now, threshold);
  const Tail tail = account.splits
                        ? finder.find(split(), job.range.begin, job.range.end, job.k, limit, sums() + columns)
                        : finder.find(sums(), job.range.begin, job.range.end, job.k, limit);
  ++(tail.warm ? count.warm : count.cold);
  risk.now = now;
  risk.worst = static_cast<i128>(now) - tail.least;
  risk.worst_column = tail.place;
  risk.value_at_risk = static_cast<i128>(now) - tail.last;
  risk.tail_sum = static_cast<i128>(job.k) * now - tail.sum;
  threshold = next_threshold(now - tail.last, now - tail.least);
}

void BatchWorkspace::Worker::too_large(AccountRisk& risk) {
  --count.path[static_cast<std::size_t>(risk.path)];
  ++count.path[static_cast<std::size_t>(SumPath::too_large)];
  risk.path = SumPath::too_large;
}

/// An account whose 128-bit values are high * 2^shift + low with two 64-bit sums. The tail is looked for among the
/// values divided by a power of two that brings them to 62 bits, rounded down: no value of the tail has a larger
/// quotient than the k-th smallest quotient, so the candidates hold the tail, and only they are joined in 128 bits.
void BatchWorkspace::Worker::assess_two_segments(const BatchJob& job, const Segment& above, const Segment& below,
                                                 u128 bound, std::int64_t& threshold, AccountRisk& risk) {
  const std::size_t width = round_up(job.range.end);
  std::int64_t *high = sums(), *low = high + columns, *quotients = low + columns;
  sum_in_64_bits({job.array, above.entries, above.runs, 0, width}, kernels, high);
  sum_in_64_bits({job.array, below.entries, below.runs, 0, width}, kernels, low);
  const auto value = [&](std::size_t s) { return shifted(high[s], below.shift) + low[s]; };
  divide_pairs(high, low, width, static_cast<int>(below.shift), bits_of(bound) - 61, quotients);
  const Tail guess = finder.find(quotients, job.range.begin, job.range.end, job.k, limit_of(quotients[0], threshold));
  ++(guess.warm ? count.warm : count.cold);
  threshold = next_threshold(quotients[0] - guess.last, quotients[0] - guess.least);

  std::size_t n = 0;
  for (const std::uint32_t place : finder.candidate_places()) wide[n++] = value(place);
  const i128* least = std::min_element(wide.data(), wide.data() + n);  // the first of equals
  risk.now = value(0);
  risk.worst = risk.now - *least;
  risk.worst_column = finder.candidate_places()[static_cast<std::size_t>(least - wide.data())];
  measure_tail(risk, wide.data(), n, job.k);
}

void BatchWorkspace::Worker::assess_wide(const BatchJob& job, const BatchAccount& account, std::int64_t& threshold,
                                         AccountRisk& risk) {
  std::span<const PackedEntry> entries = entries_of(job.batch, account);
  std::span<const PackedRun> runs = runs_of(job.batch, account);
  if (risk.path == SumPath::wide_sums) {
    const Segment above = take_segment(entries, runs, job.array.maxima());
    if (!runs.empty()) {
      const Segment below = take_segment(entries, runs, job.array.maxima());
      if (runs.empty()) {
        const u128 bound =
            magnitude_bound(entries_of(job.batch, account), runs_of(job.batch, account), job.array.maxima());
        return assess_two_segments(job, above, below, bound, threshold, risk);
      }
    }
  }
  ++count.cold;
  const AccountColumns part{job.array, entries_of(job.batch, account), runs_of(job.batch, account), 0,
                            round_up(job.range.end)};
  if (risk.path == SumPath::wide_rows) {
    sum_wide_rows(part, wide.data());
  } else {
    sum_in_128_bits(part, kernels, wide.data());
  }
  i128* begin = wide.data() + job.range.begin;
  i128* end = wide.data() + job.range.end;
  const i128* least = std::min_element(begin, end);  // the first of equals
  risk.now = wide[0];
  risk.worst = risk.now - *least;
  risk.worst_column = static_cast<std::uint32_t>(least - wide.data());
  measure_tail(risk, begin, static_cast<std::size_t>(end - begin), job.k);
}

/// Value at risk and tail sum from values that hold the tail; reorders them.
void BatchWorkspace::Worker::measure_tail(AccountRisk& risk, i128* values, std::size_t n, std::size_t k) {
  std::nth_element(values, values + (k - 1), values + n);
  risk.value_at_risk = risk.now - values[k - 1];
  for (std::size_t i = 0; i < k; ++i) {
    if (!add(risk.tail_sum, risk.now - values[i], risk.tail_sum)) return too_large(risk);
  }
}

/// One tile of one account: its candidates go behind those of the tiles before.
void BatchWorkspace::Worker::collect_tile(const BatchJob& job, const BatchAccount& account, std::size_t first,
                                          std::int64_t threshold, Collected& state, std::int64_t* room) {
  const std::size_t last = std::min(first + tile_columns, round_up(job.range.end));
  sum(job, account, first, last, 0);
  if (first == 0) {
    state.now = account.splits ? joined(split(), 0) : sums()[0];
    state.limit = limit_of(state.now, threshold);
  }
  const std::size_t begin = std::max<std::size_t>(job.range.begin, first),
                    end = std::min<std::size_t>(job.range.end, last);
  if (begin >= end) return;
  const std::size_t wanted = TailFinder::candidates_wanted(job.k);
  if (state.count > wanted) return;
  const auto place = static_cast<std::uint32_t>(first);
  std::int64_t* out = room + state.count;
  std::size_t n = 0;
  if (account.splits) {
    n = kernels.split_collect(split(), begin - first, end - first, split_limit(state.limit), out, places.data(), place);
  } else {
    kernels.mask(sums(), last - first, state.limit, masks.data());
    const std::span<std::uint64_t> words(masks.data(), (last - first + 63) / 64);
    trim_masks(words, begin - first, end - first);
    n = kernels.collect(sums(), words.data(), words.size(), out, places.data(), place);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (out[i] < state.least || state.place == 0) {
      state.least = out[i];
      state.place = places[i];
    }
  }
  state.count += static_cast<std::uint32_t>(n);
}

/// Many columns: tile by tile over a slice of accounts, so that the tile's part of the rows stays in the cache.
void BatchWorkspace::Worker::assess_tiled(const BatchJob& job, std::span<const BatchAccount> accounts,
                                          std::span<std::int64_t> thresholds, std::span<AccountRisk> risks) {
  const std::size_t wanted = TailFinder::candidates_wanted(job.k);
  const std::size_t room = wanted + tile_columns + 16;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    collected[i] = {.now = 0, .limit = 0, .least = 0, .place = 0, .count = 0, .path = path_of(job, accounts[i])};
  }
  const std::size_t range_tile = job.range.begin / tile_columns * tile_columns;
  for (std::size_t first = 0; first < job.range.end;
       first = first == 0 && range_tile > 0 ? range_tile : first + tile_columns) {
    for (std::size_t i = 0; i < accounts.size(); ++i) {
      if (!in_64_bits(collected[i].path)) continue;
      collect_tile(job, accounts[i], first, thresholds[accounts[i].slot], collected[i], candidates.data() + i * room);
    }
  }
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const Collected& state = collected[i];
    std::int64_t& threshold = thresholds[accounts[i].slot];
    AccountRisk& risk = risks[accounts[i].slot];
    if (!in_64_bits(state.path) || state.count < job.k || state.count > wanted) {
      assess(job, accounts[i], threshold, risk);
      continue;
    }
    ++count.warm;
    ++count.path[static_cast<std::size_t>(state.path)];
    const Tail tail = TailFinder::of_candidates(kernels, candidates.data() + i * room, state.count, job.k);
    risk = {.now = state.now,
            .worst = static_cast<i128>(state.now) - state.least,
            .value_at_risk = static_cast<i128>(state.now) - tail.last,
            .tail_sum = static_cast<i128>(job.k) * state.now - tail.sum,
            .exponent = accounts[i].exponent,
            .worst_column = state.place,
            .path = state.path};
    threshold = next_threshold(state.now - tail.last, state.now - state.least);
  }
}

Result<BatchCount> assess_batch(const BatchJob& job, BatchWorkspace& workspace, std::span<std::int64_t> thresholds,
                                std::span<AccountRisk> risks) {
  const std::size_t count = job.batch.accounts.size();
  const ScenarioRange& range = job.range;
  if (range.begin < 1 || range.begin >= range.end || range.end > job.array.columns() || job.k < 1 ||
      job.k > range.size()) {
    return fail({.message = "the scenarios or the tail of a batch do not fit its array", .field = range.name});
  }
  CHECK(thresholds.size() == count && risks.size() == count && !workspace.workers_.empty());
  const std::size_t threads = std::min<std::size_t>(std::max(1u, job.threads), workspace.workers_.size());
  const bool tiled = job.array.stride() > untiled_columns && job.array.width() == RowWidth::narrow;
  for (std::size_t t = 0; t < threads; ++t) {
    BatchWorkspace::Worker& worker = *workspace.workers_[t];
    CHECK(worker.columns == job.array.stride());
    worker.count = {};
    if (tiled) worker.candidates.resize(slice_size * (TailFinder::candidates_wanted(job.k) + tile_columns + 16));
  }
  std::atomic<std::size_t> next{0};
  parallel_for(threads, static_cast<unsigned>(threads), [&](std::size_t t) {
    BatchWorkspace::Worker& worker = *workspace.workers_[t];
    for (std::size_t from = slice_size * next.fetch_add(1); from < count; from = slice_size * next.fetch_add(1)) {
      const std::span<const BatchAccount> slice(job.batch.accounts.data() + from, std::min(slice_size, count - from));
      if (tiled) {
        worker.assess_tiled(job, slice, thresholds, risks);
      } else {
        for (std::size_t i = 0; i < slice.size(); ++i) {
          if (i + 2 < slice.size()) ask_for(job.batch, slice[i + 2], thresholds, risks);
          worker.assess(job, slice[i], thresholds[slice[i].slot], risks[slice[i].slot]);
        }
      }
    }
  });
  BatchCount total;
  for (std::size_t t = 0; t < threads; ++t) {
    const BatchCount& part = workspace.workers_[t]->count;
    for (std::size_t p = 0; p < total.path.size(); ++p) total.path[p] += part.path[p];
    total.warm += part.warm;
    total.cold += part.cold;
  }
  return total;
}

Result<ConstantAmount> now_with(const AccountRisk& risk, const ConstantAmount& constant) {
  ConstantAmount sum{.exponent = std::min(risk.exponent, constant.exponent)};
  i128 now = 0, extra = 0;
  if (!shift_by(risk.now, risk.exponent - sum.exponent, Round::down, now) ||
      !shift_by(constant.amount, constant.exponent - sum.exponent, Round::down, extra) ||
      !add(now, extra, sum.amount)) {
    return fail({.kind = ErrorKind::overflow, .message = "a value and its constant leave 128 bits together"});
  }
  return sum;
}

}  // namespace margrave
