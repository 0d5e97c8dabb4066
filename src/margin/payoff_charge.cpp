#include "margin/payoff_charge.h"

#include <algorithm>

#include "margin/apportion.h"
#include "margin/group.h"
#include "margin/position_field.h"

namespace margrave {
namespace {

constexpr Kind options_only[] = {Kind::option};

tl::unexpected<Error> overflow(const std::string& what = "a payoff at expiry") {
  return fail({.kind = ErrorKind::overflow, .message = what + " leaves its numbers", .remedy = "split the account"});
}

/// One option as the payoff needs it.
struct Struck {
  Number strike, size;
  bool is_call{false};
  std::size_t line{0};
};

/// Sum over options of what they pay at the price, per line; long positive.
bool paid(const Struck& option, const Number& price, Number& out) {
  Number gap;
  if (!(option.is_call ? Number::subtract(price, option.strike, gap) : Number::subtract(option.strike, price, gap)))
    return false;
  if (gap.sign() <= 0) return out = Number{}, true;
  return Number::multiply(gap, option.size, out);
}

/// The lowest payoff of options sorted by strike, never above 0, and the price where it is. One pass: between strikes a
/// payoff is straight, so it is carried from strike to strike by its slope.
bool lowest_payoff(const std::vector<Struck>& options, Number& lowest, Number& at) {
  Number value, slope, part;
  for (const Struck& option : options) {  // at a price of 0 every put pays its strike
    if (option.is_call) continue;
    if (!Number::multiply(option.strike, option.size, part) || !Number::add(value, part, value) ||
        !Number::subtract(slope, option.size, slope)) {
      return false;
    }
  }
  lowest = Number{};
  at = Number{};
  if (value < lowest) lowest = value;
  Number price;
  for (std::size_t i = 0; i < options.size();) {
    Number gap;
    if (!Number::subtract(options[i].strike, price, gap) || !Number::multiply(slope, gap, part) ||
        !Number::add(value, part, value)) {
      return false;
    }
    price = options[i].strike;
    if (value < lowest) {
      lowest = value;
      at = price;
    }
    // Above a strike its calls begin to pay and its puts have stopped: both raise the slope by the size.
    for (; i < options.size() && options[i].strike == price; ++i) {
      if (!Number::add(slope, options[i].size, slope)) return false;
    }
  }
  return true;
}

/// The options of a group, in order of strike.
Result<std::vector<Struck>> options_of(const Account& account, Grouping each, std::span<const std::uint32_t> lines) {
  const MarginInputs& inputs = account.inputs();
  const Portfolio& portfolio = account.portfolio();
  std::vector<Struck> options;
  options.reserve(lines.size());
  for (const std::uint32_t line : lines) {
    Struck option;
    option.strike = TRY(read_field(inputs, portfolio, Usd{}, PositionField::strike, each, line));
    option.size = TRY(read_field(inputs, portfolio, Usd{}, PositionField::size, each, line));
    option.is_call = inputs.registry[portfolio.lines[line].instrument].is_call;
    option.line = line;
    options.push_back(option);
  }
  std::sort(options.begin(), options.end(), [](const Struck& a, const Struck& b) { return a.strike < b.strike; });
  return options;
}

/// Adds what each option pays at the worst price, as a loss.
Result<void> contribute(const std::vector<Struck>& options, const Number& price, bool pays, Usd amount,
                        ComponentAmount& component) {
  std::vector<Number> parts(component.parts.size());
  for (const Struck& option : options) {
    Number payoff;
    if (pays && !paid(option, price, payoff)) return overflow();
    parts[option.line] = -payoff;
  }
  const std::vector<i128> shares = TRY(share_in_proportion(parts, amount.raw));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    TRY_VOID(accumulate(component.by_line[i], Usd{shares[i]}));
    if (!Number::add(component.parts[i], parts[i], component.parts[i])) return overflow("a contribution");
  }
  return {};
}

}  // namespace

Result<ComponentAmount> payoff_charge(Account& account, const Payoff& rule, bool brief) {
  ComponentAmount component;
  if (!brief) component.by_line.resize(account.portfolio().lines.size() + 1);
  if (!brief) component.parts.resize(account.portfolio().lines.size() + 1);
  const GroupedLines& groups = account.lines(rule.each, {options_only, Side::both, {}});
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<Struck> options = TRY(options_of(account, rule.each, groups[g]));
    Number lowest, at;
    if (!lowest_payoff(options, lowest, at)) return overflow();
    const std::size_t first = groups[g].front();
    component.values.push_back({account.key(rule.each, first), first, -lowest});
    Usd amount;
    if (!(-lowest).to_units(Usd::decimals, Round::up, amount.raw)) return overflow();
    TRY_VOID(accumulate(component.amount, amount));
    if (brief) continue;
    TRY_VOID(contribute(options, at, !lowest.is_zero(), amount, component));
    component.groups.push_back({account.group_name(rule.each, groups[g]), amount, {}, ""});
  }
  return component;
}

}  // namespace margrave
