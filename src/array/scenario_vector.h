#pragma once

#include <cstdint>
#include <span>

#include "array/aligned_memory.h"
#include "array/packed_account.h"
#include "array/risk_array.h"
#include "base/isa.h"

namespace margrave {

/// How an account was summed. All ways give the same integers; they differ in cost.
enum class SumPath : std::uint8_t {
  one_run,    ///< narrow rows, one run, int64
  many_runs,  ///< narrow rows, runs joined by shifts in int64
  wide_sums,  ///< narrow rows, each run in int64, joined in 128 bits
  wide_rows,  ///< wide rows, all in 128 bits
  too_large,  ///< could pass 2^126: not summed
};

std::string_view to_string(SumPath path);

/// The cheapest way that is proven not to overflow for these entries (see magnitude_bound).
SumPath choose_path(const RiskArray& array, std::span<const PackedEntry> entries, std::span<const PackedRun> runs);

/// The exact value of an account, or of a part of one, in every column of an array: at(s) * 2^exponent USD. Reuse one
/// to save its memory.
class ScenarioVector {
 public:
  int exponent() const { return exponent_; }
  std::size_t columns() const { return columns_; }
  SumPath path() const { return path_; }
  bool in_64_bits() const { return path_ == SumPath::one_run || path_ == SumPath::many_runs; }

  /// The values, if in_64_bits(): each below 2^62 in magnitude. 64-byte aligned.
  std::span<const std::int64_t> narrow() const;
  /// The values, if not in_64_bits(): each below 2^126 in magnitude.
  std::span<const i128> wide() const;
  i128 at(std::size_t column) const;
  /// Takes this memory of somebody else for its values as long as they fit (AlignedMemory::lent).
  void lend(std::span<std::byte> room) { values_ = AlignedMemory::lent(room); }
  /// No value is larger in magnitude, nor is any other order of its parts' sum.
  u128 bound() const { return bound_; }

 private:
  friend Result<void> evaluate(const RiskArray& array, const PackedAccount& account, Isa isa, ScenarioVector& out);
  friend Result<void> with_holding(const RiskArray& array, const ScenarioVector& account, const Holding& more, Isa isa,
                                   ScenarioVector& out);
  Result<void> reserve(std::size_t bytes);

  int exponent_{0};
  std::size_t columns_{0};
  SumPath path_{SumPath::one_run};
  u128 bound_{0};
  AlignedMemory values_;
};

/// Values the account in every column. Exact: no order of holdings, instruction set or path changes a bit.
///
/// Edges:   an account without holdings is worth 0 in every column.
/// Errors:  overflow, if a sum could pass 2^126. Never wraps, never saturates.
Result<void> evaluate(const RiskArray& array, const PackedAccount& account, Isa isa, ScenarioVector& out);

/// Packs and values holdings, all of them or those at the given places. Errors: as pack() and evaluate().
Result<void> evaluate(const RiskArray& array, std::span<const Holding> holdings, Isa isa, ScenarioVector& out);
Result<void> evaluate(const RiskArray& array, std::span<const Holding> holdings, std::span<const std::uint32_t> members,
                      Isa isa, ScenarioVector& out);

}  // namespace margrave
