#pragma once

#include "document/cursor.h"
#include "margin/recipe.h"

namespace margrave {

/// `parameters:` of a recipe: `name: "0.05"`, or {value, unit, by: {ETH: "0.04"}, source}.
Result<std::vector<Parameter>> read_parameters(const Cursor& section);

/// `tables:` of a recipe: {kind: step | next | linear | marginal, of: usd, unit: "1", rows: [[x, y], ..], by: {ETH:
/// rows}, source}.
Result<std::vector<NamedTable>> read_tables(const Cursor& section);

/// `arithmetic: {decimals: 6, round: up}`.
Result<Arithmetic> read_arithmetic(const Cursor& at);

/// The expression at a cursor, for groups of `each`; names are those of fields, parameters, tables and of the
/// components that the recipe has so far. `of` gets the components that it reads.
Result<Expression> read_expression(const Cursor& at, const Recipe& recipe, Grouping each, std::vector<std::size_t>& of);
/// The same of text that is no one's.
Result<Expression> parse_formula(std::string_view text, const Recipe& recipe, Grouping each,
                                 std::vector<std::size_t>& of);

/// What the name of a parameter or table stands for; `of_member` where it differs by underlying.
std::optional<Symbol> shared_symbol(const std::vector<Parameter>& parameters, const std::vector<NamedTable>& tables,
                                    std::string_view name);

/// An error where a name is a field's, a function's or taken by a parameter or table of the recipe.
Result<void> check_name(const Cursor& at, std::string_view name, const Recipe& recipe);

/// The numbers of a word of a closed list.
Result<Grouping> read_grouping(const Cursor& at);

}  // namespace margrave
