#include "array/risk_array.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/codec.h"

namespace margrave {

// Canonical bytes are little-endian, and rows are copied into them as they lie in memory.
static_assert(std::endian::native == std::endian::little);

namespace {

void put_ladders(Encoder& to, const std::vector<DepthLadder>& ladders) {
  to.put(std::string("depth"));
  to.put(static_cast<std::uint64_t>(ladders.size()));
  for (const DepthLadder& ladder : ladders) {
    to.put(ladder.row);
    to.put(static_cast<std::uint64_t>(ladder.distances.size()));
    for (const Ratio distance : ladder.distances) to.put(distance.raw);
    for (const i128 size : ladder.bid) to.put(size);
    for (const i128 size : ladder.ask) to.put(size);
  }
}

}  // namespace

std::optional<std::uint32_t> RiskArray::find_row(std::string_view name) const {
  const auto at = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                                   [&](std::uint32_t row, std::string_view key) { return plan_.rows[row].name < key; });
  if (at == by_name_.end() || plan_.rows[*at].name != name) return std::nullopt;
  return *at;
}

const ScenarioRange* RiskArray::find_range(std::string_view name) const {
  for (const ScenarioRange& range : plan_.ranges) {
    if (range.name == name) return &range;
  }
  return nullptr;
}

const GlobalScalar* RiskArray::find_global(std::string_view name) const {
  for (const GlobalScalar& global : plan_.globals) {
    if (global.name == name) return &global;
  }
  return nullptr;
}

const DepthLadder* RiskArray::find_ladder(std::uint32_t row) const {
  const auto at = std::lower_bound(plan_.ladders.begin(), plan_.ladders.end(), row,
                                   [](const DepthLadder& ladder, std::uint32_t key) { return ladder.row < key; });
  return at == plan_.ladders.end() || at->row != row ? nullptr : &*at;
}

Ratio RiskArray::weight(std::uint32_t column) const {
  CHECK(column < columns());
  return plan_.weights.empty() ? Ratio{power_of_ten(Ratio::decimals)} : plan_.weights[column];
}

const std::int32_t* RiskArray::narrow_entries() const {
  CHECK(plan_.width == RowWidth::narrow);
  return reinterpret_cast<const std::int32_t*>(entries_.data());
}

const std::int64_t* RiskArray::wide_entries() const {
  CHECK(plan_.width == RowWidth::wide);
  return reinterpret_cast<const std::int64_t*>(entries_.data());
}

std::span<const std::int32_t> RiskArray::narrow_row(std::uint32_t row) const {
  CHECK(row < rows());
  return {narrow_entries() + row * stride_, columns()};
}

std::span<const std::int64_t> RiskArray::wide_row(std::uint32_t row) const {
  CHECK(row < rows());
  return {wide_entries() + row * stride_, columns()};
}

std::int64_t RiskArray::entry(std::uint32_t row, std::uint32_t column) const {
  CHECK(column < columns());
  return plan_.width == RowWidth::narrow ? narrow_row(row)[column] : wide_row(row)[column];
}

std::optional<i128> RiskArray::scalar(std::uint32_t row, ScalarField field) const {
  CHECK(row < rows());
  const i128 value = scalars_[row * scalar_field_count + static_cast<std::size_t>(field)];
  if (value == i128_min) return std::nullopt;
  return value;
}

std::vector<std::byte> RiskArray::row_head(std::uint32_t row) const {
  Encoder encoder;
  encoder.put(name(row));
  encoder.put(exponents_[row]);
  encoder.put(plan_.width);
  encoder.put(static_cast<std::uint64_t>(columns()));
  return encoder.bytes();
}

/// x86-64 is little-endian, so the entries in memory are their canonical bytes.
Bytes RiskArray::row_entries(std::uint32_t row) const {
  const std::size_t entry_bytes = plan_.width == RowWidth::narrow ? sizeof(std::int32_t) : sizeof(std::int64_t);
  return {entries_.data() + row * stride_ * entry_bytes, columns() * entry_bytes};
}

std::vector<std::byte> RiskArray::row_bytes(std::uint32_t row) const {
  std::vector<std::byte> bytes = row_head(row);
  const Bytes entries = row_entries(row);
  bytes.insert(bytes.end(), entries.begin(), entries.end());
  return bytes;
}

std::vector<std::byte> RiskArray::plan_bytes() const {
  Encoder encoder;
  std::size_t size = 4096 + 16 * (plan_.weights.size() + scalars_.size());
  for (const std::string& scenario : plan_.scenarios) size += 8 + scenario.size();
  encoder.reserve(size);
  encoder.put(plan_.width);
  encoder.put(static_cast<std::uint64_t>(rows()));
  encoder.put(plan_.scenarios);
  encoder.put(plan_.ranges);
  encoder.put(static_cast<std::uint64_t>(plan_.weights.size()));
  for (const Ratio weight : plan_.weights) encoder.put(weight.raw);
  encoder.put(plan_.globals);
  encoder.put(plan_.discounted);
  encoder.put(plan_.numeraire);
  // The fields by name and scale, so that a digest cannot outlive a change of what its scalars mean.
  for (const ScalarScale& scale : scalar_scales) {
    encoder.put(std::string(scale.name));
    encoder.put(static_cast<std::int32_t>(scale.decimals));
  }
  for (const i128 value : scalars_) encoder.put(value);
  if (!plan_.ladders.empty()) put_ladders(encoder, plan_.ladders);
  return encoder.bytes();
}

}  // namespace margrave
