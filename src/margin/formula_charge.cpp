#include "margin/formula_charge.h"

#include <algorithm>
#include <numeric>

#include "formula/evaluate.h"
#include "margin/apportion.h"
#include "margin/by_name.h"
#include "margin/group.h"
#include "margin/group_sums.h"
#include "margin/position_field.h"

namespace margrave {
namespace {

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

tl::unexpected<Error> overflow(const std::string& what) {
  return fail({.kind = ErrorKind::overflow, .message = what + " leaves its numbers", .remedy = "split the account"});
}

/// Where a component's expression finds what it names: one group of its lines (balances, of Grouping::asset).
class GroupScope : public Scope {
 public:
  GroupScope(const Account& account, std::size_t component, Usd equity)
      : account_(account),
        component_(component),
        rule_(std::get<Formula>(account.inputs().recipe.components[component].rule)),
        equity_(equity),
        reads_(account.memory()) {}

  const Formula& rule() const { return rule_; }

  /// Looks at the components that the expression reads: of a whole group, or member by member inside a sum.
  Result<void> read_components(const MarginReport& report) {
    const auto readings = account_.prepared().readings(component_);
    reads_.reserve(readings.size());
    for (const PreparedRecipe::Reading& reading : readings)
      reads_.push_back(TRY(GroupSums::create(account_, report, reading.component, reading.within)));
    return {};
  }

  void stand_on(std::span<const std::uint32_t> lines) { lines_ = lines; }
  std::span<const std::uint32_t> lines() const { return lines_; }

  std::size_t members() const override { return lines_.size(); }

  Result<Number> field(std::size_t index, std::size_t member) const override {
    if (static_cast<PositionField>(index) == PositionField::size && rule_.each != Grouping::asset && !lines_.empty()) {
      if (const auto coins = account_.coins(line_of(member))) return *coins;
    }
    return read_field(account_.inputs(), account_.portfolio(), equity_, static_cast<PositionField>(index), rule_.each,
                      line_of(member));
  }

  Result<Number> parameter(std::size_t index, std::size_t member) const override {
    const Parameter& parameter = account_.inputs().recipe.parameters[index];
    return parameter.by.empty() ? parameter.value : by_name(parameter.by, subject(member), parameter.value);
  }

  const Table& table(std::size_t index, std::size_t member) const override {
    const NamedTable& named = account_.inputs().recipe.tables[index];
    return named.by.empty() ? named.table : by_name(named.by, subject(member), named.table);
  }

  Result<Number> component(std::size_t index, std::size_t member) const override {
    const bool of_member = member != whole_group;
    const auto readings = account_.prepared().readings(component_);
    std::size_t r = 0;
    while (readings[r].component != index || readings[r].of_member != of_member) ++r;
    return reads_[r].at(line_of(of_member ? member : 0));
  }

  const Number* known(std::size_t index, std::size_t member) const override {
    return lines_.empty() ? nullptr : account_.prepared().known(component_, account_.place(lines_[member]), index);
  }

 private:
  std::size_t line_of(std::size_t member) const { return lines_.empty() ? 0 : lines_[member]; }

  /// What a parameter or table may differ by: the underlying of a line, or the asset of a balance.
  std::string_view subject(std::size_t member) const {
    if (lines_.empty()) return {};
    const MarginInputs& inputs = account_.inputs();
    if (rule_.each == Grouping::asset) return asset_name(inputs.array, account_.portfolio().balances[lines_[member]]);
    return inputs.registry[inputs.registry[account_.portfolio().lines[lines_[member]].instrument].underlying].name;
  }

  const Account& account_;
  std::size_t component_;
  const Formula& rule_;
  Usd equity_;
  std::pmr::vector<GroupSums> reads_;  ///< by reading of the prepared recipe
  std::span<const std::uint32_t> lines_;
};

/// The value for the group that the scope stands on. What fails is said by the expression as it was written.
Result<Number> value_of(const Account& account, std::size_t component, const GroupScope& scope) {
  if (account.prepared().is_one_known(component) && !scope.lines().empty()) {
    if (const Number* known = scope.known(0, 0)) return *known;
  }
  const Result<Number> value = evaluate(account.prepared().expression(component), scope);
  return value ? value : evaluate(scope.rule().value, scope);
}

/// The lines whose parts of another component an expression's group reads. Of a coarser component no part belongs to
/// this group alone.
std::vector<std::size_t> lines_read(const Account& account, const GroupScope& scope, const Step& step,
                                    std::size_t member) {
  const Formula& rule = scope.rule();
  const std::size_t balances = account.portfolio().lines.size();
  std::vector<std::size_t> lines;
  if (rule.each == Grouping::all && !step.of_member) {
    lines.resize(balances + 1);
    std::iota(lines.begin(), lines.end(), std::size_t{0});
    return lines;
  }
  const Grouping own = grouping_of(account.inputs().recipe.components[step.index].rule);
  if (step.of_member ? own != Grouping::position : !holds(rule.each, own)) return lines;
  for (std::size_t m = 0; m < scope.members(); ++m) {
    if (step.of_member && m != member) continue;
    lines.push_back(rule.each == Grouping::asset ? balances : scope.lines()[m]);
  }
  return lines;
}

/// parts[line] += value * slope for each leaf that is proportional to a position.
Result<void> add_parts(const Account& account, const GroupScope& scope, const MarginReport& report,
                       std::vector<Number>& parts) {
  const Formula& rule = scope.rule();
  const auto add_to = [&](std::size_t line, const Number& value, const Number& slope) {
    Number part;
    return Number::multiply(value, slope, part) && Number::add(parts[line], part, parts[line]);
  };
  const std::vector<Slope> all = TRY(slopes(rule.value, scope));
  for (const Slope& leaf : all) {
    const Step& step = rule.value.steps[leaf.step];
    if (step.op == Step::Op::field && position_fields()[step.index].extensive && scope.members() > 0) {
      const std::size_t line = rule.each == Grouping::asset ? parts.size() - 1 : scope.lines()[leaf.member];
      if (!add_to(line, leaf.value, leaf.slope)) return overflow("a contribution");
    }
    if (step.op != Step::Op::component || report.components[step.index].parts.empty()) continue;
    for (const std::size_t line : lines_read(account, scope, step, leaf.member)) {
      if (!add_to(line, report.components[step.index].parts[line], leaf.slope)) return overflow("a contribution");
    }
  }
  return {};
}

/// Adds what each line has of one group's amount; in other units than dollars there is nothing to share out.
Result<void> contribute(const Account& account, const GroupScope& scope, const MarginReport& report,
                        std::optional<Usd> amount, ComponentAmount& component) {
  std::vector<Number> parts(component.parts.size());
  TRY_VOID(add_parts(account, scope, report, parts));
  if (amount) {
    const std::vector<i128> shares = TRY(share_in_proportion(parts, amount->raw));
    for (std::size_t i = 0; i < shares.size(); ++i) TRY_VOID(accumulate(component.by_line[i], Usd{shares[i]}));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!Number::add(component.parts[i], parts[i], component.parts[i])) return overflow("a contribution");
  }
  return {};
}

/// A group's value in dollars, rounded as the recipe says.
Result<Usd> rounded(const Arithmetic& arithmetic, const Number& value, const Expression& expression) {
  const i128 step = power_of_ten(Usd::decimals - arithmetic.decimals);
  Usd amount;
  if (!value.to_units(arithmetic.decimals, arithmetic.round, amount.raw) || !multiply(amount.raw, step, amount.raw))
    return overflow("'" + expression.text + "'");
  return amount;
}

}  // namespace

Result<ComponentAmount> formula_charge(Account& account, std::size_t component, bool brief,
                                       const MarginReport& report) {
  GroupScope scope(account, component, report.equity);
  TRY_VOID(scope.read_components(report));
  const Formula& rule = scope.rule();
  const Recipe& recipe = account.inputs().recipe;
  const bool is_charge = recipe.is_charge(recipe.components[component]);
  const GroupedLines& selected = account.lines(rule.each, {rule.kinds, rule.side, rule.is_call});
  static const GroupedLines none = GroupedLines::none();
  const GroupedLines& groups = selected.size() == 0 && rule.each == Grouping::all ? none : selected;
  ComponentAmount out;
  if (!brief) out.by_line.resize(account.portfolio().lines.size() + 1);
  if (!brief) out.parts.resize(account.portfolio().lines.size() + 1);
  out.values.reserve(groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    scope.stand_on(groups[g]);
    const Number value = TRY(value_of(account, component, scope));
    const std::size_t first = groups[g].empty() ? nobody : groups[g].front();
    out.values.push_back({account.key(rule.each, first), first, value});
    std::optional<Usd> amount;
    if (is_charge) amount = TRY(rounded(recipe.arithmetic, value, rule.value));
    TRY_VOID(accumulate(out.amount, amount.value_or(Usd{})));
    if (brief) continue;
    TRY_VOID(contribute(account, scope, report, amount, out));
    out.groups.push_back({account.group_name(rule.each, groups[g]), amount.value_or(Usd{}), {}, {}});
    if (!is_charge) out.groups.back().quantity = value.to_string() + " " + to_string(rule.value.unit);
  }
  return out;
}

}  // namespace margrave
