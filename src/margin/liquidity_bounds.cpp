#include <algorithm>

#include "margin/component_bounds.h"
#include "margin/liquidity_charge.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const OpenAccount& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account.portfolio.account + ": closing its orders' fills leaves its numbers",
               .remedy = "correct the sizes of its orders"});
}

/// Lots that an instrument can come to.
struct Net {
  i128 low{0}, high{0};
};

Bounds shortfall_bounds(const Liquidity& rule, const GroupKey& key, const std::vector<ComponentBounds>& above) {
  if (!rule.close_out) return {};
  for (const GroupBounds& group : above[rule.close_out->shortfall].groups) {
    if (group.key == key) return group.value;
  }
  return {};
}

/// A charge rises with the lots of a side and with their shortfall, so its ends are at theirs.
Result<Bounds> bounds_of(const MarginInputs& inputs, const OpenAccount& account, const Liquidity& rule,
                         const LineGroup& group, const std::vector<ComponentBounds>& above) {
  Net net;
  for (const std::size_t line : group.lines) {
    net.low += account.lines[line].low;
    net.high += account.lines[line].high;
  }
  if (!fits_int64(net.low) || !fits_int64(net.high)) return overflow(account);
  const auto low = static_cast<std::int64_t>(net.low), high = static_cast<std::int64_t>(net.high);
  const Holding& unit = account.units.lines[group.lines.front()].position;
  const Bounds shortfall = shortfall_bounds(rule, group.key, above);
  const Number at_low = TRY(liquidity_of(inputs, rule, unit, low, shortfall.high));
  const Number at_high = TRY(liquidity_of(inputs, rule, unit, high, shortfall.high));
  Bounds bounds(Number{}, std::max(at_low, at_high));
  if (low > 0) bounds.low = TRY(liquidity_of(inputs, rule, unit, low, shortfall.low));
  if (high < 0) bounds.low = TRY(liquidity_of(inputs, rule, unit, high, shortfall.low));
  return bounds;
}

}  // namespace

Result<ComponentBounds> liquidity_bounds(const MarginInputs& inputs, const OpenAccount& account, const Liquidity& rule,
                                         const std::vector<ComponentBounds>& above) {
  const Number step = Number::from_units(1, Usd::decimals);
  ComponentBounds component;
  for (const LineGroup& group : open_groups(inputs, account, Grouping::instrument, rule.kinds, Side::both)) {
    const Bounds value = TRY(bounds_of(inputs, account, rule, group, above));
    component.groups.push_back({group.key, group.lines, false, value});
    Bounds charge = value;
    if (!Number::to_multiple(value.low, step, Round::up, charge.low) ||
        !Number::to_multiple(value.high, step, Round::up, charge.high) ||
        !add(component.amount, charge, component.amount)) {
      return overflow(account);
    }
  }
  return component;
}

}  // namespace margrave
