#include "margin/unwind.h"

#include <algorithm>

#include "document/cursor.h"
#include "document/word.h"
#include "formula/evaluate.h"
#include "formula/parse.h"
#include "margin/formula_reader.h"

namespace margrave {
namespace {

constexpr std::size_t most_values = 200;
constexpr Unit plain{}, usd{{1, 0, 0, 0}}, second{{0, 0, 0, 1}};

struct Listing {
  std::string_view name;
  Unit unit;
  Range range;
};
constexpr std::array<Listing, unwind_fields> listings{{{"equity", usd, {}},
                                                       {"maintenance", usd, {}},
                                                       {"seconds", second, {0, Range::infinity, true}},
                                                       {"reserved", usd, {0, Range::infinity, true}},
                                                       {"wanted", plain, {0, 1, true}},
                                                       {"insolvent", plain, {0, 1, true}}}};

std::optional<Symbol> find_symbol(const Unwind& unwind, std::string_view name) {
  for (std::size_t i = 0; i < unwind.values.size(); ++i) {
    const Expression& value = unwind.values[i].expression;
    if (unwind.values[i].name == name)
      return Symbol{.kind = Symbol::Kind::component, .index = i, .unit = value.unit, .range = value.range};
  }
  for (std::size_t i = 0; i < listings.size(); ++i) {
    if (listings[i].name == name)
      return Symbol{.kind = Symbol::Kind::field, .index = i, .unit = listings[i].unit, .range = listings[i].range};
  }
  return shared_symbol(unwind.parameters, unwind.tables, name);
}

Vocabulary vocabulary_of(const Unwind& unwind) {
  Vocabulary vocabulary;
  vocabulary.find = [&unwind](std::string_view name) { return find_symbol(unwind, name); };
  for (const Unwind::Value& value : unwind.values) vocabulary.names.push_back(value.name);
  for (const Parameter& parameter : unwind.parameters) vocabulary.names.push_back(parameter.name);
  for (const NamedTable& table : unwind.tables) vocabulary.names.push_back(table.name);
  for (const Listing& field : listings) vocabulary.names.emplace_back(field.name);
  return vocabulary;
}

Result<void> read_value(const std::string& name, const Cursor& at, Unwind& unwind) {
  constexpr std::array<std::pair<std::string_view, Source>, 3> sources{
      {{"published", Source::published}, {"inferred", Source::inferred}, {"assumed", Source::assumed}}};
  TRY_VOID(at.only({"value", "source"}));
  if (unwind.values.size() >= most_values) return fail(at.error("there are more than 200 values", "leave some out"));
  if (find_symbol(unwind, name)) return fail(at.error("'" + name + "' is taken", "choose another name"));
  TRY_VOID(check_name(at, name, Recipe{}));
  Unwind::Value value;
  value.name = name;
  value.source = TRY(word_or(at, "source", sources, Source::assumed));
  const Cursor text = TRY(at.get("value"));
  Result<Expression> expression = parse_expression(TRY(text.text()), vocabulary_of(unwind));
  if (!expression) return fail(text.located(std::move(expression).error()));
  value.expression = *std::move(expression);
  unwind.status = std::max(unwind.status, value.source);
  unwind.values.push_back(std::move(value));
  return {};
}

/// The account that is sold; there are no members.
class SaleScope : public Scope {
 public:
  SaleScope(const Unwind& unwind, const UnwindState& state) : unwind_(unwind), state_(state) {}

  std::size_t members() const override { return 0; }
  Result<Number> field(std::size_t index, std::size_t) const override { return state_[index]; }
  Result<Number> parameter(std::size_t index, std::size_t) const override { return unwind_.parameters[index].value; }
  Result<Number> component(std::size_t index, std::size_t) const override { return values[index]; }
  const Table& table(std::size_t index, std::size_t) const override { return unwind_.tables[index].table; }

  std::vector<Number> values;  ///< those computed so far

 private:
  const Unwind& unwind_;
  const UnwindState& state_;
};

}  // namespace

std::string_view to_string(UnwindField field) { return listings[static_cast<std::size_t>(field)].name; }

Result<Unwind> read_unwind(const Document& document) {
  const Cursor root(document);
  TRY_VOID(root.only({"unwind", "version", "description", "reference", "source", "parameters", "tables", "values"}));
  Unwind unwind;
  const Cursor name = TRY(root.get("unwind")), version = TRY(root.get("version"));
  unwind.name = TRY(name.text());
  unwind.version = TRY(version.text());
  if (const auto text = root.find("description")) unwind.description = TRY(text->text());
  if (const auto text = root.find("reference")) unwind.reference = TRY(text->text());
  if (const auto parameters = root.find("parameters")) unwind.parameters = TRY(read_parameters(*parameters));
  if (const auto tables = root.find("tables")) unwind.tables = TRY(read_tables(*tables));
  for (const Parameter& parameter : unwind.parameters) {
    unwind.status = std::max(unwind.status, parameter.source);
    if (!parameter.by.empty()) {
      return fail(root.error("parameter " + parameter.name + " differs by name",
                             "an account that is sold has no underlying of its own"));
    }
  }
  const Cursor values = TRY(root.get("values"));
  for (const auto& [key, at] : TRY(values.entries())) TRY_VOID(read_value(std::string(key), at, unwind));
  return unwind;
}

Result<std::map<std::string, Number>> unwind_values(const Unwind& unwind, const UnwindState& state) {
  SaleScope scope(unwind, state);
  std::map<std::string, Number> all;
  for (const Unwind::Value& value : unwind.values) {
    scope.values.push_back(TRY(evaluate(value.expression, scope)));
    all[value.name] = scope.values.back();
  }
  return all;
}

}  // namespace margrave
