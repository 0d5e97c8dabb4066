#include "margin/liquidity_charge.h"

#include <algorithm>

#include "margin/apportion.h"
#include "margin/group.h"
#include "margin/leverage.h"
#include "margin/liquidity_walk.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow() {
  return fail({.kind = ErrorKind::overflow,
               .message = "what closing a position costs leaves its numbers",
               .remedy = "split the account"});
}

Number number_of(Ratio ratio) { return Number::from_units(ratio.raw, Ratio::decimals); }

/// USD of one lot at the mark, not rounded: notional_of() rounds each position up.
Result<Number> notional_of_lot(const RiskArray& array, std::uint32_t row) {
  const auto notional = array.scalar(row, ScalarField::notional);
  if (!notional) {
    return fail({.kind = ErrorKind::overflow,
                 .message = array.name(row) + " has no notional within the array's numbers",
                 .remedy = "check its mark and contract size"});
  }
  return Number::from_units(abs128(*notional), scale_of(ScalarField::notional).decimals);
}

/// Lots times what one lot is of.
Result<Number> times_lots(const Number& of_one, std::int64_t lots) {
  Number product;
  if (!Number::multiply(of_one, Number::from_units(abs128(i128{lots}), 0), product)) return overflow();
  return product;
}

Result<Number> walk_cost(const DepthLadder& ladder, const Number& lot, std::int64_t lots, Ratio stress) {
  i128 weighed = 0;
  Number cost;
  if (!walk(ladder, lots, stress, weighed) ||
      !Number::multiply(Number::from_units(weighed, DepthLadder::lot_decimals + Ratio::decimals), lot, cost)) {
    return overflow();
  }
  return cost;
}

/// sqrt(1 + lots / (participation x volume in the close-out's hours)) - 1, never below it: each step of a Number is
/// rounded at the 36th decimal, two units of which cover all of them.
Result<Number> extension_of(const CloseOut& rule, i128 volume, std::int64_t lots) {
  Number tradable, ratio, root, beyond;
  const Number day = Number::from_units(volume, scale_of(ScalarField::volume).decimals);
  if (!Number::multiply(day, number_of(rule.participation), tradable) ||
      !Number::multiply(tradable, Number(rule.hours), tradable) ||
      !Number::divide(Number::from_units(abs128(i128{lots}) * 24, 0), tradable, ratio) ||
      !Number::add(ratio, Number(1), ratio) || !Number::square_root(ratio, root) ||
      !Number::subtract(root, Number(1), root) ||
      !Number::add(root, Number::from_units(2, Number::most_decimals), beyond)) {
    return overflow();
  }
  return beyond;
}

Result<Number> sum_of(const Number& a, const Number& b) {
  Number sum;
  if (!Number::add(a, b, sum)) return overflow();
  return sum;
}

/// The group's value of the component that the close-out extends; 0 where it has none.
Number shortfall_of(const Liquidity& rule, const GroupKey& key, const MarginReport& report) {
  if (!rule.close_out) return {};
  const std::vector<GroupValue>& values = report.components[rule.close_out->shortfall].values;
  const auto at = std::find_if(values.begin(), values.end(), [&](const GroupValue& v) { return v.key == key; });
  return at == values.end() ? Number{} : at->value;
}

}  // namespace

Result<Number> liquidity_of(const MarginInputs& inputs, const Liquidity& rule, const Holding& unit, std::int64_t lots,
                            const Number& shortfall) {
  if (lots == 0) return Number{};
  const Number lot = TRY(notional_of_lot(inputs.array, unit.row)), notional = TRY(times_lots(lot, lots));
  const DepthLadder* ladder = inputs.array.find_ladder(unit.row);
  const auto volume = inputs.array.scalar(unit.row, ScalarField::volume);
  const bool known = ladder != nullptr && (volume || !rule.close_out);
  Number charge;
  if (ladder != nullptr) charge = TRY(walk_cost(*ladder, lot, lots, rule.stress));
  if (rule.close_out && volume && *volume <= 0) charge = TRY(sum_of(charge, notional));
  if (rule.close_out && volume && *volume > 0 && !shortfall.is_zero()) {
    const Number extension = TRY(extension_of(*rule.close_out, *volume, lots));
    Number part;
    if (!Number::multiply(shortfall, extension, part)) return overflow();
    charge = TRY(sum_of(charge, part));
  }
  if (known) return charge;
  Number least;
  if (!Number::multiply(notional, number_of(rule.without), least)) return overflow();
  return std::max(charge, least);
}

Result<ComponentAmount> liquidity_charge(const MarginInputs& inputs, const Portfolio& portfolio, const Liquidity& rule,
                                         bool brief, const MarginReport& report) {
  std::vector<bool> included;
  for (const Line& line : portfolio.lines) {
    included.push_back(is_of(inputs.registry, line, rule.kinds, Side::both));
  }
  ComponentAmount component;
  if (!brief) component.by_line.resize(portfolio.lines.size() + 1);
  for (const LineGroup& group : group_lines(inputs.registry, portfolio, Grouping::instrument, included, !brief)) {
    const std::size_t first = group.lines.front();
    std::vector<i128> parts;
    i128 net = 0;
    for (const std::size_t line : group.lines) {
      parts.push_back(portfolio.lines[line].lots.raw);
      net += parts.back();
    }
    if (!fits_int64(net) || net == std::numeric_limits<std::int64_t>::min()) return overflow();
    const Number value = TRY(liquidity_of(inputs, rule, portfolio.lines[first].position, static_cast<std::int64_t>(net),
                                          shortfall_of(rule, group.key, report)));
    Usd amount;
    if (!value.to_units(Usd::decimals, Round::up, amount.raw)) return overflow();
    TRY_VOID(accumulate(component.amount, amount));
    component.values.push_back({group.key, first, value});
    if (brief) continue;
    // Lines that offset to nothing are charged nothing, and none of them has a part.
    if (net == 0) continue;
    if (net < 0) {
      for (i128& part : parts) part = -part;
    }
    const std::vector<i128> shares = TRY(share_in_proportion(parts, amount.raw));
    for (std::size_t i = 0; i < group.lines.size(); ++i) {
      TRY_VOID(accumulate(component.by_line[group.lines[i]], Usd{shares[i]}));
    }
    component.groups.push_back({group.name, amount, {}, {}});
  }
  return component;
}

}  // namespace margrave
