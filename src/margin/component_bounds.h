#pragma once

#include "margin/open_account.h"

namespace margrave {

/// What one group of a component can come to.
struct GroupBounds {
  GroupKey key{};
  std::vector<std::size_t> lines;  ///< of the open account (balances, of Grouping::asset)
  bool certain{true};              ///< false: some fills leave no such group
  Bounds value;                    ///< where there is one
};

/// What a component can come to over all fills: its groups as expressions read them, and in USD all together.
struct ComponentBounds {
  std::vector<GroupBounds> groups;
  Bounds amount;
};

/// The fills that seem worst for a component: a guess that a full assessment then prices. By fill.
using Chosen = std::vector<bool>;

/// How much of what each fill adds to equity is taken off a component, both for the same fills; by fill.
using Weights = std::vector<Number>;

/// A measure or a rate over all fills; of `bounds.amount` the upper end with the weights.
struct WeighedBounds {
  ComponentBounds bounds;
  Chosen worst;
};
Result<WeighedBounds> scenario_bounds(const MarginInputs& inputs, const OpenAccount& account,
                                      const ScenarioMeasure& rule, const std::vector<ComponentBounds>& above,
                                      const Weights& weights, std::vector<Omission>& omissions);
Result<WeighedBounds> rate_bounds(const MarginInputs& inputs, const OpenAccount& account, const RateOnBase& rule,
                                  const Weights& weights);
Result<ComponentBounds> formula_bounds(const MarginInputs& inputs, const OpenAccount& account, const Formula& rule,
                                       const std::vector<ComponentBounds>& above);
Result<ComponentBounds> payoff_bounds(const MarginInputs& inputs, const OpenAccount& account, const Payoff& rule);
Result<ComponentBounds> liquidity_bounds(const MarginInputs& inputs, const OpenAccount& account, const Liquidity& rule,
                                         const std::vector<ComponentBounds>& above);

/// What a component can come to for the group of `coarse` that some lines (or balances) are in: its finer groups
/// summed; where there may be none, also its `otherwise`. At least one of the lines is taken to be there, so what all
/// of them are in is there too. No lines: the whole account. Errors: overflow.
Result<Bounds> bounds_within(const MarginInputs& inputs, const OpenAccount& account, std::size_t component,
                             const ComponentBounds& bounds, Grouping coarse, std::span<const std::size_t> lines);

/// The lines that may be of some kinds and on a side, grouped.
std::vector<LineGroup> open_groups(const MarginInputs& inputs, const OpenAccount& account, Grouping grouping,
                                   const std::vector<Kind>& kinds, Side side);

}  // namespace margrave
