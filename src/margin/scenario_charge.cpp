#include "margin/scenario_charge.h"

#include "array/measure.h"
#include "margin/apportion.h"
#include "margin/formula_charge.h"
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
  if (covered.groups.empty() && rule.with_balances) covered.groups.push_back({{}, "all", {}});
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

constexpr int factor_bits = 40;  ///< a factor of a transform counts 2^-40
constexpr int profit_bits = 66;  ///< the largest value of a profile has no more, so that its products fit 128 bits

/// What some lines of a group are worth in the scenarios of a set, and what is done to it.
struct ProfilePart {
  std::vector<std::size_t> lines;
  bool transformed{false};
  i128 gains{i128{1} << factor_bits}, losses{i128{1} << factor_bits};
  ScenarioVector vector;
};

/// A factor of a transform, in units of 2^-40, rounded against the account: gains down, losses up.
Result<i128> factor_of(const MarginInputs& inputs, const Portfolio& portfolio, const MarginReport& report,
                       const Transform& transform, std::optional<std::size_t> component, std::size_t line,
                       Round round) {
  if (!component) return i128{1} << factor_bits;
  const Number value = TRY(amount_within(inputs, portfolio, report, *component, transform.each, line));
  Number scaled;
  i128 units = 0;
  if (value.sign() < 0 || value > Number(16) ||
      !Number::multiply(value, Number(std::int64_t{1} << factor_bits), scaled) || !scaled.to_units(0, round, units)) {
    return fail({.kind = ErrorKind::config,
                 .message = "the factor " + inputs.recipe.components[*component].name + " is " + value.to_string(),
                 .remedy = "a factor of a transform lies in 0 to 16"});
  }
  return units;
}

/// The parts of a group: one for each group of the transform, and one for what it leaves as it is, balances included.
Result<std::vector<ProfilePart>> parts_of(const MarginInputs& inputs, const Portfolio& portfolio,
                                          const ScenarioMeasure& rule, const Covered& covered, const LineGroup& group,
                                          const MarginReport& report) {
  const Transform& transform = *rule.transform;
  std::vector<bool> included(portfolio.lines.size(), false);
  std::vector<ProfilePart> parts(1);
  for (const std::size_t line : group.lines) {
    included[line] = is_of(inputs.registry, portfolio.lines[line], transform.kinds, Side::both);
    if (!included[line]) parts[0].lines.push_back(line);
  }
  for (LineGroup& inner : group_lines(inputs.registry, portfolio, transform.each, included, false)) {
    ProfilePart part;
    part.transformed = true;
    const std::size_t line = inner.lines.front();
    part.gains = TRY(factor_of(inputs, portfolio, report, transform, transform.gains, line, Round::down));
    part.losses = TRY(factor_of(inputs, portfolio, report, transform, transform.losses, line, Round::up));
    part.lines = std::move(inner.lines);
    parts.push_back(std::move(part));
  }
  for (std::size_t p = 0; p < parts.size(); ++p) {
    std::vector<Holding> holdings;
    for (const std::size_t line : parts[p].lines) append_holdings(portfolio.lines[line], holdings);
    for (std::size_t b = 0; p == 0 && b < portfolio.balances.size(); ++b) {
      if (covered.balances[b]) holdings.push_back(portfolio.balances[b]);
    }
    TRY_VOID(evaluate(inputs.array, holdings, inputs.isa, parts[p].vector));
  }
  return parts;
}

/// The unit in which all parts are summed: 30 binary places finer than the finest, as far as the largest value allows.
int profile_exponent(const std::vector<ProfilePart>& parts, const ScenarioRange& range) {
  int finest = 120, top = -300;
  for (const ProfilePart& part : parts) {
    i128 largest = abs128(part.vector.at(0));
    for (std::uint32_t c = range.begin; c < range.end; ++c) largest = std::max(largest, abs128(part.vector.at(c)));
    int bits = 0;
    while (bits < 127 && (largest >> bits) != 0) ++bits;
    if (bits == 0) continue;
    finest = std::min(finest, part.vector.exponent());
    top = std::max(top, part.vector.exponent() + bits);
  }
  return std::max(finest - 30, top - profit_bits);
}

i128 aligned(const ProfilePart& part, std::size_t column, int exponent) {
  const i128 whole = part.vector.at(column);
  i128 value = 0;
  if (whole != 0) CHECK(shift_by(whole, part.vector.exponent() - exponent, Round::down, value));  // below 2^66
  return value;
}

/// What a value or a change comes to under a part's factors, rounded down.
i128 factored(const ProfilePart& part, i128 amount) {
  const i128 factor = amount >= 0 ? part.gains : part.losses;
  return (amount * factor) >> factor_bits;
}

/// The profit that a part shows in a column.
i128 profit_of(const ProfilePart& part, const Transform& transform, i128 now, i128 value) {
  if (!part.transformed) return value - now;
  const i128 change = transform.of_value ? factored(part, value) - now : factored(part, value - now);
  return transform.worst_sign ? -abs128(change) : change;
}

/// The profits of a group after its transform, by scenario.
struct Profile {
  std::vector<ProfilePart> parts;
  int exponent{0};
  std::vector<i128> profits;
};

Result<Profile> profile_of(const MarginInputs& inputs, const Portfolio& portfolio, const ScenarioMeasure& rule,
                           const Covered& covered, const LineGroup& group, const ScenarioRange& range,
                           const MarginReport& report) {
  Profile profile;
  profile.parts = TRY(parts_of(inputs, portfolio, rule, covered, group, report));
  profile.exponent = profile_exponent(profile.parts, range);
  profile.profits.assign(range.size(), 0);
  for (const ProfilePart& part : profile.parts) {
    const i128 now = aligned(part, 0, profile.exponent);
    for (std::size_t s = 0; s < range.size(); ++s) {
      profile.profits[s] += profit_of(part, *rule.transform, now, aligned(part, range.begin + s, profile.exponent));
    }
  }
  return profile;
}

Outcomes outcomes_of(const Profile& profile, const ScenarioRange& range) {
  return {.narrow = {}, .wide = profile.profits, .now = 0, .exponent = profile.exponent, .first = range.begin};
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
    const LineGroup none{{}, "balances", {}};
    const std::vector<Holding> holdings = holdings_of(portfolio, covered, none);
    parts.push_back(TRY(tail_loss(inputs, rule, holdings, measured, portfolio.account)));
    places.push_back(portfolio.lines.size());
  }
  const Factor factor = TRY(usd_factor(measured.exponent, measured.divisor));
  const std::vector<Usd> shares = TRY(share_usd(parts, factor.numerator, factor.denominator, amount));
  for (std::size_t i = 0; i < places.size(); ++i) TRY_VOID(accumulate(by_line[places[i]], shares[i]));
  return {};
}

/// Value of holdings in a column, in units of 2^exponent to the nearest: for shares, not for amounts.
i128 value_in(const RiskArray& array, std::span<const Holding> holdings, std::uint32_t column, int exponent) {
  i128 sum = 0;
  for (const Holding& holding : holdings) {
    i128 part = 0;
    if (multiply(holding.quantity, array.entry(holding.row, column), part) &&
        shift_by(part, array.exponent(holding.row) - exponent, Round::half_even, part)) {
      sum += part;
    }
  }
  return sum;
}

/// The loss of some holdings of a part in a column, through the branch that the whole part took: its sign decides the
/// factor, and which way its change counts.
i128 share_of_loss(const ProfilePart& part, const Transform& transform, std::uint32_t column, int exponent, i128 now,
                   i128 value) {
  if (!part.transformed) return now - value;
  const i128 whole_now = aligned(part, 0, exponent), whole = aligned(part, column, exponent);
  const i128 factor = (transform.of_value ? whole : whole - whole_now) >= 0 ? part.gains : part.losses;
  const i128 profit =
      transform.of_value ? ((value * factor) >> factor_bits) - now : ((value - now) * factor) >> factor_bits;
  const i128 change = transform.of_value ? factored(part, whole) - whole_now : factored(part, whole - whole_now);
  return transform.worst_sign && change > 0 ? profit : -profit;
}

/// As contribute(), of a profile.
Result<void> contribute_profile(const MarginInputs& inputs, const Portfolio& portfolio, const ScenarioMeasure& rule,
                                const Covered& covered, const Profile& profile, const Measured& measured, Usd amount,
                                std::vector<Usd>& by_line) {
  std::vector<i128> losses;
  std::vector<std::size_t> places;
  const auto add_loss = [&](const ProfilePart& part, std::span<const Holding> holdings, std::size_t place) {
    i128 loss = 0;
    const i128 now = value_in(inputs.array, holdings, 0, profile.exponent);
    for (const std::uint32_t column : measured.tail) {
      const i128 value = value_in(inputs.array, holdings, column, profile.exponent);
      loss += share_of_loss(part, *rule.transform, column, profile.exponent, now, value);
    }
    losses.push_back(loss);
    places.push_back(place);
  };
  for (const ProfilePart& part : profile.parts) {
    for (const std::size_t line : part.lines) {
      std::vector<Holding> holdings;
      append_holdings(portfolio.lines[line], holdings);
      add_loss(part, holdings, line);
    }
  }
  std::vector<Holding> balances;
  for (std::size_t b = 0; b < portfolio.balances.size(); ++b) {
    if (covered.balances[b]) balances.push_back(portfolio.balances[b]);
  }
  add_loss(profile.parts[0], balances, portfolio.lines.size());
  const std::vector<i128> shares = TRY(share_in_proportion(losses, amount.raw));
  for (std::size_t i = 0; i < places.size(); ++i) TRY_VOID(accumulate(by_line[places[i]], Usd{shares[i]}));
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
    Profile profile;
    Outcomes outcomes;
    if (rule.transform) {
      profile = TRY(profile_of(inputs, portfolio, rule, covered, group, *set.range, report));
      outcomes = outcomes_of(profile, *set.range);
    } else {
      TRY_VOID(evaluate(inputs.array, holdings_of(portfolio, covered, group), inputs.isa, vector));
      report.in_128_bits = report.in_128_bits || !vector.in_64_bits();
      outcomes = margrave::outcomes_of(vector, *set.range);
    }
    Measured measured = TRY(measure(inputs, rule, outcomes));
    Usd amount;
    if (measured.amount > 0) {
      amount = TRY(to_usd(measured, Round::up));
      if (!brief && rule.transform) {
        TRY_VOID(contribute_profile(inputs, portfolio, rule, covered, profile, measured, amount, component.by_line));
      } else if (!brief) {
        TRY_VOID(contribute(inputs, portfolio, rule, covered, group, measured, amount, component.by_line));
      }
    }
    TRY_VOID(accumulate(component.amount, amount));
    const std::size_t first = group.lines.empty() ? 0 : group.lines.front();
    component.values.push_back({group.key, first, Number::from_units(amount.raw, Usd::decimals)});
    if (!brief) component.groups.push_back({group.name, amount, std::move(measured.tail), {}});
  }
  return component;
}

Result<std::vector<Usd>> scenario_profits(const MarginInputs& inputs, const Portfolio& portfolio,
                                          const ScenarioMeasure& rule, std::size_t group, const MarginReport& report) {
  const SetInArray set = TRY(find_set(inputs.array, rule.set));
  const Covered covered = cover(inputs, portfolio, rule, set.number, nullptr);
  CHECK(group < covered.groups.size());
  ScenarioVector vector;
  Profile profile;
  Outcomes outcomes;
  if (rule.transform) {
    profile = TRY(profile_of(inputs, portfolio, rule, covered, covered.groups[group], *set.range, report));
    outcomes = outcomes_of(profile, *set.range);
  } else {
    TRY_VOID(evaluate(inputs.array, holdings_of(portfolio, covered, covered.groups[group]), inputs.isa, vector));
    outcomes = margrave::outcomes_of(vector, *set.range);
  }
  std::vector<Usd> profits;
  for (std::size_t s = 0; s < outcomes.size(); ++s) {
    profits.push_back(TRY(to_usd(outcomes.value(s) - outcomes.now, outcomes.exponent, 1, Round::half_even)));
  }
  return profits;
}

}  // namespace margrave
