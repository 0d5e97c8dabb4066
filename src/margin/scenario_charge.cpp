#include "margin/scenario_charge.h"

#include "array/measure.h"
#include "margin/group.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const std::string& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account + ": a scenario value leaves 128 bits",
               .remedy = "split the account"});
}

struct SetInArray {
  const ScenarioRange* range;
  std::size_t number;
};

Result<SetInArray> find_set(const RiskArray& array, const std::string& name) {
  for (std::size_t s = 0; s < array.ranges().size(); ++s) {
    if (array.ranges()[s].name == name) return SetInArray{&array.ranges()[s], s};
  }
  return fail({.kind = ErrorKind::config,
               .message = "the risk array has no scenario set '" + name + "'",
               .remedy = "revalue the market under the recipe's scenarios"});
}

bool covers(const RiskArray& array, std::uint32_t row, std::size_t set) {
  const i128 mask = array.scalar(row, ScalarField::uncovered_sets).value_or(0);
  return ((mask >> set) & 1) == 0;
}

/// What a rule looks at: the lines and balances that its set covers, in groups.
struct Covered {
  std::vector<LineGroup> groups;
  std::vector<bool> balances;
};

Covered cover(const MarginInputs& inputs, const Portfolio& portfolio, const ScenarioMeasure& rule, std::size_t set,
              std::vector<Omission>* omissions) {
  const auto omit = [&](std::uint32_t row) {
    if (omissions != nullptr) omissions->push_back({inputs.array.name(row), "no history in scenario set " + rule.set});
  };
  Covered covered;
  std::vector<bool> lines;
  for (const Line& line : portfolio.lines) {
    lines.push_back(covers(inputs.array, line.position.row, set));
    if (!lines.back()) omit(line.position.row);
  }
  for (const Holding& balance : portfolio.balances) {
    covered.balances.push_back(rule.with_balances && covers(inputs.array, balance.row, set));
    if (rule.with_balances && !covered.balances.back() && balance.quantity != 0) omit(balance.row);
  }
  covered.groups = group_lines(inputs.registry, portfolio, rule.group, lines);
  if (covered.groups.empty() && rule.with_balances) covered.groups.push_back({"all", {}});
  return covered;
}

std::vector<Holding> holdings_of(const Portfolio& portfolio, const Covered& covered, const LineGroup& group) {
  std::vector<Holding> holdings;
  for (const std::size_t line : group.lines) append_holdings(portfolio.lines[line], holdings);
  for (std::size_t b = 0; b < portfolio.balances.size(); ++b) {
    if (covered.balances[b]) holdings.push_back(portfolio.balances[b]);
  }
  return holdings;
}

Result<Measured> measure(const MarginInputs& inputs, const ScenarioMeasure& rule, const Outcomes& outcomes) {
  switch (rule.kind) {
    case ScenarioMeasure::Kind::worst:
      return worst(outcomes);
    case ScenarioMeasure::Kind::weighted_worst:
      return weighted_worst(outcomes, inputs.array);
    case ScenarioMeasure::Kind::var:
    case ScenarioMeasure::Kind::es:
      break;
  }
  const std::size_t k = TRY(tail_count(rule.confidence, outcomes.size()));
  return rule.kind == ScenarioMeasure::Kind::var ? value_at_risk(outcomes, k) : expected_shortfall(outcomes, k);
}

/// Sum over the tail of the loss of some holdings, times the scenario's weight for a weighted worst, in 2^exponent.
Result<i128> tail_loss(const MarginInputs& inputs, const ScenarioMeasure& rule, std::span<const Holding> holdings,
                       const Measured& measured, const std::string& account) {
  i128 sum = 0;
  for (const Holding& holding : holdings) {
    const i128 now = inputs.array.entry(holding.row, 0);
    i128 change = 0;
    for (const std::uint32_t column : measured.tail) change += now - inputs.array.entry(holding.row, column);
    i128 part = 0;
    const int shift = inputs.array.exponent(holding.row) - measured.exponent;
    const i128 weight =
        rule.kind == ScenarioMeasure::Kind::weighted_worst ? inputs.array.weight(measured.tail[0]).raw : 1;
    if (!multiply(holding.quantity, change, part) || !shift_by(part, shift, Round::down, part) ||
        !multiply(part, weight, part) || !add(sum, part, sum)) {
      return overflow(account);
    }
  }
  return sum;
}

/// Splits a group's amount over its lines and, last, the balances.
Result<void> contribute(const MarginInputs& inputs, const Portfolio& portfolio, const ScenarioMeasure& rule,
                        const Covered& covered, const LineGroup& group, const Measured& measured, Usd amount,
                        std::vector<Usd>& by_line) {
  std::vector<i128> parts;
  std::vector<std::size_t> places = group.lines;
  for (const std::size_t line : group.lines) {
    std::vector<Holding> holdings;
    append_holdings(portfolio.lines[line], holdings);
    parts.push_back(TRY(tail_loss(inputs, rule, holdings, measured, portfolio.account)));
  }
  if (rule.with_balances) {
    const LineGroup none{"balances", {}};
    const std::vector<Holding> holdings = holdings_of(portfolio, covered, none);
    parts.push_back(TRY(tail_loss(inputs, rule, holdings, measured, portfolio.account)));
    places.push_back(portfolio.lines.size());
  }
  const Factor factor = TRY(usd_factor(measured.exponent, measured.divisor));
  const std::vector<Usd> shares = TRY(share_usd(parts, factor.numerator, factor.denominator, amount));
  for (std::size_t i = 0; i < places.size(); ++i) TRY_VOID(accumulate(by_line[places[i]], shares[i]));
  return {};
}

}  // namespace

Result<ComponentAmount> scenario_charge(const MarginInputs& inputs, const Portfolio& portfolio,
                                        const ScenarioMeasure& rule, bool brief, MarginReport& report) {
  const SetInArray set = TRY(find_set(inputs.array, rule.set));
  const Covered covered = cover(inputs, portfolio, rule, set.number, &report.omissions);
  ComponentAmount component;
  if (!brief) component.by_line.resize(portfolio.lines.size() + 1);
  ScenarioVector vector;
  for (const LineGroup& group : covered.groups) {
    const std::vector<Holding> holdings = holdings_of(portfolio, covered, group);
    TRY_VOID(evaluate(inputs.array, holdings, inputs.isa, vector));
    report.in_128_bits = report.in_128_bits || !vector.in_64_bits();
    Measured measured = TRY(measure(inputs, rule, outcomes_of(vector, *set.range)));
    Usd amount;
    if (measured.amount > 0) {
      amount = TRY(to_usd(measured, Round::up));
      if (!brief) {
        TRY_VOID(contribute(inputs, portfolio, rule, covered, group, measured, amount, component.by_line));
      }
    }
    TRY_VOID(accumulate(component.amount, amount));
    if (!brief) component.groups.push_back({group.name, amount, std::move(measured.tail)});
  }
  return component;
}

Result<std::vector<Usd>> scenario_profits(const MarginInputs& inputs, const Portfolio& portfolio,
                                          const ScenarioMeasure& rule, std::size_t group) {
  const SetInArray set = TRY(find_set(inputs.array, rule.set));
  const Covered covered = cover(inputs, portfolio, rule, set.number, nullptr);
  CHECK(group < covered.groups.size());
  ScenarioVector vector;
  TRY_VOID(evaluate(inputs.array, holdings_of(portfolio, covered, covered.groups[group]), inputs.isa, vector));
  const Outcomes outcomes = outcomes_of(vector, *set.range);
  std::vector<Usd> profits;
  for (std::size_t s = 0; s < outcomes.size(); ++s) {
    profits.push_back(TRY(to_usd(outcomes.value(s) - outcomes.now, outcomes.exponent, 1, Round::half_even)));
  }
  return profits;
}

}  // namespace margrave
