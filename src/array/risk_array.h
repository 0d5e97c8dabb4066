#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "array/aligned_memory.h"
#include "array/depth_ladder.h"
#include "array/exponent.h"
#include "array/scalar_field.h"
#include "base/digest.h"
#include "base/fields.h"
#include "base/fixed.h"
#include "base/result.h"

namespace margrave {

/// A set of scenarios: columns [begin, end) of the array. Never holds column 0, which is now.
struct ScenarioRange {
  std::string name;
  std::uint32_t begin{1};
  std::uint32_t end{1};
  std::size_t size() const { return end - begin; }
  static constexpr auto fields() {
    return std::tuple{field("name", &ScenarioRange::name), field("begin", &ScenarioRange::begin),
                      field("end", &ScenarioRange::end)};
  }
};

/// What a row is: an instrument or an asset, and the unit of its entries.
struct RowListing {
  std::string name;  ///< the id of the instrument or asset; no two rows share one
  std::int8_t exponent{0};
};

/// A market number of the whole array: value * 10^-decimals.
struct GlobalScalar {
  std::string name;
  std::int32_t decimals{0};
  i128 value{0};
  static constexpr auto fields() {
    return std::tuple{field("name", &GlobalScalar::name), field("decimals", &GlobalScalar::decimals),
                      field("value", &GlobalScalar::value)};
  }
};

/// The shape and the names of an array: everything but its numbers.
struct ArrayPlan {
  RowWidth width{RowWidth::narrow};
  std::vector<RowListing> rows{};
  std::vector<std::string> scenarios{};  ///< a name per column; scenarios[0] is now
  std::vector<ScenarioRange> ranges{};
  std::vector<Ratio> weights{};         ///< per column, >= 0; empty means that every weight is 1
  std::vector<GlobalScalar> globals{};  ///< in order of name
  bool discounted{true};                ///< linear options are worth their discounted price
  std::vector<DepthLadder> ladders{};   ///< in order of row; rows whose depth is known
  std::string numeraire{};              ///< the asset whose units entries and values count; empty: USD
};

/// All that is known about the market, as integers: row i, column s is the value of one lot of i in scenario s, in
/// units of 2^exponent(i) USD, or of the plan's numeraire. Column 0 is now. Immutable; made by RiskArrayBuilder.
/// docs/methods/risk_array.md
class RiskArray {
 public:
  static constexpr std::size_t column_block = 16;  ///< rows are padded with zeros to a multiple of it

  RowWidth width() const { return plan_.width; }
  std::size_t rows() const { return plan_.rows.size(); }
  std::size_t columns() const { return plan_.scenarios.size(); }
  std::size_t stride() const { return stride_; }  ///< entries from one row to the next

  const std::string& name(std::uint32_t row) const { return plan_.rows[row].name; }
  std::optional<std::uint32_t> find_row(std::string_view name) const;
  const std::string& scenario(std::uint32_t column) const { return plan_.scenarios[column]; }
  std::span<const ScenarioRange> ranges() const { return plan_.ranges; }
  const ScenarioRange* find_range(std::string_view name) const;  ///< nullptr if there is none
  Ratio weight(std::uint32_t column) const;
  const ArrayPlan& plan() const { return plan_; }

  int exponent(std::uint32_t row) const { return exponents_[row]; }
  std::span<const std::int8_t> exponents() const { return exponents_; }
  /// Largest |entry| of each row.
  std::span<const std::uint64_t> maxima() const { return maxima_; }

  /// The entries of a row, without padding; the array must have that width.
  std::span<const std::int32_t> narrow_row(std::uint32_t row) const;
  std::span<const std::int64_t> wide_row(std::uint32_t row) const;
  std::int64_t entry(std::uint32_t row, std::uint32_t column) const;
  /// First entry of row 0; rows follow each other at stride(); 64-byte aligned.
  const std::int32_t* narrow_entries() const;
  const std::int64_t* wide_entries() const;

  /// A market number of a row in units of 10^-scale_of(field).decimals, or nothing where the row has none.
  std::optional<i128> scalar(std::uint32_t row, ScalarField field) const;
  const GlobalScalar* find_global(std::string_view name) const;  ///< nullptr if there is none
  const DepthLadder* find_ladder(std::uint32_t row) const;       ///< nullptr where the row's depth is not known

  /// Names one row: XXH3-128 of its canonical bytes.
  const Digest& row_digest(std::uint32_t row) const { return row_digests_[row]; }
  /// Names the whole array: rows, scenarios, ranges, weights and scalars.
  const Digest& digest() const { return digest_; }

  /// Canonical bytes of a row: name, exponent, width, count, entries little-endian, no padding.
  std::vector<std::byte> row_bytes(std::uint32_t row) const;
  /// Canonical bytes of all that is not a row: scenario names, ranges, weights, scalars, and ladders where there are
  /// any.
  std::vector<std::byte> plan_bytes() const;

 private:
  friend class RiskArrayBuilder;
  RiskArray() = default;
  std::vector<std::byte> row_head(std::uint32_t row) const;
  Bytes row_entries(std::uint32_t row) const;

  ArrayPlan plan_;
  std::size_t stride_{0};
  AlignedMemory entries_;
  std::vector<i128> scalars_;  ///< row-major, scalar_field_count per row
  std::vector<std::int8_t> exponents_;
  std::vector<std::uint64_t> maxima_;
  std::vector<Digest> row_digests_;
  std::vector<std::uint32_t> by_name_;  ///< rows in order of name
  Digest digest_;
};

/// Fills a RiskArray. Different rows may be filled from different threads; finish() makes it immutable.
class RiskArrayBuilder {
 public:
  /// Errors: two rows of one name, no scenario, a range that is empty or beyond the columns or holds column 0, weights
  /// that are negative or not one per column, globals out of order, ladders out of order, of no row or that fall, an
  /// exponent or a size beyond its limit, no memory.
  static Result<RiskArrayBuilder> create(ArrayPlan plan);

  const ArrayPlan& plan() const { return array_.plan_; }
  /// Where row i is written: one entry per column, zero until then. The array must have that width.
  std::span<std::int32_t> narrow_row(std::uint32_t row);
  std::span<std::int64_t> wide_row(std::uint32_t row);
  void set_scalar(std::uint32_t row, ScalarField field, i128 value);
  /// The unit of a row's entries, where the plan could not know it yet. -120 .. 120.
  void set_exponent(std::uint32_t row, int exponent);

  /// Computes maxima and digests. Error: an entry beyond entry_limit(width), with the name of its row.
  Result<RiskArray> finish(unsigned threads) &&;

 private:
  RiskArrayBuilder() = default;
  RiskArray array_;
};

}  // namespace margrave
