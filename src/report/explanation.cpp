#include "report/explanation.h"

#include <algorithm>

#include "array/measure.h"
#include "margin/group.h"
#include "margin/rate_charge.h"

namespace margrave {
namespace {

void walk(const Recipe& recipe, const MarginReport& report, std::size_t at, std::vector<std::size_t>& parts) {
  if (std::find(parts.begin(), parts.end(), at) != parts.end()) return;
  parts.push_back(at);
  const Rule& rule = recipe.components[at].rule;
  if (const auto* scale = std::get_if<Scale>(&rule)) walk(recipe, report, scale->of, parts);
  if (const auto* max = std::get_if<Max>(&rule)) walk(recipe, report, max->of[report.components[at].chosen], parts);
  for (const std::size_t of : read_by(rule)) walk(recipe, report, of, parts);
  if (const auto* sum = std::get_if<Sum>(&rule)) {
    for (const std::size_t of : sum->of) walk(recipe, report, of, parts);
  }
}

/// Everything that counts, the initial level first.
std::vector<std::size_t> parts_of_levels(const Recipe& recipe, const MarginReport& report) {
  std::vector<std::size_t> parts = parts_of_level(recipe, report, recipe.initial);
  walk(recipe, report, recipe.maintenance, parts);
  return parts;
}

/// Which of the groups holds a line, in the order of ComponentAmount::groups.
std::optional<std::size_t> group_with(const std::vector<LineGroup>& groups, std::size_t line) {
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<std::size_t>& lines = groups[g].lines;
    if (std::find(lines.begin(), lines.end(), line) != lines.end()) return g;
  }
  return std::nullopt;
}

/// The lines that a measure looks at: those whose coins its set covers.
std::vector<bool> covered_lines(const RiskArray& array, const Portfolio& portfolio, const ScenarioMeasure& rule) {
  const ScenarioRange* range = array.find_range(rule.set);
  CHECK(range != nullptr);  // the account could not have been assessed
  const auto set = static_cast<std::size_t>(range - array.ranges().data());
  std::vector<bool> covered;
  for (const Line& line : portfolio.lines) {
    const i128 uncovered = array.scalar(line.position.row, ScalarField::uncovered_sets).value_or(0);
    covered.push_back(((uncovered >> set) & 1) == 0);
  }
  return covered;
}

/// Exact profit of some holdings in a column.
Result<Usd> profit_of(const RiskArray& array, const std::vector<Holding>& holdings, std::uint32_t column) {
  Usd sum;
  for (const Holding& holding : holdings) {
    const i128 change = static_cast<i128>(array.entry(holding.row, column)) - array.entry(holding.row, 0);
    i128 amount = 0;
    if (!multiply(change, holding.quantity, amount))
      return fail({.kind = ErrorKind::overflow, .message = "a profit leaves 128 bits"});
    sum += TRY(to_usd(amount, array.exponent(holding.row), 1, Round::half_even));
  }
  return sum;
}

std::string set_of(const RiskArray& array, std::uint32_t column) {
  for (const ScenarioRange& range : array.ranges()) {
    if (column >= range.begin && column < range.end) return range.name;
  }
  return "";
}

Result<ExplainedScenario> through(const MarginContext& context, const Line& line, std::uint32_t column) {
  ExplainedScenario explained;
  explained.set = set_of(context.array, column);
  explained.scenario = context.array.scenario(column);
  explained.entry = explain_entry(context.market, context.sets, context.array, line.instrument, column);
  if (line.leg) explained.leg_profit = TRY(profit_of(context.array, {*line.leg}, column));
  explained.profit = TRY(profit_of(context.array, {line.position}, column)) + explained.leg_profit;
  return explained;
}

/// The rule with a rate of 1, whose charge is the base itself.
RateOnBase bare(RateOnBase rule, Grouping group) {
  rule.group = group;
  rule.rate = Ratio{power_of_ten(Ratio::decimals)};
  rule.rates.clear();
  return rule;
}

/// |base| of a line alone; none when the rule does not look at it.
Result<std::optional<Usd>> base_of(const MarginContext& context, const RateOnBase& rule, const Line& line) {
  const Portfolio alone{"", {line}, {}};
  const ComponentAmount charge = TRY(rate_charge(context.inputs(), alone, bare(rule, Grouping::position), false));
  return charge.groups.empty() ? std::optional<Usd>{} : charge.amount;
}

Ratio rate_of(const Registry& registry, const RateOnBase& rule, const Line& line) {
  const std::string& underlying = registry[registry[line.instrument].underlying].name;
  const auto own = std::find_if(rule.rates.begin(), rule.rates.end(),
                                [&](const auto& by_underlying) { return by_underlying.first == underlying; });
  return own == rule.rates.end() ? rule.rate : own->second;
}

bool is_negative(const RateOnBase& rule, const Line& line, const LineAmount& amount) {
  return rule.base == RateOnBase::Base::notional ? line.lots.raw < 0
                                                 : rule.base == RateOnBase::Base::mark_value && amount.value.raw < 0;
}

Result<std::optional<ExplainedRate>> explain_rate(const MarginContext& context, const Portfolio& portfolio,
                                                  const MarginReport& report, std::size_t component,
                                                  std::size_t position) {
  const auto* rule = std::get_if<RateOnBase>(&context.recipe.components[component].rule);
  if (rule == nullptr) return std::nullopt;
  std::vector<std::optional<Usd>> bases;
  std::vector<bool> included;
  for (const Line& line : portfolio.lines) {
    bases.push_back(TRY(base_of(context, *rule, line)));
    included.push_back(bases.back().has_value());
  }
  const std::vector<LineGroup> groups = group_lines(context.market.registry, portfolio, rule->group, included);
  const std::optional<std::size_t> g = group_with(groups, position);
  if (!g) return std::nullopt;
  const ComponentAmount nets = TRY(rate_charge(context.inputs(), portfolio, bare(*rule, rule->group), false));
  const bool negative = is_negative(*rule, portfolio.lines[position], report.lines[position]);
  const ComponentAmount& charged = report.components[component];
  return ExplainedRate{.component = context.recipe.components[component].name,
                       .group = groups[*g].name,
                       .of = rule->base,
                       .rate = rate_of(context.market.registry, *rule, portfolio.lines[groups[*g].lines.front()]),
                       .base = negative ? -*bases[position] : *bases[position],
                       .net_base = nets.groups[*g].amount,
                       .charge = charged.groups[*g].amount,
                       .contribution = charged.by_line[position]};
}

}  // namespace

std::vector<std::size_t> parts_of_level(const Recipe& recipe, const MarginReport& report, std::size_t level) {
  std::vector<std::size_t> parts;
  walk(recipe, report, level, parts);
  return parts;
}

std::optional<std::uint32_t> worst_column(const MarginContext& context, const Portfolio& portfolio,
                                          const MarginReport& report, std::size_t position) {
  for (const std::size_t part : parts_of_levels(context.recipe, report)) {
    const auto* rule = std::get_if<ScenarioMeasure>(&context.recipe.components[part].rule);
    if (rule == nullptr) continue;
    const std::vector<bool> covered = covered_lines(context.array, portfolio, *rule);
    const auto g = group_with(group_lines(context.market.registry, portfolio, rule->group, covered), position);
    if (!g) continue;
    const std::vector<std::uint32_t>& tail = report.components[part].groups[*g].tail;
    if (!tail.empty()) return tail.front();
  }
  return std::nullopt;
}

Result<Explained> explain_position(const MarginContext& context, const AccountReport& account, std::size_t position,
                                   std::optional<std::uint32_t> column) {
  const MarginReport& report = account.report;
  const Recipe& recipe = context.recipe;
  const Portfolio portfolio = TRY(make_portfolio(context.market.registry, context.index, context.array, account.book));
  Explained explained;
  explained.position = account.book.positions[position];
  explained.initial = report.components[recipe.initial].by_line[position];
  explained.maintenance = report.components[recipe.maintenance].by_line[position];
  if (!column) column = worst_column(context, portfolio, report, position);
  if (column) explained.scenario = TRY(through(context, portfolio.lines[position], *column));
  for (const std::size_t part : parts_of_levels(recipe, report)) {
    const auto rate = TRY(explain_rate(context, portfolio, report, part, position));
    if (rate) explained.rates.push_back(*rate);
  }
  return explained;
}

}  // namespace margrave
