#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "base/fixed.h"
#include "formula/expression.h"
#include "formula/table.h"
#include "product/instrument.h"

namespace margrave {

/// Where a number of a recipe comes from. A recipe's status is that of its weakest part.
enum class Source : std::uint8_t { published, inferred, assumed };
std::string_view to_string(Source source);

/// What a rule looks at as one: positions of one instrument, strike (and expiry), expiry, pair of coin and settlement
/// asset, underlying, or all; or each balance, by its asset.
enum class Grouping : std::uint8_t { position, instrument, strike, expiry, pair, underlying, all, asset };
std::string_view to_string(Grouping grouping);
/// True when every group of `fine` lies within one group of `coarse`.
bool holds(Grouping coarse, Grouping fine);

enum class Side : std::uint8_t { both, longs, shorts };

/// What is done to the profits of each group before a measure looks at their sum.
struct Transform {
  Grouping each{Grouping::expiry};
  std::vector<Kind> kinds;                   ///< whose positions; the others count as they are. Empty: all
  bool of_value{false};                      ///< the factors are on the value in the scenario; otherwise on its change
  std::optional<std::size_t> gains, losses;  ///< components whose plain values multiply what is above and below zero
  bool worst_sign{false};                    ///< each group's change counts as a loss, whichever way it goes
};

/// A measure of the loss against now, over one scenario set, per group; never below zero.
struct ScenarioMeasure {
  enum class Kind : std::uint8_t { worst, weighted_worst, var, es } kind{Kind::worst};
  std::string set;     ///< name of a scenario set
  Ratio confidence{};  ///< var and es: 0.975 looks at the worst 2.5 %
  Grouping group{Grouping::all};
  bool with_balances{false};  ///< grouping all: balances move in the same scenarios
  std::optional<Transform> transform{};
};

/// rate * base, summed over groups. Rounded up.
struct RateOnBase {
  /// notional: price content of the position at the index or mark, net within the group; mark_value: |value now|;
  /// unrealised_gain: profit not yet realised, where positive.
  enum class Base : std::uint8_t { notional, mark_value, unrealised_gain } base{Base::notional};
  Side side{Side::both};
  std::vector<Kind> kinds;  ///< empty: every kind
  Grouping group{Grouping::position};
  Ratio rate{};                                      ///< where no other is given
  std::vector<std::pair<std::string, Ratio>> rates;  ///< by underlying name
};

/// A sum, the largest, or a multiple of components listed above it.
struct Sum {
  std::vector<std::size_t> of;
};
struct Max {
  std::vector<std::size_t> of;
};
struct Scale {
  std::size_t of{0};
  Ratio by{};
};

/// The value of an expression for each group; in dollars it is a charge, in any other unit a number that others read.
struct Formula {
  Expression value;
  Grouping each{Grouping::all};
  std::vector<Kind> kinds;  ///< empty: every kind
  Side side{Side::both};
  std::optional<bool> is_call;  ///< options of one type only
  Number otherwise;             ///< what others read where there is no such group
  std::vector<std::size_t> of;  ///< components that it reads
};

/// The largest loss at expiry, of the options of each group, over a price of 0 and every strike held.
struct Payoff {
  Grouping each{Grouping::expiry};
};

/// How a close-out that cannot be done in time extends the shortfall of what is closed.
struct CloseOut {
  std::size_t shortfall{0};  ///< a component with a value per instrument
  Ratio participation{};     ///< the share of what is traded that a close-out can be, above 0
  int hours{0};              ///< in which a position is closed where that share allows it
};

/// What closing each instrument's net position costs in a market that has `stress` of its depth left.
struct Liquidity {
  std::vector<Kind> kinds;  ///< empty: every kind
  Ratio stress{};
  Ratio without{};  ///< of the notional at least, where depth or volume is not known
  std::optional<CloseOut> close_out{};
};

using Rule = std::variant<ScenarioMeasure, RateOnBase, Sum, Max, Scale, Formula, Payoff, Liquidity>;

/// The groups that a rule has amounts for.
Grouping grouping_of(const Rule& rule);

/// The components that an expression reads, or a transform has its factors from.
std::vector<std::size_t> read_by(const Rule& rule);

/// A number of the recipe that expressions name; it may differ by underlying, or by asset.
struct Parameter {
  std::string name;
  Unit unit;
  Number value;
  std::vector<std::pair<std::string, Number>> by;  ///< by name of underlying or asset
  Source source{Source::assumed};
};

/// A table that expressions name.
struct NamedTable {
  std::string name;
  Unit of, unit;  ///< of what it is asked for, and of its answer
  Table table;
  std::vector<std::pair<std::string, Table>> by;
  Source source{Source::assumed};
};

/// Decimals of a dollar that an expression's charge has, and how it is rounded to them.
struct Arithmetic {
  int decimals{Usd::decimals};
  Round round{Round::up};
};

struct Component {
  std::string name;
  Source source{Source::assumed};
  Rule rule;
  bool is_needed{true};  ///< a level rests on it
  bool is_read{false};   ///< an expression or transform reads its amounts by group
};

/// What a recipe promises of every book, beyond what all promise; tests/claims_test.cpp holds it to it.
enum class Claim : std::uint8_t {
  collateral_helps,  ///< more of an asset that is worth something never lowers equity less requirement
  homogeneous,       ///< twice the book asks for twice as much
  subadditive,       ///< two parts of a book never ask for less than the whole
};
std::string_view to_string(Claim claim);

/// A requirement by name: the index of its component.
struct Level {
  std::string_view name;
  std::size_t component{0};
};

/// A margin model as data: components in an order in which each refers only to those before it, so that no circle can
/// be written, and the component that is each level's requirement.
struct Recipe {
  std::string name, version, description;
  std::string reference;  ///< where the model is described
  std::string date;       ///< of the rules it follows, as YYYY-MM-DD or YYYY-MM; empty: none is given
  std::vector<Claim> claims;
  std::int64_t vectors{0};           ///< published numbers that it was checked against and meets
  Source status{Source::published};  ///< the weakest of its parts
  bool wide{false};                  ///< row_error asks for int64 rows
  bool discounted{true};             ///< options are worth their discounted price
  /// One requirement per settlement asset, counted in it, of what settles in it; otherwise one of the whole, in
  /// dollars.
  bool per_settlement{false};
  std::vector<std::string> sets;  ///< scenario sets it defines, in order
  std::vector<Parameter> parameters;
  std::vector<NamedTable> tables;
  Arithmetic arithmetic;
  std::vector<Component> components;
  std::size_t initial{0}, maintenance{0};        ///< indices into components
  std::optional<std::size_t> warning, backstop;  ///< to warn above maintenance, to hand over below it
  Digest digest;                                 ///< of the recipe's content; comments and layout do not count

  /// What requirements are counted in: usd, or settlement.
  Unit numeraire() const;
  /// In the numeraire, so that it can be added up, or a level.
  bool is_charge(const Component& component) const;

  /// initial, warning, maintenance, backstop: those that it has.
  std::vector<Level> levels() const;
};

}  // namespace margrave
