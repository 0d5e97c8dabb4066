#include "margin/group_sums.h"

namespace margrave {
namespace {

const Number& otherwise_of(const Recipe& recipe, std::size_t component) {
  static const Number zero;
  const auto* formula = std::get_if<Formula>(&recipe.components[component].rule);
  return formula == nullptr ? zero : formula->otherwise;
}

}  // namespace

Result<GroupSums> GroupSums::create(const Account& account, const MarginReport& report, std::size_t component,
                                    Grouping within) {
  const Recipe& recipe = account.inputs().recipe;
  const Grouping own = grouping_of(recipe.components[component].rule);
  const Grouping seen = holds(own, within) ? own : within;
  GroupSums out;
  out.otherwise_ = &otherwise_of(recipe, component);
  if (seen != Grouping::all) out.numbers_ = &account.numbers(seen);
  out.sums_.resize(account.numbers(seen).count);
  for (const GroupValue& group : report.components[component].values) {
    std::optional<Number>& sum = out.sums_[out.numbers_ == nullptr ? 0 : out.numbers_->of_line[group.first]];
    if (!sum) {
      sum = group.value;
    } else if (!Number::add(*sum, group.value, *sum)) {
      return fail({.kind = ErrorKind::overflow,
                   .message = "a sum of groups leaves its numbers",
                   .remedy = "split the account"});
    }
  }
  return out;
}

const Number& GroupSums::at(std::size_t line) const {
  const std::optional<Number>& sum = sums_[numbers_ == nullptr ? 0 : numbers_->of_line[line]];
  return sum ? *sum : *otherwise_;
}

}  // namespace margrave
