#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "formula/expression.h"
#include "formula/table.h"

namespace margrave {

/// Where an expression finds what it names: one group of an account, say. Members are numbered from 0; what does not
/// differ between them is asked for with member 0.
class Scope {
 public:
  static constexpr std::size_t whole_group = static_cast<std::size_t>(-1);

  virtual ~Scope() = default;
  virtual std::size_t members() const = 0;
  virtual Result<Number> field(std::size_t index, std::size_t member) const = 0;
  virtual Result<Number> parameter(std::size_t index, std::size_t member) const = 0;
  /// Of the whole group, or of the member that an enclosing sum stands on.
  virtual Result<Number> component(std::size_t index, std::size_t member) const = 0;
  virtual const Table& table(std::size_t index, std::size_t member) const = 0;
  /// What a `known` step stands for, where the scope's maker has put some into the expression; nullptr where it could
  /// not be computed.
  virtual const Number* known(std::size_t /*index*/, std::size_t /*member*/) const { return nullptr; }
};

/// The value of an expression. largest() and smallest() of no member are 0.
/// Errors: what the scope cannot give; overflow, with the expression, or a known number that is not there.
Result<Number> evaluate(const Expression& expression, const Scope& scope);

/// How far an expression's value rests on one of its leaves: d value / d leaf, through the branches that were taken.
struct Slope {
  std::size_t step{0};    ///< a field, a component or count
  std::size_t member{0};  ///< of which member it was read
  Number value, slope;
};

/// The slopes of all fields and components that the value rests on; a homogeneous expression is the sum of value times
/// slope. Steps of the value that are flat (roundings, steps of tables) count as straight.
Result<std::vector<Slope>> slopes(const Expression& expression, const Scope& scope);

}  // namespace margrave
