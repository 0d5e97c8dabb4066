#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "formula/expression.h"

namespace margrave {

/// What the names of an expression may be.
struct Vocabulary {
  std::function<std::optional<Symbol>(std::string_view)> find;
  std::vector<std::string> names;  ///< all of them, for "did you mean"
  bool has_members{false};         ///< the expression stands on a group, so sum(), largest(), smallest(), count() exist
};

/// Reads an expression and checks names, units and, by the ranges of what it names, that no divisor can be 0 and no
/// root is taken of what may be negative.
///
///   expression = product { ("+" | "-") product }
///   product    = factor { ("*" | "/") factor }
///   factor     = "-" factor | number [ "[" unit "]" ] | name | name "(" arguments ")" | "(" expression ")"
///
/// Functions: min, max, abs, clamp(x, low, high), if(condition, then, else), floor/ceil/round(x, step), sqrt,
/// whole_root, exp, sum, largest, smallest, count(), and every table by its name. A condition compares with < <= > >= =
/// and joins with `and`, `or`. A bare 0 has every unit.
/// Errors: without a file; message with the character, and what would be valid. Source: docs/methods/language.md
Result<Expression> parse_expression(std::string_view text, const Vocabulary& vocabulary);

}  // namespace margrave
