#pragma once

#include <deque>
#include <optional>
#include <span>

#include "array/scenario_vector.h"
#include "margin/assess.h"
#include "margin/grouped_lines.h"
#include "margin/prepared_recipe.h"

namespace margrave {

/// One account under one recipe, with what its components share: its groups, and what they are worth in the scenarios.
/// Both are computed when they are first asked for.
class Account {
 public:
  /// Where the inputs bring no prepared recipe it makes one for its own instruments.
  Account(const MarginInputs& inputs, const Portfolio& portfolio);
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  const MarginInputs& inputs() const { return inputs_; }
  const Portfolio& portfolio() const { return portfolio_; }
  const PreparedRecipe& prepared() const { return *prepared_; }
  /// Where a line's instrument stands in the prepared recipe.
  std::uint32_t place(std::size_t line) const { return places_[line]; }

  /// The groups that the lines are in (the balances, of Grouping::asset). The recipe must use the grouping.
  const GroupNumbers& numbers(Grouping grouping) const { return numbers_[static_cast<std::size_t>(grouping)]; }

  /// What names the group that a line (a balance, of Grouping::asset) is in; of Grouping::all for any line.
  GroupKey key(Grouping grouping, std::size_t line) const;
  /// As people call a group of these lines.
  std::string group_name(Grouping grouping, std::span<const std::uint32_t> lines) const;

  /// Which lines a component looks at.
  struct Selection {
    std::span<const Kind> kinds;  ///< empty: every kind
    Side side{Side::both};
    std::optional<bool> is_call;  ///< options of one type only
  };
  /// Those lines by group; the balances, of Grouping::asset. The reference holds as long as the account.
  const GroupedLines& lines(Grouping grouping, const Selection& selection);

  /// What some lines (ascending) and balances are worth in every column. The reference holds as long as the account.
  Result<const ScenarioVector*> values(std::span<const std::uint32_t> lines, std::span<const Holding> balances);

 private:
  struct Selected {
    Grouping grouping;
    std::vector<Kind> kinds;
    Side side;
    std::optional<bool> is_call;
    GroupedLines lines;
  };
  struct Valued {
    std::vector<std::uint32_t> lines;
    std::vector<Holding> balances;
    ScenarioVector values;
  };

  void number_groups();
  bool includes(const Selection& selection, const Line& line) const;

  const MarginInputs& inputs_;
  const Portfolio& portfolio_;
  std::optional<PreparedRecipe> own_;
  const PreparedRecipe* prepared_;
  std::vector<std::uint32_t> places_;
  std::array<GroupNumbers, static_cast<std::size_t>(Grouping::asset) + 1> numbers_;
  std::deque<Selected> selected_;
  std::deque<Valued> valued_;
  std::vector<std::vector<Valued*>> valued_from_;  ///< by first line, so that few are compared; last: of no line
};

}  // namespace margrave
