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
  GroupSums out(account.memory());
  out.otherwise_ = &otherwise_of(recipe, component);
  if (seen != Grouping::all) out.numbers_ = &account.numbers(seen);
  const std::size_t count = account.numbers(seen).count;
  const std::vector<GroupValue>& values = report.components[component].values;
  if (seen == own && values.size() == count) {
    out.own_ = values;
    return out;
  }
  out.sums_.resize(count);
  for (const GroupValue& group : values) {
    const std::size_t number = out.numbers_ == nullptr ? 0 : out.numbers_->of_line[group.first];
    const Number*& sum = out.sums_[number];
    if (sum == nullptr) {
      sum = &group.value;
      continue;
    }
    if (out.added_.empty()) out.added_.resize(count);
    if (!Number::add(*sum, group.value, out.added_[number])) {
      return fail({.kind = ErrorKind::overflow,
                   .message = "a sum of groups leaves its numbers",
                   .remedy = "split the account"});
    }
    sum = &out.added_[number];
  }
  return out;
}

const Number& GroupSums::at(std::size_t line) const {
  const std::size_t number = numbers_ == nullptr ? 0 : numbers_->of_line[line];
  if (!own_.empty()) return own_[number].value;
  const Number* sum = sums_[number];
  return sum != nullptr ? *sum : *otherwise_;
}

}  // namespace margrave
