#pragma once

#include "array/measure.h"
#include "margin/assess.h"

namespace margrave {

/// A scenario set of a recipe, where it stands in an array.
struct SetInArray {
  const ScenarioRange* range{nullptr};
  std::size_t number{0};
};
/// Error: the array has no such set.
Result<SetInArray> find_set(const RiskArray& array, const std::string& name);
/// False for a row that the set says nothing of.
bool covers(const RiskArray& array, std::uint32_t row, std::size_t set);
/// The rule's measure. Errors: those of the measures.
Result<Measured> measure_of(const RiskArray& array, const ScenarioMeasure& rule, const Outcomes& outcomes);

}  // namespace margrave
