#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "base/fixed.h"
#include "product/instrument.h"

namespace margrave {

/// Where a number of a recipe comes from. A recipe's status is that of its weakest part.
enum class Source : std::uint8_t { published, inferred, assumed };
std::string_view to_string(Source source);

/// Which positions are summed before a measure or a rate looks at them.
enum class Grouping : std::uint8_t { position, instrument, expiry, underlying, all };
std::string_view to_string(Grouping grouping);

/// A measure of the loss against now, over one scenario set, per group; never below zero.
struct ScenarioMeasure {
  enum class Kind : std::uint8_t { worst, weighted_worst, var, es } kind{Kind::worst};
  std::string set;     ///< name of a scenario set
  Ratio confidence{};  ///< var and es: 0.975 looks at the worst 2.5 %
  Grouping group{Grouping::all};
  bool with_balances{false};  ///< grouping all: balances move in the same scenarios
};

/// rate * base, summed over groups. Rounded up.
struct RateOnBase {
  /// notional: price content of the position at the index or mark, net within the group; mark_value: |value now|;
  /// unrealised_gain: profit not yet realised, where positive.
  enum class Base : std::uint8_t { notional, mark_value, unrealised_gain } base{Base::notional};
  enum class Side : std::uint8_t { both, longs, shorts } side{Side::both};
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

using Rule = std::variant<ScenarioMeasure, RateOnBase, Sum, Max, Scale>;

struct Component {
  std::string name;
  Source source{Source::assumed};
  Rule rule;
};

/// A margin model as data: components in an order in which each refers only to those before it, so that no circle can
/// be written, and the component that is each level's requirement.
struct Recipe {
  std::string name, version, description;
  std::string reference;             ///< where the model is described
  Source status{Source::published};  ///< the weakest of its parts
  bool wide{false};                  ///< row_error asks for int64 rows
  std::vector<std::string> sets;     ///< scenario sets it defines, in order
  std::vector<Component> components;
  std::size_t initial{0}, maintenance{0};  ///< indices into components
  Digest digest;                           ///< of the recipe's content; comments and layout do not count
};

}  // namespace margrave
