#pragma once

#include <algorithm>
#include <vector>

#include "array/holding.h"
#include "array/risk_array.h"
#include "base/random.h"

// Random arrays and a reference in plain 128-bit loops, for the tests of this folder.

namespace margrave {

struct RandomArray {
  std::size_t rows{40};
  std::size_t columns{61};
  RowWidth width{RowWidth::narrow};
  int lowest{-20}, highest{-10};  ///< exponents
  std::int64_t largest{1 << 30};  ///< magnitude of entries
  std::int64_t distinct{0};       ///< > 0: entries take few values, so that losses tie
};

inline RiskArray random_array(const RandomArray& shape, Random& random) {
  ArrayPlan plan{.width = shape.width};
  for (std::size_t i = 0; i < shape.rows; ++i) {
    const auto spread = random.below(static_cast<std::uint64_t>(shape.highest - shape.lowest + 1));
    plan.rows.push_back(
        {"row " + std::to_string(i), static_cast<std::int8_t>(shape.lowest + static_cast<int>(spread))});
  }
  for (std::size_t s = 0; s < shape.columns; ++s) plan.scenarios.push_back("s" + std::to_string(s));
  plan.ranges = {{"all", 1, static_cast<std::uint32_t>(shape.columns)}};
  auto builder = RiskArrayBuilder::create(std::move(plan)).value();
  const std::int64_t values = shape.distinct > 0 ? shape.distinct : 2 * shape.largest + 1;
  const std::int64_t step = shape.distinct > 0 ? shape.largest / shape.distinct : 1;
  const auto draw = [&] {
    return (static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(values))) - values / 2) * step;
  };
  for (std::uint32_t row = 0; row < shape.rows; ++row) {
    if (shape.width == RowWidth::narrow) {
      for (auto& entry : builder.narrow_row(row)) entry = static_cast<std::int32_t>(draw());
    } else {
      for (auto& entry : builder.wide_row(row)) entry = draw();
    }
  }
  return std::move(builder).finish(1).value();
}

/// Quantities of up to `bits` bits.
inline std::vector<Holding> random_holdings(std::size_t count, std::size_t rows, int bits, Random& random) {
  std::vector<Holding> holdings;
  for (std::size_t i = 0; i < count; ++i) {
    const u128 word = (static_cast<u128>(random.bits()) << 64) | random.bits();
    const auto magnitude =
        static_cast<i128>(word >> (128 - 1 - static_cast<int>(random.below(static_cast<std::uint64_t>(bits)))));
    holdings.push_back(
        {static_cast<std::uint32_t>(random.below(rows)), random.bits() % 2 == 0 ? magnitude : -magnitude});
  }
  return holdings;
}

/// Value of the holdings in every column in units of 2^exponent, by definition: sum of quantity * entry * 2^(e -
/// exponent). The caller keeps it within 128 bits and the exponent at or below that of every row.
inline std::vector<i128> naive_values(const RiskArray& array, const std::vector<Holding>& holdings, int exponent) {
  std::vector<i128> values(array.columns(), 0);
  for (const Holding& holding : holdings) {
    if (holding.quantity == 0) continue;
    const i128 unit = static_cast<i128>(1) << (array.exponent(holding.row) - exponent);
    for (std::uint32_t s = 0; s < array.columns(); ++s)
      values[s] += holding.quantity * unit * array.entry(holding.row, s);
  }
  return values;
}

/// The loss of each column of a range against column 0, worst first, equal ones by lowest column.
struct NaiveLoss {
  i128 loss;
  std::uint32_t column;
};
inline std::vector<NaiveLoss> naive_losses(const std::vector<i128>& values, std::uint32_t begin, std::uint32_t end) {
  std::vector<NaiveLoss> losses;
  for (std::uint32_t s = begin; s < end; ++s) losses.push_back({values[0] - values[s], s});
  std::stable_sort(losses.begin(), losses.end(),
                   [](const NaiveLoss& a, const NaiveLoss& b) { return a.loss > b.loss; });
  return losses;
}

}  // namespace margrave
