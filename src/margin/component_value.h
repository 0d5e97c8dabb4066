#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "margin/recipe.h"

namespace margrave {

/// One position, balance or account that is only imagined: what a recipe may read of it.
struct Bindings {
  /// By name: of a field, in its unit; or of a component, which is then not computed.
  std::map<std::string, Number, std::less<>> numbers;
  std::string subject{};       ///< underlying or asset by whose name parameters and tables are chosen; empty: none
  std::optional<Kind> kind{};  ///< of the position; without one, no component is passed over for its kinds
};

/// A component of a recipe for what is imagined, unrounded: its groups hold this one member. A component of other
/// kinds, of the other side (the sign of size) or type (is_call) is its `otherwise`.
///
/// Errors: no such component, one that is no expression, sum, largest or multiple of such, a field that is not bound or
/// bound outside its range, with its name; overflow.
Result<Number> component_value(const Recipe& recipe, std::string_view component, const Bindings& bindings);

}  // namespace margrave
