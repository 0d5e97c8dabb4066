#include "array/packed_batch.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "array/kernel.h"
#include "base/limits.h"
#include "base/parallel.h"

namespace margrave {
namespace {

constexpr std::size_t slice_size = 4096;
constexpr std::uint32_t no_group = std::numeric_limits<std::uint32_t>::max();

using Read = std::function<void(std::size_t, std::vector<Holding>&)>;

std::uint32_t dominant_group(std::span<const Holding> holdings, std::span<const std::uint32_t> group_of_row,
                             std::vector<std::uint32_t>& groups) {
  groups.clear();
  for (const Holding& holding : holdings) {
    if (holding.quantity != 0 && holding.row < group_of_row.size()) groups.push_back(group_of_row[holding.row]);
  }
  std::sort(groups.begin(), groups.end());
  std::uint32_t best = no_group;
  std::size_t most = 0;
  for (std::size_t i = 0; i < groups.size();) {
    std::size_t end = i;
    while (end < groups.size() && groups[end] == groups[i]) ++end;
    if (end - i > most) {
      most = end - i;
      best = groups[i];
    }
    i = end;
  }
  return best;
}

std::vector<std::uint32_t> order_by_group(std::size_t count, std::span<const std::uint32_t> group_of_row,
                                          const Read& read, unsigned threads) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  if (group_of_row.empty()) return order;
  std::vector<std::uint32_t> group(count);
  parallel_for((count + slice_size - 1) / slice_size, threads, [&](std::size_t slice) {
    std::vector<Holding> holdings;
    std::vector<std::uint32_t> work;
    for (std::size_t a = slice * slice_size; a < std::min(count, (slice + 1) * slice_size); ++a) {
      holdings.clear();
      read(a, holdings);
      group[a] = dominant_group(holdings, group_of_row, work);
    }
  });
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return group[a] < group[b]; });
  return order;
}

/// Rows may hold up to 2^31 - 1 each: a book that is safe for all of them needs no look at an array's maxima.
bool safe_for_any_rows(const PackedAccount& account) {
  u128 lots = 0;
  for (std::size_t r = 0, next = 0; r < account.runs.size(); ++r) {
    if (account.runs[r].shift > 31) return false;
    lots <<= account.runs[r].shift;
    for (std::uint32_t i = 0; i < account.runs[r].count; ++i, ++next) {
      const std::int64_t n = account.entries[next].lots;
      lots += static_cast<u128>(n < 0 ? -n : n);
    }
    if (lots > static_cast<u128>(1) << 31) return false;
  }
  return true;
}

bool may_split(const PackedAccount& account) {
  std::int64_t lots = 0;
  for (const PackedEntry& entry : account.entries) lots += entry.lots < 0 ? -std::int64_t{entry.lots} : entry.lots;
  return account.runs.size() <= 1 && lots <= split_lots_most;
}

Result<void> append(std::span<const std::int8_t> exponents, std::span<const Holding> holdings, std::uint32_t slot,
                    PackedAccount& work, PackedBatch& out) {
  TRY_VOID(pack(exponents, holdings, work));
  out.accounts.push_back({.first_entry = out.entries.size(),
                          .first_run = static_cast<std::uint32_t>(out.runs.size()),
                          .runs = static_cast<std::uint32_t>(work.runs.size()),
                          .entries = static_cast<std::uint32_t>(work.entries.size()),
                          .slot = slot,
                          .exponent = work.exponent,
                          .always_safe = safe_for_any_rows(work),
                          .splits = may_split(work)});
  out.entries.insert(out.entries.end(), work.entries.begin(), work.entries.end());
  out.runs.insert(out.runs.end(), work.runs.begin(), work.runs.end());
  return {};
}

PackedBatch join(std::vector<PackedBatch> slices) {
  PackedBatch all;
  std::size_t entries = 0, runs = 0, accounts = 0;
  for (const PackedBatch& slice : slices) {
    entries += slice.entries.size();
    runs += slice.runs.size();
    accounts += slice.accounts.size();
  }
  all.entries.reserve(entries);
  all.runs.reserve(runs);
  all.accounts.reserve(accounts);
  for (PackedBatch& slice : slices) {
    for (BatchAccount account : slice.accounts) {
      account.first_entry += all.entries.size();
      account.first_run += static_cast<std::uint32_t>(all.runs.size());
      all.accounts.push_back(account);
    }
    all.entries.insert(all.entries.end(), slice.entries.begin(), slice.entries.end());
    all.runs.insert(all.runs.end(), slice.runs.begin(), slice.runs.end());
    slice = PackedBatch{};
  }
  return all;
}

}  // namespace

Result<PackedBatch> pack_batch(std::span<const std::int8_t> exponents, std::span<const std::uint32_t> group_of_row,
                               std::size_t count, const Read& read, unsigned threads) {
  if (count > limits::accounts) return fail({.message = "a batch has too many accounts"});
  const std::vector<std::uint32_t> order = order_by_group(count, group_of_row, read, threads);
  std::vector<PackedBatch> slices((count + slice_size - 1) / slice_size);
  std::vector<Result<void>> results(slices.size());
  parallel_for(slices.size(), threads, [&](std::size_t slice) {
    std::vector<Holding> holdings;
    PackedAccount work;
    for (std::size_t i = slice * slice_size; i < std::min(count, (slice + 1) * slice_size); ++i) {
      holdings.clear();
      read(order[i], holdings);
      if (results[slice]) results[slice] = append(exponents, holdings, order[i], work, slices[slice]);
    }
  });
  for (Result<void>& result : results) TRY_VOID(std::move(result));
  return join(std::move(slices));
}

Result<PackedBatch> pack_batch(std::span<const std::int8_t> exponents, std::span<const std::uint32_t> group_of_row,
                               const Books& books, unsigned threads) {
  if (books.offsets.empty()) return fail({.message = "the offsets of a batch are one more than its accounts"});
  for (std::size_t a = 0; a + 1 < books.offsets.size(); ++a) {
    if (books.offsets[a] > books.offsets[a + 1]) return fail({.message = "the offsets of a batch fall"});
  }
  if (books.offsets.back() > books.positions.size())
    return fail({.message = "the offsets of a batch leave its positions"});
  for (const PackedEntry& position : books.positions) {
    if (position.lots == std::numeric_limits<std::int32_t>::min()) {
      return fail({.kind = ErrorKind::overflow, .message = "lots of -2^31 are beyond a packed position"});
    }
  }
  return pack_batch(
      exponents, group_of_row, books.offsets.size() - 1,
      [&](std::size_t a, std::vector<Holding>& out) {
        for (std::uint64_t i = books.offsets[a]; i < books.offsets[a + 1]; ++i) {
          out.push_back({books.positions[i].row, books.positions[i].lots});
        }
      },
      threads);
}

}  // namespace margrave
