#pragma once

#include <array>
#include <memory>

#include "array/packed_batch.h"
#include "array/scenario_vector.h"

namespace margrave {

/// The measures of one account over one set of scenarios; all amounts in units of 2^exponent USD, losses positive.
struct AccountRisk {
  i128 now{0};            ///< value in column 0, without the constant
  i128 worst{0};          ///< largest loss
  i128 value_at_risk{0};  ///< k-th worst loss
  i128 tail_sum{0};       ///< sum of the k worst losses; expected shortfall = tail_sum / k
  std::int32_t exponent{0};
  std::uint32_t worst_column{0};   ///< the lowest among equals
  SumPath path{SumPath::one_run};  ///< too_large: the amounts are not valid
};

/// What of a batch to measure.
struct BatchJob {
  const RiskArray& array;
  const PackedBatch& batch;
  ScenarioRange range;
  std::size_t k{1};  ///< scenarios in the tail, 1 .. range.size()
  Isa isa{Isa::portable};
  unsigned threads{1};
};

/// How the accounts of a batch were computed.
struct BatchCount {
  std::array<std::size_t, 5> path{};  ///< accounts by SumPath
  std::size_t warm{0};                ///< accounts whose threshold was good
  std::size_t cold{0};                ///< accounts whose threshold was not, or that take the 128-bit way
};

/// Working memory of assess_batch: one per caller, made once for arrays of this many columns and this many threads.
class BatchWorkspace {
 public:
  static Result<BatchWorkspace> create(const RiskArray& array, Isa isa, unsigned threads);
  BatchWorkspace(BatchWorkspace&&) noexcept;
  BatchWorkspace& operator=(BatchWorkspace&&) noexcept;
  ~BatchWorkspace();

 private:
  friend Result<BatchCount> assess_batch(const BatchJob&, BatchWorkspace&, std::span<std::int64_t>,
                                         std::span<AccountRisk>);
  struct Worker;
  BatchWorkspace();
  std::vector<std::unique_ptr<Worker>> workers_;
};

/// Worst loss, value at risk and expected shortfall of every account, exactly: the same as evaluate() and the measures
/// of measure.h, for any instruction set, number of threads and thresholds.
///
/// Shapes:  risks[slot] and thresholds[slot] for each account's slot.
/// Edges:   `thresholds` holds a loss per account in its units; what is larger is a candidate for the tail. It is read,
/// and
///          replaced by a good one for the next call. Any numbers are allowed, they change the time only; start with 0.
/// Errors:  a range or k that does not fit the array; a workspace for another shape. An account that could pass 2^126
///          has path too_large in its own result and stops nobody else.
/// No memory is allocated per account. Rows should fit the second-level cache: more columns than that are tiled.
Result<BatchCount> assess_batch(const BatchJob& job, BatchWorkspace& workspace, std::span<std::int64_t> thresholds,
                                std::span<AccountRisk> risks);

/// Equity: the value now plus a constant per account, both exact. `exponent` is the finer one of the two.
/// Error: more than 128 bits.
struct ConstantAmount {
  i128 amount{0};
  std::int32_t exponent{0};
};
Result<ConstantAmount> now_with(const AccountRisk& risk, const ConstantAmount& constant);

}  // namespace margrave
