#include "margin/component_bounds.h"

#include <algorithm>

namespace margrave {

std::vector<LineGroup> open_groups(const MarginInputs& inputs, const OpenAccount& account, Grouping grouping,
                                   const std::vector<Kind>& kinds, Side side) {
  std::vector<bool> included;
  for (std::size_t i = 0; i < account.lines.size(); ++i) {
    included.push_back(is_of(inputs.registry, account.units.lines[i], kinds, Side::both) &&
                       may_be_on(account.lines[i], side));
  }
  return group_lines(inputs.registry, account.units, grouping, included, false);
}

namespace {

bool holds_all(const GroupBounds& group, std::span<const std::size_t> lines) {
  return !lines.empty() && std::all_of(lines.begin(), lines.end(), [&](std::size_t line) {
    return std::find(group.lines.begin(), group.lines.end(), line) != group.lines.end();
  });
}

Number otherwise_of(const Recipe& recipe, std::size_t component) {
  const auto* formula = std::get_if<Formula>(&recipe.components[component].rule);
  return formula == nullptr ? Number{} : formula->otherwise;
}

}  // namespace

Result<Bounds> bounds_within(const MarginInputs& inputs, const OpenAccount& account, std::size_t component,
                             const ComponentBounds& bounds, Grouping coarse, std::span<const std::size_t> lines) {
  const auto key_of = [&](std::size_t at) {
    return coarse == Grouping::all ? GroupKey{} : group_key(inputs.registry, account.units, at, coarse);
  };
  const GroupKey wanted = key_of(lines.empty() ? 0 : lines.front());
  std::vector<const GroupBounds*> groups;
  for (const GroupBounds& group : bounds.groups) {
    if (coarse == Grouping::all || key_of(group.lines.front()) == wanted) groups.push_back(&group);
  }
  const Number otherwise = otherwise_of(inputs.recipe, component);
  if (groups.empty()) return otherwise;
  const bool alone = groups.size() == 1;  // then without it there is none
  bool any_certain = false;
  Bounds sum;
  for (const GroupBounds* group : groups) {
    const bool certain = group->certain || holds_all(*group, lines);
    any_certain = any_certain || certain;
    if (!add(sum, certain || alone ? group->value : either(Bounds{}, group->value), sum)) {
      return fail({.kind = ErrorKind::overflow,
                   .message = "account " + account.portfolio.account + ": a sum of groups leaves its numbers",
                   .remedy = "correct the sizes of its orders"});
    }
  }
  return any_certain ? sum : either(sum, otherwise);
}

}  // namespace margrave
