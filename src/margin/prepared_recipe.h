#pragma once

#include <optional>
#include <span>

#include "formula/number.h"
#include "margin/assess.h"
#include "margin/group_key.h"

namespace margrave {

/// What a recipe reads of a market, whatever the account: made once for an array, then read by every assessment, from
/// any thread. It changes no number: what it holds is what an assessment would compute.
///
/// Of a formula the largest parts that rest on the market and on parameters alone are computed for every instrument
/// ("exp(-years * rate)"), and stand in its expression as `known` steps.
class PreparedRecipe {
 public:
  /// For accounts that hold no other instruments than these; any order, also twice. The inputs must outlive it.
  PreparedRecipe(const MarginInputs& inputs, std::span<const InstrumentId> instruments);
  /// For all instruments that the market could price.
  explicit PreparedRecipe(const MarginInputs& inputs);

  /// Whether it was made from this array and recipe.
  bool is_of(const MarginInputs& inputs) const { return array_ == &inputs.array && recipe_ == &inputs.recipe; }
  /// Where an instrument stands in what follows. It must be one of those prepared.
  std::uint32_t place(InstrumentId instrument) const;

  /// What assessments ask of an instrument again and again.
  struct Traits {
    Kind kind{Kind::spot};
    bool is_call{false};
    i128 uncovered{0};              ///< bit s: scenario set s says nothing of it
    std::optional<Number> coins{};  ///< of one lot, where they do not hang on its mark
  };
  const Traits& traits(std::uint32_t place) const { return traits_[place]; }

  /// What one lot is worth, where it is below 2^80 units and whole in them: sums of lots then need few checks.
  struct LotWorth {
    bool is_known{false};
    i128 value{0};                    ///< 1e-18 USD
    i128 notional_units{0};           ///< 1e-9 USD, not below 0
    std::uint32_t notional_rest{0};   ///< 1e-18 USD more, below 1e9
    std::uint32_t rounding{0};        ///< how far the rounding of its row moves it: rounding * 2^-rounding_shift
    std::uint32_t rounding_shift{0};  ///< of 1e-9 USD; below 64
  };
  const LotWorth& worth(std::uint32_t place) const { return worth_[place]; }

  /// Whether the recipe looks at its groups.
  bool uses(Grouping grouping) const { return used_[static_cast<std::size_t>(grouping)]; }
  /// The order of an instrument's group among all of a grouping; equal within a group. Not of Grouping::asset.
  std::uint32_t rank(std::uint32_t place, Grouping grouping) const {
    return ranks_[place][static_cast<std::size_t>(grouping)];
  }

  /// What names that group; of Grouping::position but for the line.
  const GroupKey& key(std::uint32_t place, Grouping grouping) const {
    return keys_[static_cast<std::size_t>(grouping)][rank(place, grouping)];
  }

  /// The expression of a component that is a Formula, with what is known in it.
  const Expression& expression(std::size_t component) const { return formulas_[component].expression; }
  /// How a component that is a Formula reads another: of a whole group, or member by member inside a sum.
  struct Reading {
    std::size_t component{0};
    bool of_member{false};
    Grouping within{Grouping::all};  ///< as groups of which it sees the other
  };
  /// Each once, in the order of Formula::of.
  std::span<const Reading> readings(std::size_t component) const { return formulas_[component].readings; }
  /// A known number of an instrument; nullptr where the market lacks what it rests on, or it overflows.
  const Number* known(std::size_t component, std::uint32_t place, std::size_t index) const;

  /// Whether a component is one known number of a group's first instrument, number 0.
  bool is_one_known(std::size_t component) const { return formulas_[component].is_one_known; }
  /// That number as a factor of a transform, in units of 2^-40; nullptr where it lies outside 0 to 16 too.
  struct FactorUnits {
    std::int64_t down{0}, up{0};  ///< rounded
  };
  const FactorUnits* factor(std::size_t component, std::uint32_t place) const;
  /// A factor of a transform in units of 2^-40; nothing outside 0 to 16.
  static std::optional<FactorUnits> factor_units(const Number& factor);

 private:
  static constexpr std::size_t groupings = static_cast<std::size_t>(Grouping::asset) + 1;

  struct PreparedFormula {
    Expression expression;
    std::vector<Reading> readings;
    std::size_t known_count{0};
    std::vector<std::optional<Number>> known;  ///< by place, then by number of the known step
    bool is_one_known{false};
    std::vector<std::optional<FactorUnits>> factors;  ///< by place; empty unless it is one known number
  };

  void list(const MarginInputs& inputs, std::span<const InstrumentId> instruments);
  void find_traits(const MarginInputs& inputs);
  void find_groupings();
  void rank_groups(const MarginInputs& inputs);
  void find_readings(const Formula& formula, PreparedFormula& out) const;
  void prepare(const MarginInputs& inputs, const Formula& formula, PreparedFormula& out);
  void compute(const MarginInputs& inputs, const Expression& part, std::size_t index, PreparedFormula& out);

  const RiskArray* array_;
  const Recipe* recipe_;
  std::vector<InstrumentId> instruments_;  ///< by place: in order of key, so that an expiry's stand together
  std::vector<std::uint32_t> places_;      ///< by instrument of the registry
  std::vector<Traits> traits_;             ///< by place
  std::vector<LotWorth> worth_;            ///< by place
  std::array<bool, groupings> used_{};
  std::vector<std::array<std::uint32_t, groupings>> ranks_;  ///< by place
  std::array<std::vector<GroupKey>, groupings> keys_;        ///< by rank
  std::vector<PreparedFormula> formulas_;                    ///< by component; empty where it is none
};

}  // namespace margrave
