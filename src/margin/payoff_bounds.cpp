#include <map>

#include "margin/component_bounds.h"
#include "margin/payoff_charge.h"

namespace margrave {
namespace {

/// What the options of each group lose at expiry at most, with the fills on one side.
Result<std::map<GroupKey, Number>> charges(const MarginInputs& inputs, const OpenAccount& account, const Payoff& rule,
                                           bool bought) {
  Chosen chosen;
  for (const Fill& fill : account.fills) chosen.push_back((fill.line.lots.raw > 0) == bought);
  const Portfolio filled = TRY(with_fills(account.portfolio, account.fills, chosen));
  Account vectors(inputs, filled);
  const ComponentAmount amount = TRY(payoff_charge(vectors, rule, true));
  std::map<GroupKey, Number> charges;
  for (const GroupValue& group : amount.values) charges[group.key] = group.value;
  return charges;
}

}  // namespace

// A payoff of options bought is never below 0 and of options sold never above: the first raise the lowest payoff of any
// others, the second lower it.
Result<ComponentBounds> payoff_bounds(const MarginInputs& inputs, const OpenAccount& account, const Payoff& rule) {
  const std::map<GroupKey, Number> least = TRY(charges(inputs, account, rule, true));
  const std::map<GroupKey, Number> most = TRY(charges(inputs, account, rule, false));
  const auto in = [](const std::map<GroupKey, Number>& charges, const GroupKey& key) {
    const auto found = charges.find(key);
    return found == charges.end() ? Number{} : found->second;
  };
  const Number step = Number::from_units(1, Usd::decimals);
  ComponentBounds component;
  for (const LineGroup& group : open_groups(inputs, account, rule.each, {Kind::option}, Side::both)) {
    const Bounds value{in(least, group.key), in(most, group.key)};
    component.groups.push_back({group.key, group.lines, false, value});
    Bounds charge = value;
    if (!Number::to_multiple(value.low, step, Round::up, charge.low) ||
        !Number::to_multiple(value.high, step, Round::up, charge.high) ||
        !add(component.amount, charge, component.amount)) {
      return fail({.kind = ErrorKind::overflow, .message = "a payoff at expiry leaves its numbers"});
    }
  }
  return component;
}

}  // namespace margrave
