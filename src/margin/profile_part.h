#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "array/scenario_vector.h"
#include "margin/grouped_lines.h"
#include "margin/recipe.h"

namespace margrave {

/// What some lines of a group are worth in the scenarios, and what a transform does to it.
struct ProfilePart {
  static constexpr int factor_bits = 40;  ///< a factor counts 2^-40

  std::span<const std::uint32_t> lines{};
  bool transformed{false};  ///< the others, and balances, count as they are
  i128 gains{i128{1} << factor_bits}, losses{i128{1} << factor_bits};
  const ScenarioVector* values{nullptr};  ///< nullptr: of no lines and balances
};

/// The parts that a transform makes of some lines and balances: whatever it then does to them, they are the same.
struct ProfileParts {
  const Transform* transform;
  std::span<const std::uint32_t> of_lines;
  std::pmr::vector<Holding> of_balances;
  std::pmr::vector<std::uint32_t> as_they_are;  ///< lines that are not transformed
  GroupedLines groups;
  std::pmr::vector<ProfilePart> parts;
};

}  // namespace margrave
