#pragma once

#include <vector>

#include "array/scenario_vector.h"

namespace margrave {

/// The values of many accounts, kept between two checks of their orders, side by side in one place: on large pages
/// where the system grants them, so that an account's values arrive without a walk through the page tables first.
class ValueTable {
 public:
  /// Room for the values of `accounts` accounts of this array, 64 bits each. Error: no memory.
  static Result<ValueTable> make(const RiskArray& array, std::size_t accounts);

  /// Empty until evaluate() or with_holding() has written it. Values of 128 bits do not fit: they move out of the
  /// table.
  ScenarioVector& operator[](std::size_t account) { return vectors_[account]; }
  const ScenarioVector& operator[](std::size_t account) const { return vectors_[account]; }
  std::size_t size() const { return vectors_.size(); }

 private:
  AlignedMemory memory_;
  std::vector<ScenarioVector> vectors_;
};

}  // namespace margrave
