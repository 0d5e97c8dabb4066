#include "margin/rate_charge.h"

#include <algorithm>

#include "array/measure.h"
#include "base/mul_div.h"
#include "margin/by_name.h"
#include "margin/group.h"
#include "margin/leverage.h"
#include "margin/value_now.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const std::string& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account + ": a charge leaves 128 bits",
               .remedy = "split the account"});
}

Ratio rate_of(const Registry& registry, const RateOnBase& rule, const Line& line) {
  const std::string& underlying = registry[registry[line.instrument].underlying].name;
  return by_name(rule.rates, underlying, rule.rate);
}

/// 10^-9 USD, signed, rounded away from zero: the sum of a group is then rounded against the account at most.
Result<i128> base_of(const MarginInputs& inputs, const RateOnBase& rule, const Line& line) {
  if (rule.base == RateOnBase::Base::notional) {
    return TRY(notional_of(inputs.array, line.position)).raw;
  }
  std::vector<Holding> holdings{line.position};
  if (rule.base == RateOnBase::Base::unrealised_gain && line.leg) holdings.push_back(*line.leg);
  const ValueNow value = TRY(value_now(inputs.array, holdings));
  if (rule.base == RateOnBase::Base::mark_value) return value.rounded(value.units >= 0 ? Round::up : Round::down).raw;
  if (!line.leg || value.units < 0) return i128{0};
  return value.rounded(Round::up).raw;
}

}  // namespace

Result<ComponentAmount> rate_charge(const MarginInputs& inputs, const Portfolio& portfolio, const RateOnBase& rule,
                                    bool brief) {
  std::vector<bool> lines;
  for (const Line& line : portfolio.lines) lines.push_back(is_of(inputs.registry, line, rule.kinds, rule.side));
  ComponentAmount component;
  if (!brief) component.by_line.resize(portfolio.lines.size() + 1);
  constexpr i128 one = power_of_ten(Ratio::decimals);
  for (const LineGroup& group : group_lines(inputs.registry, portfolio, rule.group, lines, !brief)) {
    std::vector<i128> parts;
    i128 net = 0;
    for (const std::size_t line : group.lines) {
      parts.push_back(TRY(base_of(inputs, rule, portfolio.lines[line])));
      if (!add(net, parts.back(), net)) return overflow(portfolio.account);
    }
    if (net < 0) {
      net = -net;
      for (i128& part : parts) part = -part;
    }
    const Ratio rate = rate_of(inputs.registry, rule, portfolio.lines[group.lines.front()]);
    Usd amount;
    if (!mul_div(net, rate.raw, one, Round::up, amount.raw)) return overflow(portfolio.account);
    TRY_VOID(accumulate(component.amount, amount));
    component.values.push_back({group.key, group.lines.front(), Number::from_units(amount.raw, Usd::decimals)});
    if (brief) continue;
    // A group that offsets to nothing is charged nothing, and so is each of its lines: the charge |net| has no slope
    // there.
    if (net == 0) parts.assign(parts.size(), 0);
    const std::vector<Usd> shares = TRY(share_usd(parts, rate.raw, one, amount));
    for (std::size_t i = 0; i < group.lines.size(); ++i)
      TRY_VOID(accumulate(component.by_line[group.lines[i]], shares[i]));
    component.groups.push_back({group.name, amount, {}, {}});
  }
  return component;
}

}  // namespace margrave
