#include "margin/component_value.h"

#include <algorithm>

#include "formula/evaluate.h"
#include "margin/by_name.h"
#include "margin/position_field.h"

namespace margrave {
namespace {

Number to_number(Ratio ratio) { return Number::from_units(ratio.raw, Ratio::decimals); }

class Imagined : public Scope {
 public:
  Imagined(const Recipe& recipe, const Bindings& bindings) : recipe_(recipe), bindings_(bindings) {}

  std::size_t members() const override { return 1; }

  Result<Number> field(std::size_t index, std::size_t /*member*/) const override {
    const FieldListing& listing = position_fields()[index];
    const auto bound = bindings_.numbers.find(listing.name);
    if (bound == bindings_.numbers.end()) {
      return fail({.message = std::string(listing.name) + " is not given",
                   .field = std::string(listing.name),
                   .remedy = "the component reads it: " + std::string(listing.says)});
    }
    const double value = bound->second.to_double();
    const Range& range = listing.range;
    if (value < range.low || value > range.high || (bound->second.is_zero() && !range.may_be_zero)) {
      return fail({.message = std::string(listing.name) + " cannot be " + bound->second.to_string(),
                   .field = std::string(listing.name),
                   .remedy = "correct it"});
    }
    return bound->second;
  }

  Result<Number> parameter(std::size_t index, std::size_t /*member*/) const override {
    const Parameter& parameter = recipe_.parameters[index];
    return by_name(parameter.by, bindings_.subject, parameter.value);
  }

  const Table& table(std::size_t index, std::size_t /*member*/) const override {
    const NamedTable& named = recipe_.tables[index];
    return by_name(named.by, bindings_.subject, named.table);
  }

  Result<Number> component(std::size_t index, std::size_t /*member*/) const override {
    const Component& component = recipe_.components[index];
    const auto bound = bindings_.numbers.find(component.name);
    if (bound != bindings_.numbers.end()) return bound->second;
    if (const auto* formula = std::get_if<Formula>(&component.rule)) return value_of(*formula);
    if (const auto* sum = std::get_if<Sum>(&component.rule)) {
      Number total;
      for (const std::size_t of : sum->of) {
        const Number part = TRY(this->component(of, 0));
        if (!Number::add(total, part, total)) return overflow(component.name);
      }
      return total;
    }
    if (const auto* max = std::get_if<Max>(&component.rule)) {
      Number most = TRY(this->component(max->of.front(), 0));
      for (const std::size_t of : max->of) most = std::max(most, TRY(this->component(of, 0)));
      return most;
    }
    if (const auto* scale = std::get_if<Scale>(&component.rule)) {
      Number product = TRY(this->component(scale->of, 0));
      if (!Number::multiply(product, to_number(scale->by), product)) return overflow(component.name);
      return product;
    }
    return fail({.kind = ErrorKind::config,
                 .message = "component '" + component.name + "' looks at scenarios or rates of a whole account",
                 .remedy = "ask for a component that is an expression, or give its value"});
  }

 private:
  static tl::unexpected<Error> overflow(const std::string& what) {
    return fail({.kind = ErrorKind::overflow, .message = what + " leaves its numbers", .remedy = "use smaller sizes"});
  }

  /// The field by its number, as an expression asks for it.
  Result<Number> named(PositionField field) const { return this->field(static_cast<std::size_t>(field), 0); }

  Result<bool> includes(const Formula& formula) const {
    if (bindings_.kind && !formula.kinds.empty() &&
        std::find(formula.kinds.begin(), formula.kinds.end(), *bindings_.kind) == formula.kinds.end()) {
      return false;
    }
    if (formula.side != Side::both) {
      const Number size = TRY(named(PositionField::size));
      if ((size.sign() < 0) != (formula.side == Side::shorts)) return false;
    }
    if (!formula.is_call) return true;
    const Number is_call = TRY(named(PositionField::is_call));
    return is_call.is_zero() != *formula.is_call;
  }

  Result<Number> value_of(const Formula& formula) const {
    if (!TRY(includes(formula))) return formula.otherwise;
    return evaluate(formula.value, *this);
  }

  const Recipe& recipe_;
  const Bindings& bindings_;
};

}  // namespace

Result<Number> component_value(const Recipe& recipe, std::string_view component, const Bindings& bindings) {
  const auto at = std::find_if(recipe.components.begin(), recipe.components.end(),
                               [&](const Component& candidate) { return candidate.name == component; });
  if (at == recipe.components.end()) {
    std::string known;
    for (const Component& each : recipe.components) known += (known.empty() ? "" : ", ") + each.name;
    return fail({.kind = ErrorKind::config,
                 .message = recipe.name + " has no component '" + std::string(component) + "'",
                 .remedy = "it has " + known});
  }
  return Imagined(recipe, bindings).component(static_cast<std::size_t>(at - recipe.components.begin()), 0);
}

}  // namespace margrave
