#include "formula/bounds.h"
#include "margin/by_name.h"
#include "margin/component_bounds.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const OpenAccount& account, const std::string& what) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account.portfolio.account + ": '" + what + "' leaves its numbers",
               .remedy = "correct the sizes of its orders"});
}

/// One group of an open account, as an expression sees it.
class OpenScope : public BoundScope {
 public:
  OpenScope(const MarginInputs& inputs, const OpenAccount& account, const Formula& rule,
            const std::vector<ComponentBounds>& above)
      : inputs_(inputs), account_(account), rule_(rule), above_(above) {}

  void stand_on(const LineGroup& group) { group_ = &group; }

  std::size_t members() const override { return group_->lines.size(); }
  bool is_certain(std::size_t member) const override {
    return rule_.each == Grouping::asset || is_certain_on(account_.lines[group_->lines[member]], rule_.side);
  }
  /// Other groups than the whole account's are there only with a member.
  bool may_be_empty() const override { return rule_.each == Grouping::all; }
  Result<Bounds> field(std::size_t index, std::size_t member) const override {
    return read_bounds(inputs_, account_, static_cast<PositionField>(index), rule_.each, rule_.side, line(member));
  }
  Result<Number> parameter(std::size_t index, std::size_t member) const override {
    const Parameter& parameter = inputs_.recipe.parameters[index];
    return named(parameter.by, parameter.value, member);
  }
  const Table& table(std::size_t index, std::size_t member) const override {
    const NamedTable& table = inputs_.recipe.tables[index];
    return named(table.by, table.table, member);
  }
  Result<Bounds> component(std::size_t index, std::size_t member) const override {
    const Grouping own = grouping_of(inputs_.recipe.components[index].rule);
    if (member == whole_group) {
      const Grouping seen = holds(own, rule_.each) ? own : rule_.each;
      return bounds_within(inputs_, account_, index, above_[index], seen, group_->lines);
    }
    return bounds_within(inputs_, account_, index, above_[index], own, {&group_->lines[member], 1});
  }

 private:
  std::size_t line(std::size_t member) const { return group_->lines.empty() ? 0 : group_->lines[member]; }

  /// What a parameter or a table is for the underlying of a line, or the asset of a balance.
  template <class Value>
  const Value& named(const std::vector<std::pair<std::string, Value>>& by, const Value& otherwise,
                     std::size_t member) const {
    return group_->lines.empty() || by.empty() ? otherwise : by_name(by, subject(line(member)), otherwise);
  }
  std::string_view subject(std::size_t at) const {
    if (rule_.each == Grouping::asset) return asset_name(inputs_.array, account_.units.balances[at]);
    return inputs_.registry[inputs_.registry[account_.units.lines[at].instrument].underlying].name;
  }

  const MarginInputs& inputs_;
  const OpenAccount& account_;
  const Formula& rule_;
  const std::vector<ComponentBounds>& above_;
  const LineGroup* group_{nullptr};
};

bool is_type(const MarginInputs& inputs, const OpenAccount& account, const Formula& rule, std::size_t line) {
  if (!rule.is_call) return true;
  const Instrument& instrument = inputs.registry[account.units.lines[line].instrument];
  return instrument.kind == Kind::option && instrument.is_call == *rule.is_call;
}

std::vector<LineGroup> groups_of(const MarginInputs& inputs, const OpenAccount& account, const Formula& rule) {
  if (rule.each == Grouping::asset) return group_balances(inputs.array, account.units);
  std::vector<LineGroup> groups;
  for (LineGroup& group : open_groups(inputs, account, rule.each, rule.kinds, rule.side)) {
    std::erase_if(group.lines, [&](std::size_t line) { return !is_type(inputs, account, rule, line); });
    if (!group.lines.empty()) groups.push_back(std::move(group));
  }
  if (groups.empty() && rule.each == Grouping::all) groups.push_back({{}, "all", {}});
  return groups;
}

/// The ends of a charge, rounded as the recipe's arithmetic says.
bool rounded(const Arithmetic& arithmetic, Bounds& value) {
  const Number step = Number::from_units(1, arithmetic.decimals);
  return Number::to_multiple(value.low, step, arithmetic.round, value.low) &&
         Number::to_multiple(value.high, step, arithmetic.round, value.high);
}

}  // namespace

Result<ComponentBounds> formula_bounds(const MarginInputs& inputs, const OpenAccount& account, const Formula& rule,
                                       const std::vector<ComponentBounds>& above) {
  ComponentBounds component;
  OpenScope scope(inputs, account, rule, above);
  constexpr Unit usd{{1, 0, 0, 0}};
  for (const LineGroup& group : groups_of(inputs, account, rule)) {
    scope.stand_on(group);
    const Bounds value = TRY(bound(rule.value, scope));
    bool certain = rule.each == Grouping::all || rule.each == Grouping::asset;
    for (std::size_t m = 0; m < group.lines.size(); ++m) certain = certain || scope.is_certain(m);
    component.groups.push_back({group.key, group.lines, certain, value});
    if (rule.value.unit != usd) continue;
    Bounds charge = certain ? value : either(Bounds{}, value);
    if (!rounded(inputs.recipe.arithmetic, charge) || !add(component.amount, charge, component.amount)) {
      return overflow(account, rule.value.text);
    }
  }
  return component;
}

}  // namespace margrave
