#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "array/packed_account.h"

namespace margrave {

/// Where an account lies in a PackedBatch.
struct BatchAccount {
  std::uint64_t first_entry{0};
  std::uint32_t first_run{0};
  std::uint32_t runs{0};
  std::uint32_t entries{0};
  std::uint32_t slot{0};  ///< the account's place in the caller's order
  std::int32_t exponent{0};
  bool always_safe{false};  ///< below 2^62 whatever narrow rows hold: its bound need not be computed again
  bool splits{false};       ///< one run of few lots: narrow rows may be summed in split parts (kernel.h)
};

/// Many packed accounts, one after the other, ordered by dominant group so that neighbours read the same rows. Depends
/// on the rows' exponents only: made when books change, used for every version of the array.
struct PackedBatch {
  std::vector<PackedEntry> entries;
  std::vector<PackedRun> runs;
  std::vector<BatchAccount> accounts;
};

/// Accounts as compressed rows: account a holds positions[offsets[a] .. offsets[a + 1]).
struct Books {
  std::span<const std::uint64_t> offsets;  ///< accounts + 1, not falling
  std::span<const PackedEntry> positions;
};

/// Packs accounts that hold 32-bit lots.
///
/// group_of_row: the underlying of each row, or empty to keep the caller's order. An account's dominant group is the
/// one with most of its positions, the lowest among equals; accounts of one group stay in the caller's order. Errors:
/// as pack(); lots of -2^31; offsets that fall or leave the positions; more accounts than limits::accounts.
Result<PackedBatch> pack_batch(std::span<const std::int8_t> exponents, std::span<const std::uint32_t> group_of_row,
                               const Books& books, unsigned threads);

/// Packs `count` accounts with quantities of any size; read(a, holdings) appends what account a holds to an empty
/// vector and may be called from several threads.
Result<PackedBatch> pack_batch(std::span<const std::int8_t> exponents, std::span<const std::uint32_t> group_of_row,
                               std::size_t count, const std::function<void(std::size_t, std::vector<Holding>&)>& read,
                               unsigned threads);

}  // namespace margrave
