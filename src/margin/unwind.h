#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "document/node.h"
#include "margin/recipe.h"

namespace margrave {

/// What a rule of liquidation may read of the account that is sold, and of the bid that is made. Closed.
enum class UnwindField : std::uint8_t {
  equity,       ///< USD, cash included
  maintenance,  ///< USD, the requirement
  seconds,      ///< since the sale began
  reserved,     ///< USD of the account's cash that earlier bidders paid in
  wanted,       ///< share of the account that a bidder asks for, 0 to 1
  insolvent,    ///< 1 when the sale began with equity below 0, else 0
};
inline constexpr std::size_t unwind_fields = 6;
std::string_view to_string(UnwindField field);

/// Numbers by UnwindField.
using UnwindState = std::array<Number, unwind_fields>;

/// A rule of liquidation as data: values in an order in which each names only fields, parameters and values above it.
/// docs/methods/language.md
struct Unwind {
  struct Value {
    std::string name;
    Source source{Source::assumed};
    Expression expression;
  };
  std::string name, version, description, reference;
  Source status{Source::published};  ///< the weakest of its parts
  std::vector<Parameter> parameters;
  std::vector<NamedTable> tables;
  std::vector<Value> values;
};

/// Errors name file, line, field and what would be valid, as of a recipe.
Result<Unwind> read_unwind(const Document& document);

/// Every value, by name. Errors: overflow.
Result<std::map<std::string, Number>> unwind_values(const Unwind& unwind, const UnwindState& state);

}  // namespace margrave
