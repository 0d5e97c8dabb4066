#include <algorithm>

#include "array/measure.h"
#include "base/mul_div.h"
#include "margin/component_bounds.h"
#include "margin/profile.h"
#include "margin/set_in_array.h"

namespace margrave {
namespace {

constexpr int factor_bits = ProfilePart::factor_bits;
constexpr int value_bits = 66;  ///< the largest value has no more, so that its products fit 128 bits
constexpr i128 one = i128{1} << factor_bits;
constexpr i128 largest_factor = 16;

tl::unexpected<Error> overflow(const OpenAccount& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account.portfolio.account + ": a scenario value with its orders leaves 128 bits",
               .remedy = "correct the sizes of its orders"});
}

/// A number in units of 2^exponent, rounded as named.
bool in_units(const Number& value, int exponent, Round round, i128& out) {
  const Number power = Number::from_units(i128{1} << std::min(std::abs(exponent), 126), 0);
  Number scaled;
  if (exponent < -126 || exponent > 126) return false;
  if (!(exponent < 0 ? Number::multiply(value, power, scaled) : Number::divide(value, power, scaled))) return false;
  return scaled.to_units(0, round, out);
}

/// What a fill adds to a part of a group, by column.
struct OpenValue {
  std::size_t fill{0};
  ScenarioVector vector;
  bool is_line{true};  ///< false: what it takes from the balances
};

/// What some lines of a group are worth in every column: held, and by fill; and the factors on gains and losses.
struct OpenPart {
  const Transform* transform{nullptr};
  i128 least_gains{one}, most_gains{one}, least_losses{one}, most_losses{one};
  ScenarioVector held;
  std::vector<OpenValue> open;
};

/// The profits of one group in the scenarios of a set, between which all fills leave it.
struct Profits {
  std::vector<i128> low, high;
  int exponent{0};
};

/// Measures one group of an open account.
class OpenGroup {
 public:
  OpenGroup(const MarginInputs& inputs, const OpenAccount& account, const ScenarioMeasure& rule, const SetInArray& set,
            const std::vector<ComponentBounds>& above, const Weights& weights)
      : inputs_(inputs), account_(account), rule_(rule), set_(set), above_(above), weights_(weights) {}

  /// The group's bounds; `amount` is with the weights. Marks the fills that make the worst of it.
  Result<ComponentBounds> run(const LineGroup& group, Chosen& worst) {
    TRY_VOID(make_parts(group));
    choose_exponent();
    TRY_VOID(weigh());
    const Profits profits = TRY(profits_between());
    const Measured least = TRY(measured(profits.high)), most = TRY(measured(profits.low));
    ComponentBounds bounds;
    bounds.amount.low = TRY(usd(least));
    bounds.amount.high = std::max(TRY(usd(most)), lost_at_most_);
    bool certain = rule_.group == Grouping::all;
    for (const std::size_t line : group.lines) certain = certain || account_.lines[line].is_certain();
    bounds.groups.push_back({group.key, group.lines, certain, bounds.amount});
    if (!certain) bounds.amount.low = Number{};
    mark(most, worst);
    return bounds;
  }

 private:
  Result<void> make_parts(const LineGroup& group) {
    parts_.resize(1);
    std::vector<bool> inner(account_.lines.size(), false);
    std::vector<std::size_t> plain;
    for (const std::size_t line : group.lines) {
      inner[line] =
          rule_.transform && is_of(inputs_.registry, account_.units.lines[line], rule_.transform->kinds, Side::both);
      if (!inner[line]) plain.push_back(line);
    }
    TRY_VOID(fill_part(parts_[0], plain, true));
    if (!rule_.transform) return {};
    for (const LineGroup& each : group_lines(inputs_.registry, account_.units, rule_.transform->each, inner, false)) {
      OpenPart part;
      TRY_VOID(fill_part(part, each.lines, false));
      TRY_VOID(set_factors(part, each.lines));
      parts_.push_back(std::move(part));
    }
    // What is paid from the balances stands with them; the fill's line may be in another part.
    for (const std::size_t line : group.lines) {
      if (!inner[line]) continue;
      for (const std::size_t fill : account_.lines[line].fills) TRY_VOID(add_paid(parts_[0], fill));
    }
    return {};
  }

  Result<void> fill_part(OpenPart& part, const std::vector<std::size_t>& lines, bool with_balances) {
    std::vector<Holding> held;
    for (const std::size_t line : lines) {
      const OpenLine& open = account_.lines[line];
      if (open.held) append_holdings(account_.portfolio.lines[*open.held], held);
      for (const std::size_t number : open.fills) {
        std::vector<Holding> holdings;
        append_holdings(account_.fills[number].line, holdings);
        if (with_balances) append_paid(number, holdings);
        OpenValue value;
        value.fill = number;
        TRY_VOID(evaluate(inputs_.array, holdings, inputs_.isa, value.vector));
        part.open.push_back(std::move(value));
      }
    }
    for (const Holding& balance : account_.portfolio.balances) {
      if (with_balances && counts(balance)) held.push_back(balance);
    }
    return evaluate(inputs_.array, held, inputs_.isa, part.held);
  }

  bool counts(const Holding& balance) const {
    return rule_.with_balances && covers(inputs_.array, balance.row, set_.number);
  }
  void append_paid(std::size_t fill, std::vector<Holding>& holdings) const {
    for (const Holding& paid : account_.fills[fill].paid) {
      if (counts(paid)) holdings.push_back(paid);
    }
  }
  Result<void> add_paid(OpenPart& part, std::size_t fill) {
    std::vector<Holding> holdings;
    append_paid(fill, holdings);
    if (holdings.empty()) return {};
    OpenValue value;
    value.fill = fill;
    value.is_line = false;
    TRY_VOID(evaluate(inputs_.array, holdings, inputs_.isa, value.vector));
    part.open.push_back(std::move(value));
    return {};
  }

  Result<void> set_factors(OpenPart& part, const std::vector<std::size_t>& lines) {
    part.transform = &*rule_.transform;
    TRY_VOID(set_factor(rule_.transform->gains, lines, Round::down, part.least_gains, part.most_gains));
    return set_factor(rule_.transform->losses, lines, Round::up, part.least_losses, part.most_losses);
  }
  Result<void> set_factor(std::optional<std::size_t> component, const std::vector<std::size_t>& lines, Round round,
                          i128& least, i128& most) const {
    if (!component) return {};
    const Bounds value =
        TRY(bounds_within(inputs_, account_, *component, above_[*component], rule_.transform->each, lines));
    if (value.low.sign() < 0 || value.high > Number(largest_factor) ||
        !in_units(value.low, -factor_bits, round, least) || !in_units(value.high, -factor_bits, round, most)) {
      return fail({.kind = ErrorKind::config,
                   .message = "the factor " + inputs_.recipe.components[*component].name + " may be " +
                              value.low.to_string() + " or " + value.high.to_string(),
                   .remedy = "a factor of a transform lies in 0 to 16"});
    }
    return {};
  }

  /// 30 binary places finer than the finest vector, as far as the largest value allows.
  void choose_exponent() {
    int finest = 120, top = -300, vectors = 0;
    const auto look = [&](const ScenarioVector& vector) {
      i128 largest = abs128(vector.at(0));
      for (std::uint32_t c = set_.range->begin; c < set_.range->end; ++c) {
        largest = std::max(largest, abs128(vector.at(c)));
      }
      int bits = 0;
      while (bits < 127 && (largest >> bits) != 0) ++bits;
      if (bits == 0) return;
      finest = std::min(finest, vector.exponent());
      top = std::max(top, vector.exponent() + bits);
      ++vectors;
    };
    for (const OpenPart& part : parts_) {
      look(part.held);
      for (const OpenValue& value : part.open) look(value.vector);
    }
    exponent_ = std::max(finest - 30, top - value_bits);
    slack_ = exponent_ > finest ? (largest_factor + 2) * (vectors + 1) : 0;
  }

  /// What the weights make of each fill's gain, in the group's unit.
  Result<void> weigh() {
    weighed_.assign(account_.fills.size(), 0);
    weighs_ = std::any_of(weights_.begin(), weights_.end(), [](const Number& weight) { return !weight.is_zero(); });
    for (const OpenPart& part : parts_) {
      for (const OpenValue& value : part.open) {
        if (!value.is_line) continue;
        Number gain;
        if (!Number::multiply(weights_[value.fill], account_.gains[value.fill], gain) ||
            !in_units(gain, exponent_, Round::down, weighed_[value.fill])) {
          return overflow(account_);
        }
        if (gain.sign() < 0 && !Number::subtract(lost_at_most_, gain, lost_at_most_)) return overflow(account_);
      }
    }
    return {};
  }

  i128 aligned(const ScenarioVector& vector, std::size_t column) const {
    const i128 whole = vector.at(column);
    i128 value = 0;
    if (whole != 0) CHECK(shift_by(whole, vector.exponent() - exponent_, Round::down, value));  // below 2^66
    return value;
  }

  /// A weighed gain as a scenario sees it: a weighted measure multiplies it again.
  Result<i128> weighed(const OpenValue& value, std::size_t column) const {
    if (!value.is_line || weighed_[value.fill] == 0) return i128{0};
    if (rule_.kind != ScenarioMeasure::Kind::weighted_worst) return weighed_[value.fill];
    const Ratio weight = inputs_.array.weight(static_cast<std::uint32_t>(column));
    i128 gain = 0;
    if (weight.raw == 0) return gain;
    if (!mul_div(weighed_[value.fill], power_of_ten(Ratio::decimals), weight.raw, Round::down, gain)) {
      return overflow(account_);
    }
    return gain;
  }

  /// What a part's factor makes of a value: of the value itself or of its change.
  static i128 branch(const OpenPart& part, i128 factor, i128 now, i128 value) {
    return part.transform != nullptr && part.transform->of_value ? factor * value - one * now : factor * (value - now);
  }

  /// The least and the largest profit of a part in a column, over the fills, each taken where it lowers (raises) it.
  struct Ends {
    i128 low{0}, high{0};
  };
  Result<Ends> part_between(const OpenPart& part, std::size_t column) const {
    const bool worst_sign = part.transform != nullptr && part.transform->worst_sign;
    const auto sums = [&](i128 factor, bool with_weight) -> Result<Ends> {
      Ends ends;
      ends.low = ends.high = branch(part, factor, aligned(part.held, 0), aligned(part.held, column));
      for (const OpenValue& value : part.open) {
        const i128 gain = with_weight && !worst_sign ? TRY(weighed(value, column)) : 0;
        i128 change = branch(part, factor, aligned(value.vector, 0), aligned(value.vector, column));
        i128 scaled = 0;
        if (!margrave::multiply(gain, one, scaled) || !margrave::add(change, scaled, change)) return overflow(account_);
        if (!margrave::add(change < 0 ? ends.low : ends.high, change, change < 0 ? ends.low : ends.high)) {
          return overflow(account_);
        }
      }
      return ends;
    };
    Ends ends;
    if (part.transform == nullptr) {
      ends = TRY(sums(one, true));
      if (weighs_) ends.high = TRY(sums(one, false)).high;
    } else {
      // Gains below losses make a concave function of the value: the lesser of two straight ones; else the larger.
      const Ends worse_gain = TRY(sums(part.least_gains, true)), worse_loss = TRY(sums(part.most_losses, true));
      const Ends better_gain = TRY(sums(part.most_gains, false)), better_loss = TRY(sums(part.least_losses, false));
      ends.low = part.least_gains <= part.most_losses ? std::min(worse_gain.low, worse_loss.low)
                                                      : std::max(worse_gain.low, worse_loss.low);
      ends.high = part.most_gains <= part.least_losses ? std::min(better_gain.high, better_loss.high)
                                                       : std::max(better_gain.high, better_loss.high);
    }
    ends.low = (ends.low >> factor_bits) - slack_;
    ends.high = (ends.high >> factor_bits) + slack_;
    if (!worst_sign) return ends;
    const i128 nearest = ends.low <= 0 && ends.high >= 0 ? 0 : std::min(abs128(ends.low), abs128(ends.high));
    Ends signless{-std::max(abs128(ends.low), abs128(ends.high)), -nearest};
    for (const OpenValue& value : part.open) signless.low += std::min(i128{0}, TRY(weighed(value, column)));
    return signless;
  }

  Result<Profits> profits_between() const {
    Profits profits;
    profits.exponent = exponent_;
    for (std::uint32_t column = set_.range->begin; column < set_.range->end; ++column) {
      Ends sum;
      for (const OpenPart& part : parts_) {
        const Ends ends = TRY(part_between(part, column));
        if (!margrave::add(sum.low, ends.low, sum.low) || !margrave::add(sum.high, ends.high, sum.high)) {
          return overflow(account_);
        }
      }
      profits.low.push_back(sum.low);
      profits.high.push_back(sum.high);
    }
    return profits;
  }

  Result<Measured> measured(const std::vector<i128>& profits) const {
    return measure_of(inputs_.array, rule_,
                      {.narrow = {}, .wide = profits, .now = 0, .exponent = exponent_, .first = set_.range->begin});
  }

  static Result<Number> usd(const Measured& measured) {
    if (measured.amount <= 0) return Number{};
    return Number::from_units(TRY(to_usd(measured, Round::up)).raw, Usd::decimals);
  }

  /// The fills that lower the group's profit over the tail.
  void mark(const Measured& most, Chosen& worst) const {
    std::vector<i128> change(account_.fills.size(), 0);
    for (const OpenPart& part : parts_) {
      for (const OpenValue& value : part.open) {
        for (const std::uint32_t column : most.tail) {
          const auto gain = weighed(value, column);
          change[value.fill] += aligned(value.vector, column) - aligned(value.vector, 0) + (gain ? *gain : 0);
        }
      }
    }
    for (std::size_t fill = 0; fill < change.size(); ++fill) worst[fill] = worst[fill] || change[fill] < 0;
  }

  const MarginInputs& inputs_;
  const OpenAccount& account_;
  const ScenarioMeasure& rule_;
  const SetInArray& set_;
  const std::vector<ComponentBounds>& above_;
  const Weights& weights_;
  std::vector<OpenPart> parts_;
  int exponent_{0};
  i128 slack_{0};  ///< units that rounding to the exponent may have moved a part by
  std::vector<i128> weighed_;
  bool weighs_{false};
  Number lost_at_most_;  ///< weights times the losses of equity of all fills that have one
};

}  // namespace

Result<WeighedBounds> scenario_bounds(const MarginInputs& inputs, const OpenAccount& account,
                                      const ScenarioMeasure& rule, const std::vector<ComponentBounds>& above,
                                      const Weights& weights, std::vector<Omission>& omissions) {
  const SetInArray set = TRY(find_set(inputs.array, rule.set));
  WeighedBounds found{{}, Chosen(account.fills.size(), false)};
  std::vector<bool> covered;
  for (const Line& line : account.units.lines) {
    covered.push_back(covers(inputs.array, line.position.row, set.number));
    if (covered.back()) continue;
    omissions.push_back({inputs.array.name(line.position.row), "no history in scenario set " + rule.set});
  }
  std::vector<LineGroup> groups = group_lines(inputs.registry, account.units, rule.group, covered, false);
  if (groups.empty() && rule.with_balances) groups.push_back({{}, "all", {}});
  for (const LineGroup& group : groups) {
    OpenGroup open(inputs, account, rule, set, above, weights);
    ComponentBounds bounds = TRY(open.run(group, found.worst));
    found.bounds.groups.push_back(bounds.groups.front());
    if (!add(found.bounds.amount, bounds.amount, found.bounds.amount)) return overflow(account);
  }
  return found;
}

}  // namespace margrave
