#pragma once

#include "base/result.h"
#include "formula/expression.h"
#include "formula/table.h"

namespace margrave {

/// What a number can come to while some of what it rests on is open: it lies in [low, high].
struct Bounds {
  Number low, high;

  Bounds() = default;
  Bounds(const Number& exact) : low(exact), high(exact) {}  // NOLINT(google-explicit-constructor): it is itself
  Bounds(const Number& low_end, const Number& high_end) : low(low_end), high(high_end) {}

  bool is_exact() const { return low == high; }
};

/// The least bounds that hold both.
Bounds either(const Bounds& a, const Bounds& b);
/// Sums, and products with an exact number; false on overflow.
[[nodiscard]] bool add(const Bounds& a, const Bounds& b, Bounds& out);
[[nodiscard]] bool multiply(const Bounds& a, const Bounds& b, Bounds& out);

/// As Scope, for numbers that are only bounded.
class BoundScope {
 public:
  static constexpr std::size_t whole_group = static_cast<std::size_t>(-1);

  virtual ~BoundScope() = default;
  virtual std::size_t members() const = 0;
  /// False for a member that may be missing.
  virtual bool is_certain(std::size_t member) const = 0;
  /// True where all may be missing at once.
  virtual bool may_be_empty() const = 0;
  virtual Result<Bounds> field(std::size_t index, std::size_t member) const = 0;
  virtual Result<Number> parameter(std::size_t index, std::size_t member) const = 0;
  virtual Result<Bounds> component(std::size_t index, std::size_t member) const = 0;
  virtual const Table& table(std::size_t index, std::size_t member) const = 0;
};

/// Bounds that hold the expression's value whatever its open numbers come to: interval arithmetic, step by step. A name
/// that stands twice is bounded twice, so they may be wider than they need be. Every operation of Number rounds
/// monotonically, so the ends need no slack; e^x, which may be off by 2 units of the 36th decimal, has 4.
///
/// Errors: what the scope cannot give; overflow; a divisor whose bounds hold 0.
/// Source: Moore, Kearfott, Cloud, Introduction to Interval Analysis (2009), chapters 2 and 5.
Result<Bounds> bound(const Expression& expression, const BoundScope& scope);

}  // namespace margrave
