#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/wide.h"
#include "formula/number.h"
#include "formula/range.h"
#include "formula/unit.h"

namespace margrave {

/// What a name of an expression stands for.
struct Symbol {
  enum class Kind : std::uint8_t { field, parameter, component, table } kind{Kind::field};
  std::size_t index{0};  ///< among its kind
  Unit unit{};
  Range range{};
  /// It differs from member to member of a group, so that it is read inside sum(), largest() or smallest() only.
  bool of_member{false};
  Unit of{};  ///< table: the unit of what it is asked for
};

/// One step of an expression; its arguments stand before it.
struct Step {
  enum class Op : std::uint8_t {
    constant,
    field,
    parameter,
    component,
    known,  // leaves
    add,
    subtract,
    multiply,
    divide,
    negate,
    smallest_of,
    largest_of,
    absolute,
    choose,
    multiple,
    square_root,
    whole_root,
    exponential,
    look_up,
    sum,
    largest,
    smallest,
    count,  // over the members of a group
    less,
    less_or_equal,
    equal,
    both,
    one_of,  // conditions
  } op{Op::constant};
  std::vector<std::uint32_t> args{};
  Number constant{};
  std::size_t index{0};  ///< of the field, parameter, component, table or known number
  Round round{Round::up};
  bool of_member{false};  ///< leaf: read of the member that the enclosing sum stands on
};

/// A checked expression: total, without loop or recursion; its last step is its value. It refers to fields, parameters,
/// components and tables by number, as the vocabulary that it was read with gave them out.
struct Expression {
  std::string text;
  std::vector<Step> steps;
  Unit unit;
  Range range;
};

}  // namespace margrave
