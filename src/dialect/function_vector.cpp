#include "dialect/function_vector.h"

namespace margrave {
namespace {

/// What is wrong with a computation, said where its vector stands.
Error placed(const Cursor& at, const Error& found) {
  Error error = at.error(found.message, found.remedy);
  if (found.kind == ErrorKind::overflow) error.kind = ErrorKind::overflow;
  return error;
}

tl::unexpected<Error> overflow(const Cursor& at) {
  Error error = at.error("its numbers leave 256 bits", "correct the vector");
  error.kind = ErrorKind::overflow;
  return fail(std::move(error));
}

}  // namespace

Result<Number> FunctionVector::number(const Cursor& map, std::string_view key, const Bounds& bounds) {
  return Number::from_decimal(TRY(decimal_at(map, key, bounds)));
}

Result<Number> FunctionVector::whole(const Cursor& map, std::string_view key, const Bounds& bounds) {
  const Decimal value = TRY(decimal_at(map, key, bounds));
  const Result<i128> units = value.scaled(0);
  if (!units) {
    const Cursor at = TRY(map.get(key));
    return fail(at.error(value.to_string() + " is not a whole number", "correct the vector"));
  }
  return Number::from_units(*units, 0);
}

void FunctionVector::set(const std::string& parameter, const Number& value) {
  const NodeMaker make(vector_);
  parameters_.emplace_back(parameter, make.map({{"value", make.number(value)}}));
  recipe_.reset();
}

void FunctionVector::set_by(const std::string& parameter, const Number& otherwise,
                            const std::vector<std::pair<std::string, Number>>& by) {
  const NodeMaker make(vector_);
  NodeMaker::Keyed values;
  for (const auto& [name, value] : by) values.emplace_back(name, make.number(value));
  parameters_.emplace_back(parameter,
                           make.map({{"value", make.number(otherwise)}, {"by", make.map(std::move(values))}}));
  recipe_.reset();
}

void FunctionVector::set_rows(const std::string& table, const std::vector<std::pair<Number, Number>>& rows) {
  const NodeMaker make(vector_);
  std::vector<Node> nodes;
  for (const auto& [x, y] : rows) nodes.push_back(make.list({make.number(x), make.number(y)}));
  tables_.emplace_back(table, make.map({{"rows", make.list(std::move(nodes))}}));
  recipe_.reset();
}

Result<Number> FunctionVector::value(std::string_view component) {
  if (!recipe_) {
    const NodeMaker make(vector_);
    NodeMaker::Keyed changes;
    if (!parameters_.empty()) changes.emplace_back("parameters", make.map(parameters_));
    if (!tables_.empty()) changes.emplace_back("tables", make.map(tables_));
    Result<LoadedRecipe> loaded = recipe_of_vector(vector_, preset_, std::move(changes));
    if (!loaded) return fail(placed(vector_, loaded.error()));
    recipe_ = std::move(loaded->recipe);
  }
  Result<Number> found = component_value(*recipe_, component, bindings_);
  if (!found) return fail(placed(vector_, found.error()));
  return found;
}

Result<Number> times_power(const Cursor& at, const Number& value, int exponent) {
  const Number power = exponent < 0 ? Number::from_units(1, -exponent) : Number::from_units(power_of_ten(exponent), 0);
  return product_at(at, value, power);
}

Result<Number> sum_at(const Cursor& at, const Number& a, const Number& b) {
  Number sum;
  if (!Number::add(a, b, sum)) return overflow(at);
  return sum;
}

Result<Number> product_at(const Cursor& at, const Number& a, const Number& b) {
  Number product;
  if (!Number::multiply(a, b, product)) return overflow(at);
  return product;
}

Result<Number> tolerance_at(const Cursor& root, const Cursor& vector, const std::string& key) {
  if (vector.find("tolerance_" + key)) return FunctionVector::number(vector, "tolerance_" + key, vector_bounds::amount);
  const Cursor tolerance = TRY(root.get("tolerance"));
  return FunctionVector::number(tolerance, key, vector_bounds::amount);
}

}  // namespace margrave
