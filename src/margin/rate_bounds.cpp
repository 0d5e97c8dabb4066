#include <algorithm>

#include "margin/by_name.h"
#include "margin/component_bounds.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const OpenAccount& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account.portfolio.account + ": a charge with its orders leaves its numbers",
               .remedy = "correct the sizes of its orders"});
}

PositionField field_of(RateOnBase::Base base) {
  return base == RateOnBase::Base::notional ? PositionField::notional : PositionField::value;
}

/// The base of a line over all fills, signed.
Result<Bounds> base_bounds(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule,
                           std::size_t line) {
  if (rule.base != RateOnBase::Base::unrealised_gain) {
    return read_bounds(inputs, account, field_of(rule.base), Grouping::position, rule.side, line);
  }
  const Bounds& pnl = account.lines[line].pnl;
  return Bounds{std::max(pnl.low, Number{}), std::max(pnl.high, Number{})};
}

/// The base of some lots of a line, where it is in proportion to them.
Result<Number> base_of(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule, std::size_t line,
                       std::int64_t lots) {
  const Number one = TRY(read_field(inputs, account.units, Usd{}, field_of(rule.base), Grouping::position, line));
  Number all;
  if (!Number::multiply(one, Number(lots), all)) return overflow(account);
  return all;
}

Number rate_of(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule, std::size_t line) {
  const InstrumentId id = account.units.lines[line].instrument;
  const std::string& underlying = inputs.registry[inputs.registry[id].underlying].name;
  return Number::from_units(by_name(rule.rates, underlying, rule.rate).raw, Ratio::decimals);
}

/// A charge that some fills make, and which.
struct Charged {
  Number amount;
  std::vector<std::size_t> fills;
};

/// Adds the part of a fill, where that is more than nothing.
bool add_fill(const OpenAccount& account, const Weights& weights, std::size_t fill, const Number& charge,
              Charged& charged) {
  Number lost, part;
  if (!Number::multiply(weights[fill], account.gains[fill], lost) || !Number::subtract(charge, lost, part))
    return false;
  if (part.sign() <= 0) return true;
  charged.fills.push_back(fill);
  return Number::add(charged.amount, part, charged.amount);
}

/// A line with nothing charged: what equity loses.
Result<Charged> uncharged(const OpenAccount& account, const Weights& weights, std::size_t line) {
  Charged charged;
  for (const std::size_t fill : account.lines[line].fills) {
    if (!add_fill(account, weights, fill, Number{}, charged)) return overflow(account);
  }
  return charged;
}

/// A line's rate times base on one side (sign 1 or -1) less weights times what the fills gain, at its largest: it is a
/// sum over fills, so each is taken where it adds.
Result<Charged> largest_on(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule,
                           std::size_t line, const Weights& weights, int sign) {
  const Number rate = rate_of(inputs, account, rule, line);
  const OpenLine& open = account.lines[line];
  const auto charge = [&](std::int64_t lots, Number& out) -> Result<bool> {
    const Number base = TRY(base_of(inputs, account, rule, line, lots));
    return Number::multiply(sign > 0 ? base : -base, rate, out);
  };
  Charged charged;
  if (open.held) {
    const bool fits = TRY(charge(account.portfolio.lines[*open.held].lots.raw, charged.amount));
    if (!fits) return overflow(account);
  }
  for (const std::size_t fill : open.fills) {
    Number part;
    const bool fits = TRY(charge(account.fills[fill].line.lots.raw, part));
    if (!fits || !add_fill(account, weights, fill, part, charged)) return overflow(account);
  }
  return charged;
}

Result<void> append(const OpenAccount& account, Charged part, Charged& sum) {
  if (!Number::add(sum.amount, part.amount, sum.amount)) return overflow(account);
  sum.fills.insert(sum.fills.end(), part.fills.begin(), part.fills.end());
  return {};
}

/// The larger of what a net base asks for on either side; of one side only, each line's part where it is above 0.
Result<Charged> largest(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule,
                        const LineGroup& group, const Weights& weights) {
  Charged up, down;
  for (const std::size_t line : group.lines) {
    Charged on_up = TRY(largest_on(inputs, account, rule, line, weights, 1));
    Charged on_down = TRY(largest_on(inputs, account, rule, line, weights, -1));
    if (rule.side != Side::both) {
      const Charged none = TRY(uncharged(account, weights, line));
      if (none.amount > on_up.amount) on_up = none;
      if (none.amount > on_down.amount) on_down = none;
    }
    TRY_VOID(append(account, std::move(on_up), up));
    TRY_VOID(append(account, std::move(on_down), down));
  }
  const bool only_up = rule.side == Side::longs, only_down = rule.side == Side::shorts;
  return only_down || (!only_up && down.amount > up.amount) ? down : up;
}

/// Where the base is not in proportion to lots: charge and loss of equity each at its worst.
Result<Charged> apart(const OpenAccount& account, const LineGroup& group, const Weights& weights,
                      const Number& charge) {
  Charged charged{charge, {}};
  for (const std::size_t line : group.lines) {
    Charged part = TRY(uncharged(account, weights, line));
    TRY_VOID(append(account, std::move(part), charged));
  }
  return charged;
}

bool round_up(Number& value) {
  return Number::to_multiple(value, Number::from_units(1, Usd::decimals), Round::up, value);
}

/// rate * |net base| of a group over all fills. A line's base is rounded up to 1e-9 USD before it is summed.
Result<Bounds> charge_bounds(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule,
                             const LineGroup& group) {
  Bounds net;
  for (const std::size_t line : group.lines) {
    const Bounds base = TRY(base_bounds(inputs, account, rule, line));
    if (!add(net, base, net)) return overflow(account);
  }
  const Number slack = Number::from_units(static_cast<i128>(group.lines.size()), Usd::decimals);
  Number high = std::max(-net.low, net.high);
  Number low = net.low.sign() > 0 ? net.low : net.high.sign() < 0 ? -net.high : Number{};
  const Number rate = rate_of(inputs, account, rule, group.lines.front());
  if ((!high.is_zero() && !Number::add(high, slack, high)) || !Number::multiply(high, rate, high) ||
      !Number::multiply(low, rate, low) || !round_up(low) || !round_up(high)) {
    return overflow(account);
  }
  return Bounds{low, high};
}

}  // namespace

Result<WeighedBounds> rate_bounds(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule,
                                  const Weights& weights) {
  WeighedBounds found{{}, Chosen(account.fills.size(), false)};
  const bool proportional = rule.base != RateOnBase::Base::unrealised_gain;
  for (const LineGroup& group : open_groups(inputs, account, rule.group, rule.kinds, rule.side)) {
    const Bounds value = TRY(charge_bounds(inputs, account, rule, group));
    Charged worst;
    if (proportional) {
      worst = TRY(largest(inputs, account, rule, group, weights));
      // What rounding each line and the charge adds, as in charge_bounds().
      const Number slack = Number::from_units(static_cast<i128>(group.lines.size()) + 1, Usd::decimals);
      if (!value.high.is_zero() && !Number::add(worst.amount, slack, worst.amount)) return overflow(account);
    } else {
      worst = TRY(apart(account, group, weights, value.high));
    }
    if (!round_up(worst.amount)) return overflow(account);
    bool certain = false;
    for (const std::size_t line : group.lines) certain = certain || is_certain_on(account.lines[line], rule.side);
    found.bounds.groups.push_back({group.key, group.lines, certain, value});
    const Bounds charge{certain ? value.low : Number{}, std::max(worst.amount, Number{})};
    if (!add(found.bounds.amount, charge, found.bounds.amount)) return overflow(account);
    for (const std::size_t fill : worst.fills) found.worst[fill] = true;
  }
  return found;
}

}  // namespace margrave
