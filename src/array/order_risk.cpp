#include "array/order_risk.h"

#include <algorithm>
#include <limits>
#include <span>

#include "array/column_sums.h"

namespace margrave {
namespace {

/// Bounds end where sums are refused, so that two of them can be added.
constexpr u128 most = bound_of_128_bits;

/// x * 2^shift, or `most` where that is less.
u128 at_finer_unit(u128 x, int shift) {
  if (x == 0) return 0;
  return shift > 127 || x > most >> shift ? most : x << shift;
}

u128 product_bound(i128 quantity, u128 maximum) {
  const u128 lots = quantity < 0 ? u128{0} - static_cast<u128>(quantity) : static_cast<u128>(quantity);
  if (lots >> 64 == 0) return lots * maximum;  // entries stay below 2^62
  return maximum > most / lots ? most : lots * maximum;
}

/// One holding more, at the common unit: values * 2^shift + lots * row. Known not to overflow.
struct Step {
  const ScenarioVector& account;
  std::uint32_t shift;
  i128 lots;
};

void add_narrow(const Step& step, const std::int32_t* row, std::size_t stride, Isa isa, std::int64_t* out) {
  const std::int64_t* values = step.account.narrow().data();
  const auto lots = static_cast<std::int64_t>(step.lots);
  constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max();
  if (lots >= -limit && lots <= limit) {
    column_kernels(isa).add_row(values, step.shift, row, static_cast<std::int32_t>(lots), stride, out);
    return;
  }
  for (std::size_t s = 0; s < stride; ++s)
    out[s] = static_cast<std::int64_t>(static_cast<std::uint64_t>(values[s]) << step.shift) + row[s] * lots;
}

void add_wide(const Step& step, const RiskArray& array, std::uint32_t row, i128* out) {
  for (std::uint32_t s = 0; s < array.columns(); ++s)
    out[s] = shifted(step.account.at(s), step.shift) + step.lots * array.entry(row, s);
}

/// Into the cache of this level.
template <int Level>
void ask_for_bytes(std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 64) __builtin_prefetch(bytes.data() + i, 0, 4 - Level);
}

std::span<const std::byte> bytes_of(const RiskArray& array, std::uint32_t row) {
  return array.width() == RowWidth::narrow ? std::as_bytes(array.narrow_row(row)) : std::as_bytes(array.wide_row(row));
}

}  // namespace

Result<void> with_holding(const RiskArray& array, const ScenarioVector& account, const Holding& more, Isa isa,
                          ScenarioVector& out) {
  CHECK(&out != &account && account.columns() == array.columns());
  if (more.row >= array.rows()) return fail({.message = "a holding names a row that the array does not have"});
  // What is worth nothing in every column has no unit of its own.
  const u128 product = product_bound(more.quantity, array.maxima()[more.row]);
  const int unit = account.bound() == 0 ? array.exponent(more.row) : account.exponent();
  const int exponent = product == 0 ? unit : std::min(unit, array.exponent(more.row));
  const int up = array.exponent(more.row) - exponent;
  const u128 bound = at_finer_unit(account.bound(), unit - exponent) + at_finer_unit(product, up);
  if (bound >= bound_of_128_bits) {
    return fail(
        {.kind = ErrorKind::overflow, .message = "the account's value could pass 2^126 units of its finest row"});
  }
  const i128 lots = product == 0 ? 0 : shifted(more.quantity, static_cast<std::uint32_t>(up));
  const Step step{account, static_cast<std::uint32_t>(unit - exponent), lots};
  const bool in_64_bits = account.in_64_bits() && bound < bound_of_64_bits && step.shift < 64;
  out.path_ = array.width() == RowWidth::wide ? SumPath::wide_rows
              : in_64_bits                    ? SumPath::many_runs
                                              : SumPath::wide_sums;
  out.bound_ = bound;
  out.exponent_ = exponent;
  out.columns_ = array.columns();
  TRY_VOID(out.reserve(array.stride() * (in_64_bits ? sizeof(std::int64_t) : sizeof(i128))));
  if (in_64_bits) {
    add_narrow(step, array.narrow_entries() + more.row * array.stride(), array.stride(), isa,
               reinterpret_cast<std::int64_t*>(out.values_.data()));
  } else {
    add_wide(step, array, more.row, reinterpret_cast<i128*>(out.values_.data()));
  }
  return {};
}

void ask_for(const RiskArray& array, const ScenarioVector& account, std::uint32_t row) {
  ask_for_bytes<1>(bytes_of(array, row));
  ask_for_bytes<1>(account.in_64_bits() ? std::as_bytes(account.narrow()) : std::as_bytes(account.wide()));
}

void ask_for(const RiskArray& array, std::span<const PackedEntry> entries) {
  // An account's rows are more than the first level holds.
  for (const PackedEntry& entry : entries) ask_for_bytes<2>(bytes_of(array, entry.row));
}

std::int64_t limit_of(std::span<const std::int64_t> values, std::span<const std::uint32_t> columns) {
  std::int64_t limit = std::numeric_limits<std::int64_t>::min();
  for (const std::uint32_t column : columns) limit = std::max(limit, values[column]);
  return limit;
}

}  // namespace margrave
