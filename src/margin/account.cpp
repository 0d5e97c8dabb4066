#include "margin/account.h"

#include <algorithm>
#include <numeric>

#include "margin/group.h"

namespace margrave {
namespace {

bool same(const Holding& a, const Holding& b) { return a.row == b.row && a.quantity == b.quantity; }

}  // namespace

Account::Account(const MarginInputs& inputs, const Portfolio& portfolio)
    : inputs_(inputs), portfolio_(portfolio), prepared_(inputs.prepared), valued_from_(portfolio.lines.size() + 1) {
  if (prepared_ == nullptr) prepared_ = &own_.emplace(inputs, instruments_of(portfolio));
  CHECK(prepared_->is_of(inputs));
  places_.reserve(portfolio.lines.size());
  for (const Line& line : portfolio.lines) places_.push_back(prepared_->place(line.instrument));
  number_groups();
}

void Account::number_groups() {
  const std::size_t count = portfolio_.lines.size();
  std::vector<std::uint32_t> order(count), ranks(count);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t g = 0; g < numbers_.size(); ++g) {
    const auto grouping = static_cast<Grouping>(g);
    if (!prepared_->uses(grouping) || grouping == Grouping::all || grouping == Grouping::asset) continue;
    for (std::size_t line = 0; line < count; ++line) ranks[line] = prepared_->rank(places_[line], grouping);
    if (grouping == Grouping::position) {  // one group each, those of one instrument by line
      std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return ranks[a] < ranks[b]; });
      for (std::uint32_t i = 0; i < count; ++i) ranks[order[i]] = i;
    }
    numbers_[g] = margrave::number_groups(ranks, order);
  }
  numbers_[static_cast<std::size_t>(Grouping::all)] = {std::vector<std::uint32_t>(count, 0), 1};
  GroupNumbers& assets = numbers_[static_cast<std::size_t>(Grouping::asset)];
  assets.count = static_cast<std::uint32_t>(portfolio_.balances.size());
  assets.of_line.resize(assets.count);
  std::iota(assets.of_line.begin(), assets.of_line.end(), 0u);
}

GroupKey Account::key(Grouping grouping, std::size_t line) const {
  if (grouping == Grouping::all) return {};
  const auto number = static_cast<std::int64_t>(line) + 1;
  if (grouping == Grouping::asset) return {number};
  GroupKey key = prepared_->key(places_[line], grouping);
  if (grouping == Grouping::position) key[5] = number;
  return key;
}

std::string Account::group_name(Grouping grouping, std::span<const std::uint32_t> lines) const {
  if (lines.empty()) return "all";
  if (grouping == Grouping::asset) return std::string(asset_name(inputs_.array, portfolio_.balances[lines.front()]));
  return margrave::group_name(inputs_.registry, portfolio_.lines[lines.front()], grouping);
}

bool Account::includes(const Selection& selection, const Line& line) const {
  const Instrument& instrument = inputs_.registry[line.instrument];
  const bool type_fits =
      !selection.is_call || (instrument.kind == Kind::option && instrument.is_call == *selection.is_call);
  return type_fits && is_of(inputs_.registry, line, selection.kinds, selection.side);
}

const GroupedLines& Account::lines(Grouping grouping, const Selection& selection) {
  for (const Selected& known : selected_) {
    if (known.grouping == grouping && known.side == selection.side && known.is_call == selection.is_call &&
        std::ranges::equal(known.kinds, selection.kinds)) {
      return known.lines;
    }
  }
  std::vector<bool> included;
  if (grouping == Grouping::asset) {
    included.assign(portfolio_.balances.size(), true);
  } else {
    included.reserve(portfolio_.lines.size());
    for (const Line& line : portfolio_.lines) included.push_back(includes(selection, line));
  }
  std::vector<Kind> kinds(selection.kinds.begin(), selection.kinds.end());
  selected_.push_back(
      {grouping, std::move(kinds), selection.side, selection.is_call, GroupedLines(numbers(grouping), included)});
  return selected_.back().lines;
}

Result<const ScenarioVector*> Account::values(std::span<const std::uint32_t> lines, std::span<const Holding> balances) {
  std::vector<Valued*>& alike = valued_from_[lines.empty() ? portfolio_.lines.size() : lines.front()];
  for (const Valued* known : alike) {
    if (std::ranges::equal(known->lines, lines) && std::ranges::equal(known->balances, balances, same)) {
      return &known->values;
    }
  }
  std::vector<Holding> holdings;
  holdings.reserve(2 * lines.size() + balances.size());
  for (const std::uint32_t line : lines) append_holdings(portfolio_.lines[line], holdings);
  holdings.insert(holdings.end(), balances.begin(), balances.end());
  Valued& valued = valued_.emplace_back();
  valued.lines.assign(lines.begin(), lines.end());
  valued.balances.assign(balances.begin(), balances.end());
  TRY_VOID(evaluate(inputs_.array, holdings, inputs_.isa, valued.values));
  alike.push_back(&valued);
  return &valued.values;
}

}  // namespace margrave
