#include "margin/account.h"

#include <algorithm>
#include <numeric>

#include "margin/group.h"

namespace margrave {
namespace {

bool same(const Holding& a, const Holding& b) { return a.row == b.row && a.quantity == b.quantity; }

/// A line's kind, side and type as one number.
constexpr unsigned short_bit = 4, call_bit = 8;
static_assert(static_cast<unsigned>(Kind::option) < short_bit);

std::uint8_t class_of(const PreparedRecipe::Traits& traits, Lots lots) {
  const unsigned side = lots.raw > 0 ? 0 : short_bit, type = traits.is_call ? call_bit : 0;
  return static_cast<std::uint8_t>(static_cast<unsigned>(traits.kind) | side | type);
}

/// Bit c: a selection has lines of class c.
std::uint32_t classes_of(const Account::Selection& selection) {
  constexpr std::uint32_t all = 0xffff, of_first_kind = 0x1111, shorts = 0xf0f0, calls = 0xff00;
  constexpr std::uint32_t options = of_first_kind << static_cast<unsigned>(Kind::option);
  std::uint32_t classes = selection.kinds.empty() ? all : 0;
  for (const Kind kind : selection.kinds) classes |= of_first_kind << static_cast<unsigned>(kind);
  if (selection.side != Side::both) classes &= selection.side == Side::shorts ? shorts : ~shorts;
  if (selection.is_call) classes &= options & (*selection.is_call ? calls : ~calls);
  return classes;
}

/// Gives each line a rank of its own, those of one instrument by line.
void tell_apart(std::span<std::uint32_t> ranks, std::span<std::uint32_t> order) {
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return ranks[a] < ranks[b]; });
  for (std::uint32_t i = 0; i < order.size(); ++i) ranks[order[i]] = i;
}

}  // namespace

Account::Account(const MarginInputs& inputs, const Portfolio& portfolio)
    : inputs_(inputs),
      portfolio_(portfolio),
      prepared_(inputs.prepared),
      valued_from_(portfolio.lines.size() + 1, nullptr, &memory_) {
  if (prepared_ == nullptr) prepared_ = &own_.emplace(inputs, instruments_of(portfolio));
  CHECK(prepared_->is_of(inputs));
  places_.reserve(portfolio.lines.size());
  positions_.reserve(portfolio.lines.size());
  classes_.reserve(portfolio.lines.size());
  for (const Line& line : portfolio.lines) {
    places_.push_back(prepared_->place(line.instrument));
    positions_.push_back(line.position);
    has_legs_ = has_legs_ || line.leg.has_value();
    const PreparedRecipe::Traits& traits = prepared_->traits(places_.back());
    classes_.push_back(class_of(traits, line.lots));
    held_ |= 1u << classes_.back();
    uncovered_ |= traits.uncovered;
  }
  number_groups();
}

void Account::number_groups() {
  const std::size_t count = portfolio_.lines.size(), balances = portfolio_.balances.size();
  std::pmr::vector<std::uint32_t> order(count, &memory_), ranks(count, &memory_);
  std::iota(order.begin(), order.end(), 0u);
  numbers_.reserve(groupings);
  for (std::size_t g = 0; g < groupings; ++g) {
    const auto grouping = static_cast<Grouping>(g);
    if (grouping == Grouping::all) {
      numbers_.push_back({std::pmr::vector<std::uint32_t>(count, 0, &memory_), 1});
    } else if (grouping == Grouping::asset) {
      numbers_.push_back({std::pmr::vector<std::uint32_t>(balances, &memory_), static_cast<std::uint32_t>(balances)});
      std::iota(numbers_.back().of_line.begin(), numbers_.back().of_line.end(), 0u);
    } else if (!prepared_->uses(grouping)) {
      numbers_.emplace_back();
    } else {
      for (std::size_t line = 0; line < count; ++line) ranks[line] = prepared_->rank(places_[line], grouping);
      if (grouping == Grouping::position) tell_apart(ranks, order);
      numbers_.push_back(margrave::number_groups(ranks, order, &memory_));
    }
  }
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

const GroupedLines& Account::lines(Grouping grouping, const Selection& selection) {
  // What selects the same of this account is one selection.
  const std::uint32_t classes = grouping == Grouping::asset ? 0 : classes_of(selection) & held_;
  const std::optional<std::size_t> set = selection.set && lacks_any(*selection.set) ? selection.set : std::nullopt;
  for (const Selected& known : selected_) {
    if (known.grouping == grouping && known.classes == classes && known.set == set) return known.lines;
  }
  static const GroupNumbers nothing;
  const bool has_any = grouping == Grouping::asset || classes != 0;
  const GroupNumbers& numbers = has_any ? this->numbers(grouping) : nothing;
  std::pmr::vector<std::uint8_t> included(numbers.of_line.size(), 1, &memory_);
  if (grouping != Grouping::asset) {
    for (std::size_t line = 0; line < included.size(); ++line) {
      const bool fits = ((classes >> classes_[line]) & 1) != 0 && !(set && lacks(line, *set));
      included[line] = fits ? 1 : 0;
    }
  }
  selected_.push_back({grouping, classes, set, GroupedLines(numbers, included, &memory_)});
  return selected_.back().lines;
}

Result<void> Account::pack_holdings(std::span<const std::uint32_t> lines, std::span<const Holding> balances) {
  if (!has_legs_ && balances.empty()) return pack(inputs_.array.exponents(), positions_, lines, packed_);
  std::vector<Holding> holdings;
  holdings.reserve(2 * lines.size() + balances.size());
  for (const std::uint32_t line : lines) append_holdings(portfolio_.lines[line], holdings);
  holdings.insert(holdings.end(), balances.begin(), balances.end());
  return pack(inputs_.array.exponents(), holdings, packed_);
}

Result<const ScenarioVector*> Account::values(std::span<const std::uint32_t> lines, std::span<const Holding> balances) {
  Valued*& first = valued_from_[lines.empty() ? portfolio_.lines.size() : lines.front()];
  for (const Valued* known = first; known != nullptr; known = known->next) {
    if (std::ranges::equal(known->lines, lines) && std::ranges::equal(known->balances, balances, same)) {
      return &known->values;
    }
  }
  TRY_VOID(pack_holdings(lines, balances));
  std::pmr::vector<Holding> held(balances.begin(), balances.end(), &memory_);
  Valued& valued = valued_.emplace_back(Valued{lines, std::move(held), {}, first});
  TRY_VOID(evaluate(inputs_.array, packed_, inputs_.isa, valued.values));
  first = &valued;
  return &valued.values;
}

}  // namespace margrave
