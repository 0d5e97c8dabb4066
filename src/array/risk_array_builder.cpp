#include <emmintrin.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "array/risk_array.h"
#include "base/codec.h"
#include "base/limits.h"
#include "base/parallel.h"

namespace margrave {
namespace {

Result<void> refuse(std::string message, std::string field) {
  return fail({.kind = ErrorKind::input, .message = std::move(message), .field = std::move(field)});
}

Result<void> check_ranges(const ArrayPlan& plan) {
  for (const ScenarioRange& range : plan.ranges) {
    if (range.begin == 0) return refuse("a set of scenarios must not hold column 0, which is now", range.name);
    if (range.begin >= range.end) return refuse("a set of scenarios is empty", range.name);
    if (range.end > plan.scenarios.size()) return refuse("a set of scenarios ends beyond the columns", range.name);
  }
  return {};
}

Result<void> check_weights(const ArrayPlan& plan) {
  if (plan.weights.empty()) return {};
  if (plan.weights.size() != plan.scenarios.size()) {
    return refuse(fmt::format("{} weights for {} columns", plan.weights.size(), plan.scenarios.size()), "weights");
  }
  for (const Ratio weight : plan.weights) {
    if (weight < Ratio{0}) return refuse("a weight is negative", "weights");
  }
  return {};
}

Result<void> check_rows(const ArrayPlan& plan) {
  if (plan.rows.size() > limits::instruments)
    return refuse(fmt::format("{} rows are too many", plan.rows.size()), "rows");
  for (const RowListing& row : plan.rows) {
    if (row.name.size() > limits::name_bytes) return refuse("a name is too long", row.name);
    if (row.exponent < exponent_lowest || row.exponent > exponent_highest) {
      return refuse(fmt::format("exponent {} is outside -120 .. 120", row.exponent), row.name);
    }
  }
  return {};
}

Result<void> check_globals(const ArrayPlan& plan) {
  for (std::size_t i = 1; i < plan.globals.size(); ++i) {
    if (plan.globals[i - 1].name >= plan.globals[i].name) {
      return refuse("the globals are not in order of name, each once", plan.globals[i].name);
    }
  }
  return {};
}

bool is_ladder(const DepthLadder& ladder) {
  const std::size_t steps = ladder.distances.size();
  if (steps == 0 || ladder.bid.size() != steps || ladder.ask.size() != steps) return false;
  for (const std::vector<i128>* side : {&ladder.bid, &ladder.ask}) {
    if (side->front() < 0 || !std::is_sorted(side->begin(), side->end())) return false;
  }
  const bool rises = std::adjacent_find(ladder.distances.begin(), ladder.distances.end(), std::greater_equal<>()) ==
                     ladder.distances.end();
  return rises && ladder.distances.front().raw > 0 && ladder.distances.back().raw <= power_of_ten(Ratio::decimals);
}

Result<void> check_ladders(const ArrayPlan& plan) {
  for (std::size_t i = 0; i < plan.ladders.size(); ++i) {
    const DepthLadder& ladder = plan.ladders[i];
    if (ladder.row >= plan.rows.size() || (i > 0 && ladder.row <= plan.ladders[i - 1].row)) {
      return refuse("the ladders are not in order of row, each once", "ladders");
    }
    if (!is_ladder(ladder)) {
      return refuse("a ladder's distances rise to 1 at most and its sizes do not fall", plan.rows[ladder.row].name);
    }
  }
  return {};
}

std::uint64_t largest_magnitude(std::span<const std::int64_t> row) {
  std::int64_t least = 0, most = 0;
  for (const std::int64_t entry : row) {
    least = std::min(least, entry);
    most = std::max(most, entry);
  }
  return std::max(0 - static_cast<std::uint64_t>(least), static_cast<std::uint64_t>(most));
}

/// Four at a time; SSE2, which every x86-64 has, compares 32-bit integers but does not pick the larger.
std::uint64_t largest_magnitude(std::span<const std::int32_t> row) {
  const auto larger = [](__m128i a, __m128i b) {
    const __m128i first = _mm_cmpgt_epi32(a, b);
    return _mm_or_si128(_mm_and_si128(first, a), _mm_andnot_si128(first, b));
  };
  __m128i most = _mm_setzero_si128(), least = _mm_setzero_si128();
  std::size_t s = 0;
  for (; s + 4 <= row.size(); s += 4) {
    const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row.data() + s));
    most = larger(four, most);
    const __m128i lower = _mm_cmpgt_epi32(least, four);
    least = _mm_or_si128(_mm_and_si128(lower, four), _mm_andnot_si128(lower, least));
  }
  std::int64_t ends[8];
  std::int32_t four[4];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(four), most);
  std::copy(four, four + 4, ends);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(four), least);
  std::copy(four, four + 4, ends + 4);
  std::uint64_t largest = largest_magnitude(std::span<const std::int64_t>(ends));
  for (; s < row.size(); ++s) {
    const std::int64_t entry[] = {row[s]};
    largest = std::max(largest, largest_magnitude(std::span<const std::int64_t>(entry)));
  }
  return largest;
}

}  // namespace

Result<RiskArrayBuilder> RiskArrayBuilder::create(ArrayPlan plan) {
  const std::size_t columns = plan.scenarios.size();
  if (columns < 2 || columns > limits::scenarios) {
    return fail({.message = fmt::format("{} columns; an array has one for now and at least one scenario", columns)});
  }
  TRY_VOID(check_rows(plan));
  TRY_VOID(check_ranges(plan));
  TRY_VOID(check_weights(plan));
  TRY_VOID(check_globals(plan));
  TRY_VOID(check_ladders(plan));

  RiskArrayBuilder builder;
  RiskArray& array = builder.array_;
  const std::size_t block = RiskArray::column_block;
  array.stride_ = (columns + block - 1) / block * block;
  const std::size_t bytes = plan.rows.size() * array.stride_ * (plan.width == RowWidth::narrow ? 4 : 8);
  if (bytes > limits::array_bytes) return fail({.message = fmt::format("an array of {} bytes is too large", bytes)});

  array.by_name_.resize(plan.rows.size());
  std::iota(array.by_name_.begin(), array.by_name_.end(), 0u);
  std::sort(array.by_name_.begin(), array.by_name_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return plan.rows[a].name < plan.rows[b].name; });
  for (std::size_t i = 1; i < array.by_name_.size(); ++i) {
    const std::string& name = plan.rows[array.by_name_[i]].name;
    if (plan.rows[array.by_name_[i - 1]].name == name)
      return fail({.message = "two rows have one name", .field = name});
  }
  for (const RowListing& row : plan.rows) array.exponents_.push_back(row.exponent);
  array.entries_ = TRY(AlignedMemory::allocate(bytes));
  array.scalars_.assign(plan.rows.size() * scalar_field_count, i128_min);
  array.plan_ = std::move(plan);
  return builder;
}

std::span<std::int32_t> RiskArrayBuilder::narrow_row(std::uint32_t row) {
  CHECK(array_.plan_.width == RowWidth::narrow && row < array_.rows());
  return {reinterpret_cast<std::int32_t*>(array_.entries_.data()) + row * array_.stride_, array_.columns()};
}

std::span<std::int64_t> RiskArrayBuilder::wide_row(std::uint32_t row) {
  CHECK(array_.plan_.width == RowWidth::wide && row < array_.rows());
  return {reinterpret_cast<std::int64_t*>(array_.entries_.data()) + row * array_.stride_, array_.columns()};
}

void RiskArrayBuilder::set_scalar(std::uint32_t row, ScalarField field, i128 value) {
  CHECK(row < array_.rows() && value != i128_min);
  array_.scalars_[row * scalar_field_count + static_cast<std::size_t>(field)] = value;
}

void RiskArrayBuilder::set_exponent(std::uint32_t row, int exponent) {
  CHECK(row < array_.rows() && exponent >= exponent_lowest && exponent <= exponent_highest);
  array_.plan_.rows[row].exponent = static_cast<std::int8_t>(exponent);
  array_.exponents_[row] = static_cast<std::int8_t>(exponent);
}

Result<RiskArray> RiskArrayBuilder::finish(unsigned threads) && {
  RiskArray array = std::move(array_);
  array.maxima_.resize(array.rows());
  array.row_digests_.resize(array.rows());
  parallel_for(array.rows(), threads, [&](std::size_t i) {
    const auto row = static_cast<std::uint32_t>(i);
    array.maxima_[i] = array.width() == RowWidth::narrow ? largest_magnitude(array.narrow_row(row))
                                                         : largest_magnitude(array.wide_row(row));
    array.row_digests_[i] = margrave::digest(Bytes(array.row_head(row)), array.row_entries(row));
  });
  const auto limit = static_cast<std::uint64_t>(entry_limit(array.width()));
  for (std::uint32_t row = 0; row < array.rows(); ++row) {
    if (array.maxima_[row] > limit) {
      return fail({.kind = ErrorKind::overflow,
                   .message = fmt::format("an entry of magnitude {} is beyond {}", array.maxima_[row], limit),
                   .field = array.name(row),
                   .remedy = "list the row with a larger exponent: a rescale is a new version"});
    }
  }
  Encoder root;
  for (const Digest& digest : array.row_digests_) {
    root.put(digest.high);
    root.put(digest.low);
  }
  const Digest plan_digest = margrave::digest(Bytes(array.plan_bytes()));
  root.put(plan_digest.high);
  root.put(plan_digest.low);
  array.digest_ = margrave::digest(Bytes(root.bytes()));
  return array;
}

}  // namespace margrave
