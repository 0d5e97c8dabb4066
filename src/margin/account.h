#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory_resource>
#include <optional>
#include <span>

#include "array/scenario_vector.h"
#include "margin/assess.h"
#include "margin/grouped_lines.h"
#include "margin/prepared_recipe.h"
#include "margin/profile_part.h"

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
  /// Whether a scenario set, by its number in the array, says nothing of a line; of any line.
  bool lacks(std::size_t line, std::size_t set) const {
    return has_bit(prepared_->traits(places_[line]).uncovered, set);
  }
  bool lacks_any(std::size_t set) const { return has_bit(uncovered_, set); }

  /// The groups that the lines are in (the balances, of Grouping::asset). The recipe must use the grouping.
  const GroupNumbers& numbers(Grouping grouping) const { return numbers_[static_cast<std::size_t>(grouping)]; }

  /// A line's coins, where they do not hang on its mark and fit.
  std::optional<Number> coins(std::size_t line) const {
    const std::optional<Number>& of_lot = prepared_->traits(places_[line]).coins;
    Number coins;
    if (!of_lot || !Number::multiply(*of_lot, Number(portfolio_.lines[line].lots.raw), coins)) return std::nullopt;
    return coins;
  }

  /// What names the group that a line (a balance, of Grouping::asset) is in; of Grouping::all for any line.
  GroupKey key(Grouping grouping, std::size_t line) const;
  /// As people call a group of these lines.
  std::string group_name(Grouping grouping, std::span<const std::uint32_t> lines) const;

  /// Which lines a component looks at.
  struct Selection {
    std::span<const Kind> kinds;  ///< empty: every kind
    Side side{Side::both};
    std::optional<bool> is_call{};     ///< options of one type only
    std::optional<std::size_t> set{};  ///< what this scenario set covers only
  };
  /// Those lines by group; the balances, of Grouping::asset. The reference holds as long as the account.
  const GroupedLines& lines(Grouping grouping, const Selection& selection);

  /// What some lines of a selection (ascending) and balances are worth in every column. The reference holds as long as
  /// the account.
  Result<const ScenarioVector*> values(std::span<const std::uint32_t> lines, std::span<const Holding> balances);

  /// What transforms have made of lines so far; what it holds stays where it is.
  std::pmr::deque<ProfileParts>& profile_parts() { return profile_parts_; }

  /// For what lives no longer than the account: room beside it for most accounts, the heap for large ones.
  std::pmr::memory_resource* memory() const { return &memory_; }

 private:
  static bool has_bit(i128 mask, std::size_t bit) { return ((mask >> bit) & 1) != 0; }

  struct Selected {
    Grouping grouping;
    std::uint32_t classes;
    std::optional<std::size_t> set;
    GroupedLines lines;
  };
  struct Valued {
    std::span<const std::uint32_t> lines;
    std::pmr::vector<Holding> balances;
    ScenarioVector values;
    Valued* next;  ///< with the same first line
  };

  static constexpr std::size_t groupings = static_cast<std::size_t>(Grouping::asset) + 1;

  void number_groups();
  Result<void> pack_holdings(std::span<const std::uint32_t> lines, std::span<const Holding> balances);

  alignas(std::max_align_t) std::array<std::byte, 16384> room_;
  mutable std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  const MarginInputs& inputs_;
  const Portfolio& portfolio_;
  std::optional<PreparedRecipe> own_;
  const PreparedRecipe* prepared_;
  std::pmr::vector<std::uint32_t> places_{&memory_};
  std::pmr::vector<Holding> positions_{&memory_};  ///< by line, without its cost leg
  bool has_legs_{false};
  PackedAccount packed_;                              ///< of what is valued next
  std::pmr::vector<std::uint8_t> classes_{&memory_};  ///< by line: its kind, side and type as one number below 32
  std::uint32_t held_{0};                             ///< bit c: there is a line of class c
  i128 uncovered_{0};                                 ///< bit s: there is a line that scenario set s says nothing of
  std::pmr::vector<GroupNumbers> numbers_{&memory_};  ///< by grouping
  std::pmr::deque<Selected> selected_{&memory_};
  std::pmr::deque<Valued> valued_{&memory_};
  std::pmr::deque<ProfileParts> profile_parts_{&memory_};
  std::pmr::vector<Valued*> valued_from_;  ///< by first line, so that few are compared; last: of no line
};

}  // namespace margrave
