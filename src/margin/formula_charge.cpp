#include "margin/formula_charge.h"

#include <algorithm>
#include <numeric>

#include "formula/evaluate.h"
#include "margin/apportion.h"
#include "margin/group.h"
#include "margin/position_field.h"

namespace margrave {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

tl::unexpected<Error> overflow(const std::string& what) {
  return fail({.kind = ErrorKind::overflow, .message = what + " leaves its numbers", .remedy = "split the account"});
}

const Number& otherwise_of(const Recipe& recipe, std::size_t component) {
  static const Number zero;
  const auto* formula = std::get_if<Formula>(&recipe.components[component].rule);
  return formula == nullptr ? zero : formula->otherwise;
}

/// A component's groups summed to a coarser grouping, in order of key.
using Keyed = std::vector<std::pair<GroupKey, Number>>;

Result<Keyed> summed_to(const MarginInputs& inputs, const Portfolio& portfolio, const ComponentAmount& amount,
                        Grouping coarse) {
  Keyed sums;
  for (const GroupValue& group : amount.values) {
    const GroupKey key =
        coarse == Grouping::all ? GroupKey{} : group_key(inputs.registry, portfolio, group.first, coarse);
    sums.emplace_back(key, group.value);
  }
  std::sort(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < sums.size(); ++i) {
    if (sums[i].first != sums[kept].first) {
      sums[++kept] = sums[i];
    } else if (!Number::add(sums[kept].second, sums[i].second, sums[kept].second)) {
      return overflow("a sum of groups");
    }
  }
  if (!sums.empty()) sums.resize(kept + 1);
  return sums;
}

const Number* find(const Keyed& sums, const GroupKey& key) {
  const auto at = std::lower_bound(sums.begin(), sums.end(), key,
                                   [](const auto& entry, const GroupKey& k) { return entry.first < k; });
  return at == sums.end() || at->first != key ? nullptr : &at->second;
}

/// A component as an expression of one grouping sees it.
struct Reference {
  std::size_t component{0};
  Grouping own{Grouping::all};
  Grouping seen{Grouping::all};  ///< the coarser of its own grouping and the expression's
  Keyed sums;                    ///< by `seen`
  Keyed each;                    ///< by its own, for what is read member by member
};

class GroupScope : public Scope {
 public:
  GroupScope(const MarginInputs& inputs, const Portfolio& portfolio, const Formula& rule, const MarginReport& report)
      : inputs_(inputs), portfolio_(portfolio), rule_(rule), equity_(report.equity) {}

  Result<void> prepare(const MarginReport& report) {
    for (const std::size_t component : rule_.of) {
      Reference reference;
      reference.component = component;
      reference.own = grouping_of(inputs_.recipe.components[component].rule);
      reference.seen = holds(reference.own, rule_.each) ? reference.own : rule_.each;
      reference.sums = TRY(summed_to(inputs_, portfolio_, report.components[component], reference.seen));
      if (rule_.each != Grouping::all || !portfolio_.lines.empty()) {
        reference.each = TRY(summed_to(inputs_, portfolio_, report.components[component], reference.own));
      }
      references_.push_back(std::move(reference));
    }
    return {};
  }

  void stand_on(const LineGroup& group) { group_ = &group; }
  const Reference& reference(std::size_t component) const {
    const auto at = std::find(rule_.of.begin(), rule_.of.end(), component);
    return references_[static_cast<std::size_t>(at - rule_.of.begin())];
  }

  std::size_t members() const override { return group_->lines.size(); }

  Result<Number> field(std::size_t index, std::size_t member) const override {
    const std::size_t line = group_->lines.empty() ? 0 : group_->lines[member];
    return read_field(inputs_, portfolio_, equity_, static_cast<PositionField>(index), rule_.each, line);
  }

  Result<Number> parameter(std::size_t index, std::size_t member) const override {
    const Parameter& parameter = inputs_.recipe.parameters[index];
    if (parameter.by.empty()) return parameter.value;
    const std::string name = subject(member);
    for (const auto& [key, value] : parameter.by) {
      if (key == name) return value;
    }
    return parameter.value;
  }

  Result<Number> component(std::size_t index, std::size_t member) const override {
    const Reference& of = reference(index);
    const bool whole = member == whole_group;
    const Keyed& sums = whole ? of.sums : of.each;
    const Grouping grouping = whole ? of.seen : of.own;
    const std::size_t line = group_->lines.empty() ? 0 : group_->lines[whole ? 0 : member];
    const GroupKey key =
        grouping == Grouping::all ? GroupKey{} : group_key(inputs_.registry, portfolio_, line, grouping);
    const Number* found = find(sums, key);
    return found == nullptr ? otherwise_of(inputs_.recipe, index) : *found;
  }

  const Table& table(std::size_t index, std::size_t member) const override {
    const NamedTable& named = inputs_.recipe.tables[index];
    if (named.by.empty()) return named.table;
    const std::string name = subject(member);
    for (const auto& [key, table] : named.by) {
      if (key == name) return table;
    }
    return named.table;
  }

 private:
  /// What a parameter may differ by: the underlying of a line, or the asset of a balance.
  std::string subject(std::size_t member) const {
    if (group_->lines.empty()) return "";
    const std::size_t at = group_->lines[member];
    if (rule_.each == Grouping::asset) {
      const std::string& row = inputs_.array.name(portfolio_.balances[at].row);
      return row.substr(row.find(':') + 1);
    }
    return inputs_.registry[inputs_.registry[portfolio_.lines[at].instrument].underlying].name;
  }

  const MarginInputs& inputs_;
  const Portfolio& portfolio_;
  const Formula& rule_;
  Usd equity_;
  std::vector<Reference> references_;
  const LineGroup* group_{nullptr};
};

std::vector<LineGroup> groups_of(const MarginInputs& inputs, const Portfolio& portfolio, const Formula& rule,
                                 bool named) {
  if (rule.each == Grouping::asset) return group_balances(inputs.array, portfolio);
  std::vector<bool> included;
  for (const Line& line : portfolio.lines) {
    const Instrument& instrument = inputs.registry[line.instrument];
    const bool type = !rule.is_call || (instrument.kind == Kind::option && instrument.is_call == *rule.is_call);
    included.push_back(type && is_of(inputs.registry, line, rule.kinds, rule.side));
  }
  std::vector<LineGroup> groups = group_lines(inputs.registry, portfolio, rule.each, included, named);
  if (groups.empty() && rule.each == Grouping::all) groups.push_back({{}, "all", {}});
  return groups;
}

/// parts[line] += value * slope for each leaf that is proportional to a position.
Result<void> add_parts(const GroupScope& scope, const Formula& rule, const LineGroup& group, const MarginReport& report,
                       std::vector<Number>& parts) {
  const std::vector<Slope> all = TRY(slopes(rule.value, scope));
  const auto add_to = [&](std::size_t line, const Number& value, const Number& slope) {
    Number part;
    return Number::multiply(value, slope, part) && Number::add(parts[line], part, parts[line]);
  };
  const std::size_t last = parts.size() - 1;
  for (const Slope& leaf : all) {
    const Step& step = rule.value.steps[leaf.step];
    if (step.op == Step::Op::field) {
      const auto field = static_cast<PositionField>(step.index);
      if (!position_fields()[step.index].extensive || group.lines.empty()) continue;
      CHECK(position_fields()[step.index].field == field);
      const std::size_t line = rule.each == Grouping::asset ? last : group.lines[leaf.member];
      if (!add_to(line, leaf.value, leaf.slope)) return overflow("a contribution");
    } else if (step.op == Step::Op::component) {
      const ComponentAmount& of = report.components[step.index];
      if (of.parts.empty()) continue;
      if (rule.each == Grouping::all && !step.of_member) {
        for (std::size_t line = 0; line < parts.size(); ++line) {
          if (!add_to(line, of.parts[line], leaf.slope)) return overflow("a contribution");
        }
        continue;
      }
      // Of a coarser component no part belongs to this group alone.
      const Grouping own = scope.reference(step.index).own;
      if (step.of_member ? own != Grouping::position : !holds(rule.each, own)) continue;
      for (std::size_t m = 0; m < group.lines.size(); ++m) {
        if (step.of_member && m != leaf.member) continue;
        const std::size_t line = rule.each == Grouping::asset ? last : group.lines[m];
        if (!add_to(line, of.parts[line], leaf.slope)) return overflow("a contribution");
      }
    }
  }
  return {};
}

}  // namespace

Result<ComponentAmount> formula_charge(const MarginInputs& inputs, const Portfolio& portfolio, const Formula& rule,
                                       bool brief, const MarginReport& report) {
  ComponentAmount component;
  GroupScope scope(inputs, portfolio, rule, report);
  TRY_VOID(scope.prepare(report));
  const std::size_t count = portfolio.lines.size() + 1;
  Unit usd;
  usd.powers[Unit::usd] = 1;
  const bool charge = rule.value.unit == usd;
  if (!brief) {
    component.by_line.resize(count);
    component.parts.resize(count);
  }
  const Arithmetic& arithmetic = inputs.recipe.arithmetic;
  const i128 step = power_of_ten(Usd::decimals - arithmetic.decimals);
  for (const LineGroup& group : groups_of(inputs, portfolio, rule, !brief)) {
    scope.stand_on(group);
    const Number value = TRY(evaluate(rule.value, scope));
    component.values.push_back({group.key, group.lines.empty() ? nobody : group.lines.front(), value});
    Usd amount;
    if (charge) {
      if (!value.to_units(arithmetic.decimals, arithmetic.round, amount.raw) ||
          !multiply(amount.raw, step, amount.raw)) {
        return overflow("'" + rule.value.text + "'");
      }
      TRY_VOID(accumulate(component.amount, amount));
    }
    if (brief) continue;
    std::vector<Number> parts(count);
    TRY_VOID(add_parts(scope, rule, group, report, parts));
    if (charge) {
      const std::vector<i128> shares = TRY(share_in_proportion(parts, amount.raw));
      for (std::size_t i = 0; i < count; ++i) TRY_VOID(accumulate(component.by_line[i], Usd{shares[i]}));
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!Number::add(component.parts[i], parts[i], component.parts[i])) return overflow("a contribution");
    }
    component.groups.push_back(
        {group.name, amount, {}, charge ? "" : value.to_string() + " " + to_string(rule.value.unit)});
  }
  return component;
}

namespace {

/// One option as the payoff needs it.
struct Struck {
  Number strike, size;
  bool is_call;
  std::size_t line;
};

/// Sum over options of what they pay at the price, per line; long positive.
bool paid(const Struck& option, const Number& price, Number& out) {
  Number gap;
  if (!(option.is_call ? Number::subtract(price, option.strike, gap) : Number::subtract(option.strike, price, gap)))
    return false;
  if (gap.sign() <= 0) return out = Number{}, true;
  return Number::multiply(gap, option.size, out);
}

/// The lowest payoff of options sorted by strike, never above 0, and the price where it is. One pass: between strikes a
/// payoff is straight, so it is carried from strike to strike by its slope.
bool lowest_payoff(const std::vector<Struck>& options, Number& lowest, Number& at) {
  Number value, slope, part;
  for (const Struck& option : options) {  // at a price of 0 every put pays its strike
    if (option.is_call) continue;
    if (!Number::multiply(option.strike, option.size, part) || !Number::add(value, part, value) ||
        !Number::subtract(slope, option.size, slope)) {
      return false;
    }
  }
  lowest = Number{};
  at = Number{};
  if (value < lowest) lowest = value;
  Number price;
  for (std::size_t i = 0; i < options.size();) {
    Number gap;
    if (!Number::subtract(options[i].strike, price, gap) || !Number::multiply(slope, gap, part) ||
        !Number::add(value, part, value)) {
      return false;
    }
    price = options[i].strike;
    if (value < lowest) {
      lowest = value;
      at = price;
    }
    // Above a strike its calls begin to pay and its puts have stopped: both raise the slope by the size.
    for (; i < options.size() && options[i].strike == price; ++i) {
      if (!Number::add(slope, options[i].size, slope)) return false;
    }
  }
  return true;
}

}  // namespace

Result<ComponentAmount> payoff_charge(const MarginInputs& inputs, const Portfolio& portfolio, const Payoff& rule,
                                      bool brief, const MarginReport& report) {
  ComponentAmount component;
  const std::size_t count = portfolio.lines.size() + 1;
  if (!brief) {
    component.by_line.resize(count);
    component.parts.resize(count);
  }
  std::vector<bool> included;
  for (const Line& line : portfolio.lines) included.push_back(is_of(inputs.registry, line, {Kind::option}, Side::both));
  for (const LineGroup& group : group_lines(inputs.registry, portfolio, rule.each, included, !brief)) {
    std::vector<Struck> options;
    for (const std::size_t line : group.lines) {
      const auto read = [&](PositionField field) {
        return read_field(inputs, portfolio, report.equity, field, rule.each, line);
      };
      options.push_back({TRY(read(PositionField::strike)), TRY(read(PositionField::size)),
                         inputs.registry[portfolio.lines[line].instrument].is_call, line});
    }
    std::sort(options.begin(), options.end(), [](const Struck& a, const Struck& b) { return a.strike < b.strike; });
    Number lowest, at;
    if (!lowest_payoff(options, lowest, at)) return overflow("a payoff at expiry");
    component.values.push_back({group.key, group.lines.front(), -lowest});
    Usd amount;
    if (!(-lowest).to_units(Usd::decimals, Round::up, amount.raw)) return overflow("a payoff at expiry");
    TRY_VOID(accumulate(component.amount, amount));
    if (brief) continue;
    std::vector<Number> parts(count);
    for (const Struck& option : options) {
      Number payoff;
      if (!lowest.is_zero() && !paid(option, at, payoff)) return overflow("a payoff at expiry");
      parts[option.line] = -payoff;
    }
    const std::vector<i128> shares = TRY(share_in_proportion(parts, amount.raw));
    for (std::size_t i = 0; i < count; ++i) {
      TRY_VOID(accumulate(component.by_line[i], Usd{shares[i]}));
      if (!Number::add(component.parts[i], parts[i], component.parts[i])) return overflow("a contribution");
    }
    component.groups.push_back({group.name, amount, {}, ""});
  }
  return component;
}

Result<Number> amount_within(const MarginInputs& inputs, const Portfolio& portfolio, const MarginReport& report,
                             std::size_t component, Grouping coarse, std::size_t line) {
  const Grouping own = grouping_of(inputs.recipe.components[component].rule);
  const Grouping seen = holds(own, coarse) ? own : coarse;
  const Keyed sums = TRY(summed_to(inputs, portfolio, report.components[component], seen));
  const GroupKey key = seen == Grouping::all ? GroupKey{} : group_key(inputs.registry, portfolio, line, seen);
  const Number* found = find(sums, key);
  return found == nullptr ? otherwise_of(inputs.recipe, component) : *found;
}

}  // namespace margrave
