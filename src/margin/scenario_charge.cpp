#include "margin/scenario_charge.h"

#include "array/measure.h"
#include "margin/apportion.h"
#include "margin/group.h"
#include "margin/profile.h"
#include "margin/set_in_array.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const std::string& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account + ": a scenario value leaves 128 bits",
               .remedy = "split the account"});
}

/// What a rule looks at: the lines and balances that its set covers, lines in groups.
struct Covered {
  const GroupedLines& groups;
  std::vector<Holding> balances;
};

Covered cover(Account& account, const ScenarioMeasure& rule, std::size_t set, std::vector<Omission>* omissions) {
  static const GroupedLines none = GroupedLines::none();
  const RiskArray& array = account.inputs().array;
  const Portfolio& portfolio = account.portfolio();
  const auto omit = [&](std::uint32_t row) {
    if (omissions != nullptr) omissions->push_back({array.name(row), "no history in scenario set " + rule.set});
  };
  Account::Selection selection;
  if (account.lacks_any(set)) {
    selection.set = set;
    for (std::size_t line = 0; line < portfolio.lines.size(); ++line) {
      if (account.lacks(line, set)) omit(portfolio.lines[line].position.row);
    }
  }
  const GroupedLines& groups = account.lines(rule.group, selection);
  if (!rule.with_balances) return {groups, {}};
  Covered covered{groups.size() == 0 ? none : groups, {}};
  for (const Holding& balance : portfolio.balances) {
    if (covers(array, balance.row, set)) {
      covered.balances.push_back(balance);
    } else if (balance.quantity != 0) {
      omit(balance.row);
    }
  }
  return covered;
}

/// The values or profits of a group in the scenarios of a set.
struct GroupOutcomes {
  std::optional<Profile> profile;  ///< of a transform
  Outcomes outcomes;
  bool in_128_bits{false};
};

Result<GroupOutcomes> outcomes_of(Account& account, const ScenarioMeasure& rule, const Covered& covered,
                                  std::size_t group, const ScenarioRange& range, const MarginReport& report) {
  GroupOutcomes out;
  const std::span<const std::uint32_t> lines = covered.groups[group];
  if (rule.transform) {
    out.profile = TRY(profile_of(account, *rule.transform, lines, covered.balances, range, report));
    out.outcomes = out.profile->outcomes(range);
    return out;
  }
  const ScenarioVector* values = TRY(account.values(lines, covered.balances));
  out.in_128_bits = !values->in_64_bits();
  out.outcomes = margrave::outcomes_of(*values, range);
  return out;
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
Result<void> contribute(const Account& account, const ScenarioMeasure& rule, const Covered& covered,
                        std::span<const std::uint32_t> lines, const Measured& measured, Usd amount,
                        std::vector<Usd>& by_line) {
  const Portfolio& portfolio = account.portfolio();
  std::vector<i128> parts;
  std::vector<std::size_t> places(lines.begin(), lines.end());
  for (const std::uint32_t line : lines) {
    std::vector<Holding> holdings;
    append_holdings(portfolio.lines[line], holdings);
    parts.push_back(TRY(tail_loss(account.inputs(), rule, holdings, measured, portfolio.account)));
  }
  if (rule.with_balances) {
    parts.push_back(TRY(tail_loss(account.inputs(), rule, covered.balances, measured, portfolio.account)));
    places.push_back(portfolio.lines.size());
  }
  const Factor factor = TRY(usd_factor(measured.exponent, measured.divisor));
  const std::vector<Usd> shares = TRY(share_usd(parts, factor.numerator, factor.denominator, amount));
  for (std::size_t i = 0; i < places.size(); ++i) TRY_VOID(accumulate(by_line[places[i]], shares[i]));
  return {};
}

/// As contribute(), of a profile.
Result<void> contribute_profile(const Account& account, const Transform& transform, const Covered& covered,
                                const Profile& profile, const Measured& measured, Usd amount,
                                std::vector<Usd>& by_line) {
  const RiskArray& array = account.inputs().array;
  const Portfolio& portfolio = account.portfolio();
  std::vector<i128> losses;
  std::vector<std::size_t> places;
  for (const ProfilePart& part : profile.parts) {
    for (const std::uint32_t line : part.lines) {
      std::vector<Holding> holdings;
      append_holdings(portfolio.lines[line], holdings);
      losses.push_back(loss_through(array, transform, profile, part, holdings, measured.tail));
      places.push_back(line);
    }
  }
  losses.push_back(loss_through(array, transform, profile, profile.parts[0], covered.balances, measured.tail));
  places.push_back(portfolio.lines.size());
  const std::vector<i128> shares = TRY(share_in_proportion(losses, amount.raw));
  for (std::size_t i = 0; i < places.size(); ++i) TRY_VOID(accumulate(by_line[places[i]], Usd{shares[i]}));
  return {};
}

}  // namespace

Result<ComponentAmount> scenario_charge(Account& account, const ScenarioMeasure& rule, bool brief,
                                        MarginReport& report) {
  const MarginInputs& inputs = account.inputs();
  const SetInArray set = TRY(find_set(inputs.array, rule.set));
  const Covered covered = cover(account, rule, set.number, &report.omissions);
  ComponentAmount component;
  if (!brief) component.by_line.resize(account.portfolio().lines.size() + 1);
  component.values.reserve(covered.groups.size());
  for (std::size_t g = 0; g < covered.groups.size(); ++g) {
    const std::span<const std::uint32_t> lines = covered.groups[g];
    const GroupOutcomes group = TRY(outcomes_of(account, rule, covered, g, *set.range, report));
    report.in_128_bits = report.in_128_bits || group.in_128_bits;
    Measured measured = TRY(measure_of(inputs.array, rule, group.outcomes));
    Usd amount;
    if (measured.amount > 0) amount = TRY(to_usd(measured, Round::up));
    TRY_VOID(accumulate(component.amount, amount));
    const std::size_t first = lines.empty() ? 0 : lines.front();
    component.values.push_back({account.key(rule.group, first), first, Number::from_units(amount.raw, Usd::decimals)});
    if (brief) continue;
    if (measured.amount > 0 && group.profile) {
      TRY_VOID(
          contribute_profile(account, *rule.transform, covered, *group.profile, measured, amount, component.by_line));
    } else if (measured.amount > 0) {
      TRY_VOID(contribute(account, rule, covered, lines, measured, amount, component.by_line));
    }
    component.groups.push_back({account.group_name(rule.group, lines), amount, std::move(measured.tail), {}});
  }
  return component;
}

Result<std::vector<Usd>> scenario_profits(const MarginInputs& inputs, const Portfolio& portfolio,
                                          const ScenarioMeasure& rule, std::size_t group, const MarginReport& report) {
  Account account(inputs, portfolio);
  const SetInArray set = TRY(find_set(inputs.array, rule.set));
  const Covered covered = cover(account, rule, set.number, nullptr);
  CHECK(group < covered.groups.size());
  const GroupOutcomes found = TRY(outcomes_of(account, rule, covered, group, *set.range, report));
  const Outcomes& outcomes = found.outcomes;
  std::vector<Usd> profits;
  for (std::size_t s = 0; s < outcomes.size(); ++s) {
    profits.push_back(TRY(to_usd(outcomes.value(s) - outcomes.now, outcomes.exponent, 1, Round::half_even)));
  }
  return profits;
}

}  // namespace margrave
