#include "margin/formula_reader.h"

#include <algorithm>
#include <array>

#include "document/word.h"
#include "formula/parse.h"
#include "margin/position_field.h"

namespace margrave {
namespace {

constexpr std::array<std::string_view, 16> functions{"min",     "max",      "abs",   "clamp",      "if",  "floor",
                                                     "ceil",    "round",    "sqrt",  "whole_root", "exp", "sum",
                                                     "largest", "smallest", "count", "and"};
constexpr std::size_t most_rows = 1000, most_names = 200;

Result<Number> read_number(const Cursor& at) { return Number::from_decimal(TRY(at.decimal())); }

Result<Unit> read_unit(const Cursor& map, std::string_view key) {
  const auto at = map.find(key);
  if (!at) return Unit{};
  const std::string text(TRY(at->text()));
  const auto unit = parse_unit(text);
  if (!unit)
    return fail(
        at->error("'" + text + "' is not a unit", "use 1, usd, coin, year, second, or a quotient such as usd/coin"));
  return *unit;
}

Result<Source> read_source(const Cursor& map) {
  constexpr std::array<std::pair<std::string_view, Source>, 3> sources{
      {{"published", Source::published}, {"inferred", Source::inferred}, {"assumed", Source::assumed}}};
  return word_or(map, "source", sources, Source::assumed);
}

Result<Parameter> read_parameter(const std::string& name, const Cursor& at) {
  Parameter parameter;
  parameter.name = name;
  if (at.is_scalar()) {
    parameter.value = TRY(read_number(at));
    return parameter;
  }
  TRY_VOID(at.only({"value", "unit", "by", "source"}));
  const Cursor value = TRY(at.get("value"));
  parameter.value = TRY(read_number(value));
  parameter.unit = TRY(read_unit(at, "unit"));
  parameter.source = TRY(read_source(at));
  if (const auto by = at.find("by")) {
    for (const auto& [key, cell] : TRY(by->entries())) parameter.by.emplace_back(key, TRY(read_number(cell)));
  }
  return parameter;
}

Result<Table> read_rows(const Cursor& at, Table::Kind kind) {
  Table table;
  table.kind = kind;
  const std::vector<Cursor> rows = TRY(at.list());
  if (rows.size() > most_rows) return fail(at.error("the table has more than 1000 rows", "merge some"));
  for (const Cursor& row : rows) {
    const std::vector<Cursor> cells = TRY(row.list());
    if (cells.size() != 2) return fail(row.error("a row has two numbers", "write [x, y]"));
    const Number x = TRY(read_number(cells[0])), y = TRY(read_number(cells[1]));
    table.rows.push_back({x, y, {}});
  }
  const Result<void> done = complete(table);
  if (!done) return fail(at.located(done.error()));
  return table;
}

Result<NamedTable> read_table(const std::string& name, const Cursor& at) {
  constexpr std::array<std::pair<std::string_view, Table::Kind>, 4> kinds{{{"step", Table::Kind::step},
                                                                           {"next", Table::Kind::next},
                                                                           {"linear", Table::Kind::linear},
                                                                           {"marginal", Table::Kind::marginal}}};
  TRY_VOID(at.only({"kind", "of", "unit", "rows", "by", "source"}));
  NamedTable named;
  named.name = name;
  const Cursor kind = TRY(at.get("kind"));
  const Table::Kind which = TRY(read_word(kind, kinds));
  named.of = TRY(read_unit(at, "of"));
  named.unit = TRY(read_unit(at, "unit"));
  named.source = TRY(read_source(at));
  const Cursor rows = TRY(at.get("rows"));
  named.table = TRY(read_rows(rows, which));
  if (const auto by = at.find("by")) {
    for (const auto& [key, cell] : TRY(by->entries())) named.by.emplace_back(key, TRY(read_rows(cell, which)));
  }
  return named;
}

template <class Named>
Result<std::vector<Named>> read_named(const Cursor& section, Result<Named> (*read)(const std::string&, const Cursor&)) {
  std::vector<Named> all;
  for (const auto& [name, at] : TRY(section.entries())) {
    if (all.size() >= most_names) return fail(section.error("there are more than 200 names", "leave some out"));
    TRY_VOID(check_name(at, name, Recipe{}));
    all.push_back(TRY(read(std::string(name), at)));
  }
  return all;
}

bool is_field(std::string_view name) {
  const auto fields = position_fields();
  return std::any_of(fields.begin(), fields.end(), [&](const FieldListing& field) { return field.name == name; });
}

/// What is known of an amount before it is: a charge of the older rules is never below zero.
Range range_of(const Rule& rule) {
  const auto* formula = std::get_if<Formula>(&rule);
  if (formula == nullptr) return Range::not_negative();
  const double otherwise = formula->otherwise.to_double();
  return either(formula->value.range, Range::between(otherwise, otherwise));
}

Unit unit_of(const Recipe& recipe, const Rule& rule) {
  const auto* formula = std::get_if<Formula>(&rule);
  return formula == nullptr ? recipe.numeraire() : formula->value.unit;
}

/// Amounts of the account are in the numeraire; what the market gives is in dollars whatever that is.
Unit unit_of(const Recipe& recipe, const FieldListing& field) {
  switch (field.field) {
    case PositionField::value:
    case PositionField::notional:
    case PositionField::pnl:
    case PositionField::equity:
      return recipe.numeraire();
    default:
      return field.unit;
  }
}

/// How an expression of groups `each` sees a component; nothing where neither's groups lie within the other's.
std::optional<Symbol> component_symbol(const Recipe& recipe, std::size_t index, Grouping each) {
  const Component& component = recipe.components[index];
  const Grouping own = grouping_of(component.rule);
  Symbol symbol{.kind = Symbol::Kind::component,
                .index = index,
                .unit = unit_of(recipe, component.rule),
                .range = range_of(component.rule)};
  if (holds(own, each)) return symbol;
  if (!holds(each, own)) return std::nullopt;
  symbol.range = any_number_of(symbol.range);
  return symbol;
}

/// True when all members of a group share what differs by underlying (or by asset).
bool has_one_underlying(Grouping each) { return each != Grouping::all; }

std::optional<Symbol> field_symbol(const Recipe& recipe, std::size_t index, Grouping each) {
  const FieldListing& field = position_fields()[index];
  if (field.field == PositionField::settlement_price && !recipe.per_settlement) return std::nullopt;
  if (each == Grouping::asset && !field.of_balances) return std::nullopt;
  const bool shared = each == Grouping::asset || holds(field.shared, each);
  return Symbol{.kind = Symbol::Kind::field,
                .index = index,
                .unit = unit_of(recipe, field),
                .range = field.range,
                .of_member = !shared};
}

/// The parameter's value over all that it may differ by.
Range range_of(const Parameter& parameter) {
  const double value = parameter.value.to_double();
  Range range = Range::between(value, value);
  for (const auto& [name, other] : parameter.by) {
    const double number = other.to_double();
    range = either(range, Range::between(number, number));
  }
  // Decimals have no exact double: the bounds are widened by more than its error.
  range.low -= 1e-15 * std::abs(range.low);
  range.high += 1e-15 * std::abs(range.high);
  return range;
}

Range range_of(const NamedTable& named) {
  Range range = named.table.range();
  for (const auto& [name, table] : named.by) range = either(range, table.range());
  return named.table.kind == Table::Kind::marginal ? any_number_of(range) : range;
}

std::optional<Symbol> find_symbol(const Recipe& recipe, Grouping each, std::string_view name) {
  for (std::size_t i = 0; i < recipe.components.size(); ++i) {
    if (recipe.components[i].name == name) return component_symbol(recipe, i, each);
  }
  if (auto named = shared_symbol(recipe.parameters, recipe.tables, name)) {
    named->of_member = named->of_member && !has_one_underlying(each);
    return named;
  }
  const auto fields = position_fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return field_symbol(recipe, i, each);
  }
  return std::nullopt;
}

Vocabulary vocabulary_of(const Recipe& recipe, Grouping each) {
  Vocabulary vocabulary;
  vocabulary.has_members = each != Grouping::asset && each != Grouping::position;
  vocabulary.find = [&recipe, each](std::string_view name) { return find_symbol(recipe, each, name); };
  std::vector<std::string> names;
  for (const Component& component : recipe.components) names.push_back(component.name);
  for (const Parameter& parameter : recipe.parameters) names.push_back(parameter.name);
  for (const NamedTable& named : recipe.tables) names.push_back(named.name);
  for (const FieldListing& field : position_fields()) names.emplace_back(field.name);
  for (std::string& name : names) {
    if (vocabulary.find(name)) vocabulary.names.push_back(std::move(name));
  }
  return vocabulary;
}

}  // namespace

std::optional<Symbol> shared_symbol(const std::vector<Parameter>& parameters, const std::vector<NamedTable>& tables,
                                    std::string_view name) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (parameter.name != name) continue;
    return Symbol{.kind = Symbol::Kind::parameter,
                  .index = i,
                  .unit = parameter.unit,
                  .range = range_of(parameter),
                  .of_member = !parameter.by.empty()};
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const NamedTable& named = tables[i];
    if (named.name != name) continue;
    Unit unit = named.unit;
    if (named.table.kind == Table::Kind::marginal && !Unit::product(named.unit, named.of, unit)) return std::nullopt;
    return Symbol{.kind = Symbol::Kind::table,
                  .index = i,
                  .unit = unit,
                  .range = range_of(named),
                  .of_member = !named.by.empty(),
                  .of = named.of};
  }
  return std::nullopt;
}

Result<Grouping> read_grouping(const Cursor& at) {
  constexpr std::array<std::pair<std::string_view, Grouping>, 8> groupings{{{"position", Grouping::position},
                                                                            {"instrument", Grouping::instrument},
                                                                            {"strike", Grouping::strike},
                                                                            {"expiry", Grouping::expiry},
                                                                            {"pair", Grouping::pair},
                                                                            {"underlying", Grouping::underlying},
                                                                            {"all", Grouping::all},
                                                                            {"asset", Grouping::asset}}};
  return read_word(at, groupings);
}

Result<std::vector<Parameter>> read_parameters(const Cursor& section) {
  return read_named<Parameter>(section, read_parameter);
}
Result<std::vector<NamedTable>> read_tables(const Cursor& section) {
  return read_named<NamedTable>(section, read_table);
}

Result<Arithmetic> read_arithmetic(const Cursor& at) {
  constexpr std::array<std::pair<std::string_view, Round>, 3> roundings{
      {{"up", Round::up}, {"down", Round::down}, {"nearest", Round::half_even}}};
  TRY_VOID(at.only({"decimals", "round"}));
  Arithmetic arithmetic;
  if (const auto decimals = at.find("decimals")) {
    arithmetic.decimals = static_cast<int>(TRY(decimals->integer(0, Usd::decimals)));
  }
  arithmetic.round = TRY(word_or(at, "round", roundings, Round::up));
  return arithmetic;
}

Result<void> check_name(const Cursor& at, std::string_view name, const Recipe& recipe) {
  const auto taken = [&](std::string_view by) {
    return fail(at.error("'" + std::string(name) + "' is the name of a " + std::string(by), "choose another"));
  };
  const bool word = !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
                    std::all_of(name.begin(), name.end(),
                                [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  if (!word) return fail(at.error("'" + std::string(name) + "' is not a name", "use letters, digits and _"));
  if (is_field(name)) return taken("field");
  if (std::find(functions.begin(), functions.end(), name) != functions.end() || name == "or") return taken("function");
  for (const Parameter& parameter : recipe.parameters) {
    if (parameter.name == name) return taken("parameter");
  }
  for (const NamedTable& table : recipe.tables) {
    if (table.name == name) return taken("table");
  }
  return {};
}

Result<Expression> parse_formula(std::string_view text, const Recipe& recipe, Grouping each,
                                 std::vector<std::size_t>& of) {
  Expression expression = TRY(parse_expression(text, vocabulary_of(recipe, each)));
  for (const Step& step : expression.steps) {
    if (step.op == Step::Op::component && std::find(of.begin(), of.end(), step.index) == of.end())
      of.push_back(step.index);
  }
  return expression;
}

Result<Expression> read_expression(const Cursor& at, const Recipe& recipe, Grouping each,
                                   std::vector<std::size_t>& of) {
  const std::string_view text = TRY(at.text());
  Result<Expression> expression = parse_formula(text, recipe, each, of);
  if (!expression) return fail(at.located(std::move(expression).error()));
  return expression;
}

}  // namespace margrave
