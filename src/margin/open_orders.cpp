#include "margin/open_orders.h"

#include <algorithm>
#include <numeric>

#include "margin/component_bounds.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow(const std::string& account) {
  return fail({.kind = ErrorKind::overflow,
               .message = "account " + account + ": the margin of its orders leaves its numbers",
               .remedy = "correct the sizes of its orders"});
}

/// The components of a recipe over all fills, each after those it refers to, and what a level can ask for.
class OpenAssessment {
 public:
  OpenAssessment(const MarginInputs& inputs, const OpenAccount& account) : inputs_(inputs), account_(account) {}

  Result<void> run() {
    for (const Component& component : inputs_.recipe.components) {
      ComponentBounds bounds;
      if (component.is_needed) {
        bounds = TRY(std::visit([&](const auto& rule) { return bounds_of(rule); }, component.rule));
      }
      above_.push_back(std::move(bounds));
    }
    return {};
  }

  /// The most that the component less the weighed gains of the fills can be, over all fills.
  Result<Number> most(std::size_t component, const Weights& weights) {
    return std::visit([&](const auto& rule) { return most_of(component, rule, weights); },
                      inputs_.recipe.components[component].rule);
  }

  const std::vector<Chosen>& candidates() const { return candidates_; }
  std::vector<Omission>& omissions() { return omissions_; }

 private:
  Result<ComponentBounds> bounds_of(const ScenarioMeasure& rule) {
    return keep(TRY(scenario_bounds(inputs_, account_, rule, above_, none(), omissions_)));
  }
  Result<ComponentBounds> bounds_of(const RateOnBase& rule) {
    return keep(TRY(rate_bounds(inputs_, account_, rule, none())));
  }
  Result<ComponentBounds> bounds_of(const Formula& rule) { return formula_bounds(inputs_, account_, rule, above_); }
  Result<ComponentBounds> bounds_of(const Payoff& rule) { return payoff_bounds(inputs_, account_, rule); }
  Result<ComponentBounds> bounds_of(const Liquidity& rule) { return liquidity_bounds(inputs_, account_, rule, above_); }
  Result<ComponentBounds> bounds_of(const Sum& rule) {
    Bounds sum;
    for (const std::size_t of : rule.of) {
      if (!add(sum, above_[of].amount, sum)) return overflow(account_.portfolio.account);
    }
    return whole(sum);
  }
  Result<ComponentBounds> bounds_of(const Max& rule) {
    Bounds largest = above_[rule.of.front()].amount;
    for (const std::size_t of : rule.of) {
      largest = {std::max(largest.low, above_[of].amount.low), std::max(largest.high, above_[of].amount.high)};
    }
    return whole(largest);
  }
  Result<ComponentBounds> bounds_of(const Scale& rule) {
    const Bounds& of = above_[rule.of].amount;
    return whole({TRY(scaled(of.low, rule.by)), TRY(scaled(of.high, rule.by))});
  }

  static Result<ComponentBounds> whole(const Bounds& amount) {
    return ComponentBounds{.groups = {{{}, {}, true, amount}}, .amount = amount};
  }
  Result<ComponentBounds> keep(WeighedBounds found) {
    candidates_.push_back(std::move(found.worst));
    return std::move(found.bounds);
  }
  Result<Number> scaled(const Number& amount, Ratio by) const {
    Number product;
    if (!Number::multiply(amount, Number::from_units(by.raw, Ratio::decimals), product) ||
        !Number::to_multiple(product, Number::from_units(1, Usd::decimals), Round::up, product)) {
      return overflow(account_.portfolio.account);
    }
    return product;
  }

  Weights none() const { return Weights(account_.fills.size()); }

  Result<Number> most_of(std::size_t, const ScenarioMeasure& rule, const Weights& weights) {
    WeighedBounds found = TRY(scenario_bounds(inputs_, account_, rule, above_, weights, omissions_));
    candidates_.push_back(std::move(found.worst));
    return with_lost_elsewhere(found.bounds, weights);
  }
  Result<Number> most_of(std::size_t, const RateOnBase& rule, const Weights& weights) {
    WeighedBounds found = TRY(rate_bounds(inputs_, account_, rule, weights));
    candidates_.push_back(std::move(found.worst));
    return with_lost_elsewhere(found.bounds, weights);
  }
  Result<Number> most_of(std::size_t component, const Formula&, const Weights& weights) {
    return apart(above_[component].amount.high, weights);
  }
  Result<Number> most_of(std::size_t component, const Payoff&, const Weights& weights) {
    return apart(above_[component].amount.high, weights);
  }
  Result<Number> most_of(std::size_t component, const Liquidity&, const Weights& weights) {
    return apart(above_[component].amount.high, weights);
  }
  /// What a fill gains stands with the first part that looks at it.
  Result<Number> most_of(std::size_t, const Sum& rule, const Weights& weights) {
    Weights left = weights;
    Number sum;
    for (const std::size_t of : rule.of) {
      Weights own = none();
      for (std::size_t fill = 0; fill < left.size(); ++fill) {
        if (weighs(of, fill)) std::swap(own[fill], left[fill]);
      }
      const Number part = TRY(most(of, own));
      if (!Number::add(sum, part, sum)) return overflow(account_.portfolio.account);
    }
    return apart(sum, left);
  }
  Result<Number> most_of(std::size_t, const Max& rule, const Weights& weights) {
    Number largest;
    for (std::size_t i = 0; i < rule.of.size(); ++i) {
      const Number part = TRY(most(rule.of[i], weights));
      largest = i == 0 ? part : std::max(largest, part);
    }
    return largest;
  }
  Result<Number> most_of(std::size_t component, const Scale& rule, const Weights& weights) {
    if (rule.by.raw == 0) return apart(above_[component].amount.high, weights);
    Weights inner = weights;
    for (Number& weight : inner) {
      if (!Number::divide(weight, Number::from_units(rule.by.raw, Ratio::decimals), weight)) {
        return overflow(account_.portfolio.account);
      }
    }
    const Number part = TRY(most(rule.of, inner));
    return scaled(part, rule.by);
  }

  /// Whether a component takes what a fill gains in the same scenario, or for the same side, as what it charges.
  bool weighs(std::size_t component, std::size_t fill) const {
    const Rule& rule = inputs_.recipe.components[component].rule;
    const auto any = [&](const std::vector<std::size_t>& of) {
      return std::any_of(of.begin(), of.end(), [&](std::size_t part) { return weighs(part, fill); });
    };
    if (const auto* sum = std::get_if<Sum>(&rule)) return any(sum->of);
    if (const auto* max = std::get_if<Max>(&rule)) return any(max->of);
    if (const auto* scale = std::get_if<Scale>(&rule)) return weighs(scale->of, fill);
    if (!std::holds_alternative<ScenarioMeasure>(rule) && !std::holds_alternative<RateOnBase>(rule)) return false;
    return stands_in(above_[component], fill);
  }
  bool stands_in(const ComponentBounds& bounds, std::size_t fill) const {
    for (const GroupBounds& group : bounds.groups) {
      for (const std::size_t line : group.lines) {
        const std::vector<std::size_t>& fills = account_.lines[line].fills;
        if (std::find(fills.begin(), fills.end(), fill) != fills.end()) return true;
      }
    }
    return false;
  }

  /// Charge and loss of equity each at its worst.
  Result<Number> apart(const Number& charge, const Weights& weights) const {
    Number total = charge;
    for (std::size_t fill = 0; fill < weights.size(); ++fill) {
      if (!add_lost(fill, weights, total)) return overflow(account_.portfolio.account);
    }
    return total;
  }
  bool add_lost(std::size_t fill, const Weights& weights, Number& total) const {
    Number lost;
    if (account_.gains[fill].sign() >= 0) return true;
    return Number::multiply(weights[fill], account_.gains[fill], lost) && Number::subtract(total, lost, total);
  }
  /// The losses of fills that stand in none of the component's groups.
  Result<Number> with_lost_elsewhere(const ComponentBounds& bounds, const Weights& weights) const {
    Number total = bounds.amount.high;
    for (std::size_t fill = 0; fill < weights.size(); ++fill) {
      if (!stands_in(bounds, fill) && !add_lost(fill, weights, total)) return overflow(account_.portfolio.account);
    }
    return total;
  }

  const MarginInputs& inputs_;
  const OpenAccount& account_;
  std::vector<ComponentBounds> above_;
  std::vector<Chosen> candidates_;
  std::vector<Omission> omissions_;
};

/// What the account would have to hold if these fills happened: initial margin less what equity gained.
Result<Usd> asked(const MarginInputs& inputs, const OpenAccount& account, const Chosen& chosen, Usd equity) {
  const Portfolio filled = TRY(with_fills(account.portfolio, account.fills, chosen));
  const MarginReport report = TRY(assess_portfolio(inputs, filled));
  Usd amount = report.initial(inputs.recipe);
  if (!add(amount.raw, equity.raw, amount.raw) || !add(amount.raw, -report.equity.raw, amount.raw)) {
    return overflow(account.portfolio.account);
  }
  return amount;
}

/// All fills, those that buy, those that sell.
std::vector<Chosen> plain_candidates(const std::vector<Fill>& fills) {
  std::vector<Chosen> chosen(3);
  for (const Fill& fill : fills) {
    chosen[0].push_back(true);
    chosen[1].push_back(fill.line.lots.raw > 0);
    chosen[2].push_back(fill.line.lots.raw < 0);
  }
  return chosen;
}

/// By how much a bound may lie above what it bounds because it is rounded: see docs/methods/orders.md.
i128 rounding_of(std::size_t parts, Usd amount) { return static_cast<i128>(parts) + amount.raw / power_of_ten(16); }

std::vector<std::size_t> orders_of(const std::vector<Fill>& fills, const Chosen& chosen) {
  std::vector<std::size_t> orders;
  for (std::size_t i = 0; i < fills.size(); ++i) {
    if (chosen[i]) orders.push_back(fills[i].order);
  }
  std::sort(orders.begin(), orders.end());
  return orders;
}

}  // namespace

Result<OrderMargin> open_order_margin(const MarginInputs& inputs, const Portfolio& portfolio, const Book& book,
                                      MarginReport& report) {
  const std::size_t level = inputs.recipe.initial;
  OrderMargin margin;
  margin.at_least = report.components[level].amount;
  std::vector<Fill> fills = TRY(make_fills(inputs.registry, inputs.index, book));
  const OpenAccount account = TRY(open_account(inputs, portfolio, std::move(fills), report.equity));
  OpenAssessment assessment(inputs, account);
  TRY_VOID(assessment.run());
  const Number most = TRY(assessment.most(level, Weights(account.fills.size(), Number(1))));
  if (!most.to_units(Usd::decimals, Round::up, margin.amount.raw)) return overflow(portfolio.account);
  std::vector<Chosen> candidates = plain_candidates(account.fills);
  candidates.insert(candidates.end(), assessment.candidates().begin(), assessment.candidates().end());
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  for (const Chosen& chosen : candidates) {
    const Usd amount = TRY(asked(inputs, account, chosen, report.equity));
    if (amount <= margin.at_least) continue;
    margin.at_least = amount;
    margin.filled = orders_of(account.fills, chosen);
  }
  margin.amount = std::max(margin.amount, margin.at_least);
  const auto parts = portfolio.lines.size() + account.fills.size() + inputs.recipe.components.size();
  margin.exact = margin.amount.raw - margin.at_least.raw <= rounding_of(parts, margin.amount);
  report.omissions.insert(report.omissions.end(), assessment.omissions().begin(), assessment.omissions().end());
  return margin;
}

}  // namespace margrave
