#include "array/packed_account.h"

#include <algorithm>

#include "base/limits.h"

namespace margrave {
namespace {

constexpr std::int64_t lots_limit = (std::int64_t{1} << 31) - 1;
constexpr std::int64_t run_limit = std::int64_t{1} << 31;

/// A limb of a holding at its effective exponent.
struct Term {
  int exponent;
  std::uint32_t row;
  std::int32_t lots;
  auto operator<=>(const Term&) const = default;
};

std::int64_t magnitude(std::int64_t x) { return x < 0 ? -x : x; }

/// Takes from `terms` (lowest exponent first) all that fits one run at the exponent of its first term: lots are shifted
/// left, exactly, while they stay 32-bit and the run stays within its limit. The others stay, in order.
void take_run(std::vector<Term>& terms, std::vector<PackedEntry>& entries, std::vector<PackedRun>& runs) {
  const int base = terms.front().exponent;
  std::int64_t used = 0;
  std::uint32_t count = 0;
  std::size_t kept = 0;
  for (const Term& term : terms) {
    const int shift = term.exponent - base;
    const std::int64_t lots =
        shift > 31 ? run_limit : static_cast<std::int64_t>(term.lots) * (std::int64_t{1} << shift);
    if (magnitude(lots) > lots_limit || used + magnitude(lots) > run_limit) {
      terms[kept++] = term;
      continue;
    }
    used += magnitude(lots);
    ++count;
    entries.push_back({term.row, static_cast<std::int32_t>(lots)});
  }
  terms.resize(kept);
  // Until all runs are known, a run keeps how far the next higher one lies above it.
  const std::uint32_t above = terms.empty() ? 0 : static_cast<std::uint32_t>(terms.front().exponent - base);
  runs.push_back({.count = count, .shift = above});
}

}  // namespace

Limbs split_quantity(i128 quantity) {
  Limbs limbs;
  if (quantity >= -lots_limit && quantity <= lots_limit) {
    if (quantity != 0) limbs.limb[limbs.count++] = {static_cast<std::int32_t>(quantity), 0};
    return limbs;
  }
  constexpr i128 half = static_cast<i128>(1) << 30;
  for (int shift = 0; quantity != 0; shift += 31) {
    const auto low = static_cast<i128>(static_cast<u128>(quantity) & ((static_cast<u128>(1) << 31) - 1));
    const i128 digit = low >= half ? low - 2 * half : low;
    // (quantity - digit) / 2^31 without leaving 128 bits: the arithmetic shift floors, a negative digit carries one up.
    quantity = (quantity >> 31) + (digit < 0 ? 1 : 0);
    if (digit != 0) limbs.limb[limbs.count++] = {static_cast<std::int32_t>(digit), shift};
  }
  return limbs;
}

Result<void> pack(std::span<const std::int8_t> exponents, std::span<const Holding> holdings,
                  std::span<const std::uint32_t> members, PackedAccount& out) {
  if (members.size() > limits::positions_per_account) return fail({.message = "an account has too many positions"});
  std::vector<Term> terms;
  terms.reserve(members.size() + members.size() / 2);
  for (const std::uint32_t member : members) {
    CHECK(member < holdings.size());
    const Holding& holding = holdings[member];
    if (holding.row >= exponents.size()) return fail({.message = "a holding names a row that the array does not have"});
    const Limbs limbs = split_quantity(holding.quantity);
    for (std::size_t k = 0; k < limbs.count; ++k) {
      terms.push_back({exponents[holding.row] + limbs.limb[k].shift, holding.row, limbs.limb[k].digit});
    }
  }
  std::sort(terms.begin(), terms.end());
  out.entries.clear();
  out.runs.clear();
  out.exponent = terms.empty() ? 0 : terms.front().exponent;
  while (!terms.empty()) take_run(terms, out.entries, out.runs);
  // Highest exponent first: reversing the whole keeps each run together and turns "above" into "before".
  std::reverse(out.entries.begin(), out.entries.end());
  std::reverse(out.runs.begin(), out.runs.end());
  return {};
}

Result<void> pack(std::span<const std::int8_t> exponents, std::span<const Holding> holdings, PackedAccount& out) {
  std::vector<std::uint32_t> all(holdings.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint32_t>(i);
  return pack(exponents, holdings, all, out);
}

u128 magnitude_bound(std::span<const PackedEntry> entries, std::span<const PackedRun> runs,
                     std::span<const std::uint64_t> maxima) {
  constexpr u128 most = static_cast<u128>(1) << 127;
  u128 bound = 0;
  std::size_t next = 0;
  for (const PackedRun& run : runs) {
    if (bound != 0 && (run.shift > 127 || bound > most >> run.shift)) return most;
    if (bound != 0) bound <<= run.shift;
    for (std::uint32_t i = 0; i < run.count; ++i, ++next) {
      const auto lots = static_cast<u128>(magnitude(entries[next].lots));
      bound += lots * maxima[entries[next].row];  // < 2^31 * 2^61, so a run of 2^20 entries stays below 2^113
      if (bound >= most) return most;
    }
  }
  return bound;
}

}  // namespace margrave
