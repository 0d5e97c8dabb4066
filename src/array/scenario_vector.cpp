#include "array/scenario_vector.h"

#include "array/column_sums.h"

namespace margrave {

std::string_view to_string(SumPath path) {
  switch (path) {
    case SumPath::one_run:
      return "one run";
    case SumPath::many_runs:
      return "many runs";
    case SumPath::wide_sums:
      return "128-bit sums";
    case SumPath::wide_rows:
      return "wide rows";
    case SumPath::too_large:
      return "too large";
  }
  return "unknown";
}

namespace {

SumPath path_within(u128 bound, RowWidth width, std::span<const PackedRun> runs) {
  if (bound >= bound_of_128_bits) return SumPath::too_large;
  if (width == RowWidth::wide) return SumPath::wide_rows;
  if (bound >= bound_of_64_bits) return SumPath::wide_sums;
  for (const PackedRun& run : runs) {
    if (run.shift > 63) return SumPath::wide_sums;  // what is shifted out is 0, but C++ shifts int64 by 63 at most
  }
  return runs.size() <= 1 ? SumPath::one_run : SumPath::many_runs;
}

}  // namespace

SumPath choose_path(const RiskArray& array, std::span<const PackedEntry> entries, std::span<const PackedRun> runs) {
  return path_within(magnitude_bound(entries, runs, array.maxima()), array.width(), runs);
}

std::span<const std::int64_t> ScenarioVector::narrow() const {
  CHECK(in_64_bits());
  return {reinterpret_cast<const std::int64_t*>(values_.data()), columns_};
}

std::span<const i128> ScenarioVector::wide() const {
  CHECK(!in_64_bits());
  return {reinterpret_cast<const i128*>(values_.data()), columns_};
}

i128 ScenarioVector::at(std::size_t column) const {
  CHECK(column < columns_);
  return in_64_bits() ? narrow()[column] : wide()[column];
}

Result<void> ScenarioVector::reserve(std::size_t bytes) {
  if (values_.size() < bytes) values_ = TRY(AlignedMemory::allocate(bytes));
  return {};
}

Result<void> evaluate(const RiskArray& array, const PackedAccount& account, Isa isa, ScenarioVector& out) {
  const u128 bound = magnitude_bound(account.entries, account.runs, array.maxima());
  const SumPath path = path_within(bound, array.width(), account.runs);
  if (path == SumPath::too_large) {
    return fail(
        {.kind = ErrorKind::overflow, .message = "the account's value could pass 2^126 units of its finest row"});
  }
  const AccountColumns job{array, account.entries, account.runs, 0, array.stride()};
  out.path_ = path;
  out.bound_ = bound;
  out.exponent_ = account.exponent;
  out.columns_ = array.columns();
  TRY_VOID(out.reserve(array.stride() * (out.in_64_bits() ? sizeof(std::int64_t) : sizeof(i128))));
  if (out.in_64_bits()) {
    sum_in_64_bits(job, column_kernels(isa), reinterpret_cast<std::int64_t*>(out.values_.data()));
  } else if (path == SumPath::wide_sums) {
    sum_in_128_bits(job, column_kernels(isa), reinterpret_cast<i128*>(out.values_.data()));
  } else {
    sum_wide_rows(job, reinterpret_cast<i128*>(out.values_.data()));
  }
  return {};
}

Result<void> evaluate(const RiskArray& array, std::span<const Holding> holdings, Isa isa, ScenarioVector& out) {
  PackedAccount packed;
  TRY_VOID(pack(array.exponents(), holdings, packed));
  return evaluate(array, packed, isa, out);
}

Result<void> evaluate(const RiskArray& array, std::span<const Holding> holdings, std::span<const std::uint32_t> members,
                      Isa isa, ScenarioVector& out) {
  PackedAccount packed;
  TRY_VOID(pack(array.exponents(), holdings, members, packed));
  return evaluate(array, packed, isa, out);
}

}  // namespace margrave
