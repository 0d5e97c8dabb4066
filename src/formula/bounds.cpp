#include "formula/bounds.h"

#include <algorithm>
#include <optional>

namespace margrave {
namespace {

using Op = Step::Op;

enum class Answer : std::uint8_t { no, yes, maybe };

/// The bounds of the steps of one expression, computed where they are asked for.
class Bounding {
 public:
  Bounding(const Expression& expression, const BoundScope& scope) : expression_(expression), scope_(scope) {}

  Result<Bounds> run() {
    Bounds value;
    if (compute(static_cast<std::uint32_t>(expression_.steps.size() - 1), 0, value)) return value;
    if (error_) return fail(*error_);
    return fail({.kind = ErrorKind::overflow,
                 .message = "'" + expression_.text + "' leaves 256 bits",
                 .remedy = "use smaller sizes, or split the account"});
  }

 private:
  template <class T>
  bool keep(Result<T> found, Bounds& out) {
    if (!found) {
      error_ = std::move(found).error();
      return false;
    }
    out = *found;
    return true;
  }

  bool compute(std::uint32_t at, std::size_t member, Bounds& out) {
    const Step& step = expression_.steps[at];
    switch (step.op) {
      case Op::constant:
        out = step.constant;
        return true;
      case Op::field:
        return keep(scope_.field(step.index, step.of_member ? member : 0), out);
      case Op::parameter:
        return keep(scope_.parameter(step.index, step.of_member ? member : 0), out);
      case Op::component:
        return keep(scope_.component(step.index, step.of_member ? member : BoundScope::whole_group), out);
      case Op::count:
        out = count();
        return true;
      case Op::sum:
        return sum(step, out);
      case Op::largest:
      case Op::smallest:
        return extreme(step, out);
      case Op::choose:
        return choose(step, member, out);
      default:
        return combine(step, member, out);
    }
  }

  Bounds count() const {
    std::int64_t certain = 0;
    for (std::size_t m = 0; m < scope_.members(); ++m) certain += scope_.is_certain(m) ? 1 : 0;
    if (certain == 0 && !scope_.may_be_empty()) certain = 1;
    return {Number(certain), Number(static_cast<std::int64_t>(scope_.members()))};
  }

  bool sum(const Step& step, Bounds& out) {
    out = {};
    Bounds value;
    for (std::size_t m = 0; m < scope_.members(); ++m) {
      if (!compute(step.args[0], m, value)) return false;
      if (!scope_.is_certain(m)) value = either(value, Bounds{});
      if (!add(out, value, out)) return false;
    }
    return true;
  }

  /// One end rests on the members that are there in any case, the other on all. Without any such it is one of
  /// all; of no member it is 0.
  bool extreme(const Step& step, Bounds& out) {
    const auto better = [&](const Number& a, const Number& b) {
      return step.op == Op::largest ? std::max(a, b) : std::min(a, b);
    };
    const auto take = [&](std::optional<Bounds>& so_far, const Bounds& value) {
      so_far = so_far ? Bounds{better(so_far->low, value.low), better(so_far->high, value.high)} : value;
    };
    std::optional<Bounds> certain, all, any;
    for (std::size_t m = 0; m < scope_.members(); ++m) {
      Bounds value;
      if (!compute(step.args[0], m, value)) return false;
      if (scope_.is_certain(m)) take(certain, value);
      take(all, value);
      any = any ? either(*any, value) : value;
    }
    if (!any) return out = {}, true;
    if (!certain) return out = scope_.may_be_empty() ? either(*any, Bounds{}) : *any, true;
    out = step.op == Op::largest ? Bounds{certain->low, all->high} : Bounds{all->low, certain->high};
    return true;
  }

  bool choose(const Step& step, std::size_t member, Bounds& out) {
    Answer answer = Answer::maybe;
    if (!decide(step.args[0], member, answer)) return false;
    if (answer != Answer::maybe) return compute(step.args[answer == Answer::yes ? 1 : 2], member, out);
    Bounds then, otherwise;
    if (!compute(step.args[1], member, then) || !compute(step.args[2], member, otherwise)) return false;
    out = either(then, otherwise);
    return true;
  }

  bool decide(std::uint32_t at, std::size_t member, Answer& answer) {
    const Step& step = expression_.steps[at];
    if (step.op == Op::both || step.op == Op::one_of) {
      Answer left = Answer::maybe, right = Answer::maybe;
      if (!decide(step.args[0], member, left)) return false;
      const Answer decisive = step.op == Op::both ? Answer::no : Answer::yes;
      if (left == decisive) return answer = decisive, true;
      if (!decide(step.args[1], member, right)) return false;
      answer = right == decisive || left != Answer::maybe ? right : Answer::maybe;
      return true;
    }
    Bounds a, b;
    if (!compute(step.args[0], member, a) || !compute(step.args[1], member, b)) return false;
    const auto known = [&](bool yes, bool no) {
      answer = yes ? Answer::yes : no ? Answer::no : Answer::maybe;
      return true;
    };
    if (step.op == Op::less) return known(a.high < b.low, a.low >= b.high);
    if (step.op == Op::less_or_equal) return known(a.high <= b.low, a.low > b.high);
    return known(a.is_exact() && b.is_exact() && a.low == b.low, a.high < b.low || b.high < a.low);
  }

  /// A function that never falls, of both ends.
  template <class Function>
  static bool rising(const Bounds& a, const Function& function, Bounds& out) {
    Bounds result;
    if (!function(a.low, result.low) || !function(a.high, result.high)) return false;
    out = result;
    return true;
  }

  bool combine(const Step& step, std::size_t member, Bounds& out) {
    Bounds a, b;
    if (!compute(step.args[0], member, a)) return false;
    if (step.args.size() > 1 && !compute(step.args[1], member, b)) return false;
    switch (step.op) {
      case Op::add:
        return add(a, b, out);
      case Op::subtract:
        return add(a, Bounds{-b.high, -b.low}, out);
      case Op::multiply:
        return multiply(a, b, out);
      case Op::divide:
        return divide(a, b, out);
      case Op::negate:
        out = {-a.high, -a.low};
        return true;
      case Op::smallest_of:
        out = {std::min(a.low, b.low), std::min(a.high, b.high)};
        return true;
      case Op::largest_of:
        out = {std::max(a.low, b.low), std::max(a.high, b.high)};
        return true;
      case Op::absolute:
        out = absolute(a);
        return true;
      case Op::multiple:
        return multiple(a, b, step.round, out);
      case Op::square_root:
        return rising(a, Number::square_root, out);
      case Op::whole_root:
        return rising(a, Number::whole_root, out);
      case Op::exponential: {
        const Number slack = Number::from_units(a.is_exact() ? 0 : 4, Number::most_decimals);
        return rising(a, Number::exponential, out) && Number::subtract(out.low, slack, out.low) &&
               Number::add(out.high, slack, out.high);
      }
      case Op::look_up:
        return look_up_between(scope_.table(step.index, step.of_member ? member : 0), a, out);
      default:
        CHECK(false);
    }
  }

  static Bounds absolute(const Bounds& a) {
    if (a.low.sign() >= 0) return a;
    if (a.high.sign() <= 0) return {-a.high, -a.low};
    return {Number{}, std::max(-a.low, a.high)};
  }

  bool divide(const Bounds& a, const Bounds& b, Bounds& out) {
    if (b.low.sign() * b.high.sign() <= 0) {
      error_ = Error{.message = "'" + expression_.text + "' has no bound: a divisor may be 0",
                     .remedy = "hold the divisor away from 0, with max() say"};
      return false;
    }
    Bounds result;
    bool first = true;
    for (const Number& x : {a.low, a.high}) {
      for (const Number& y : {b.low, b.high}) {
        Number ratio;
        if (!Number::divide(x, y, ratio)) return false;
        result = first ? Bounds{ratio} : either(result, ratio);
        first = false;
      }
    }
    out = result;
    return true;
  }

  static bool multiple(const Bounds& a, const Bounds& step, Round round, Bounds& out) {
    if (step.is_exact()) {
      return rising(
          a, [&](const Number& x, Number& to) { return Number::to_multiple(x, step.low, round, to); }, out);
    }
    // A rounding moves by less than the largest step.
    return Number::subtract(a.low, step.high, out.low) && Number::add(a.high, step.high, out.high);
  }

  /// Between two of its rows, and of 0, a table is straight or level: its extremes are at the ends and at the rows.
  static bool look_up_between(const Table& table, const Bounds& x, Bounds& out) {
    Bounds result;
    if (!look_up_ends(table, x, result)) return false;
    const auto visit = [&](const Number& at) {
      Number y;
      if (at <= x.low || at >= x.high) return true;
      if (!look_up(table, at, y)) return false;
      result = either(result, y);
      return true;
    };
    for (const Table::Row& row : table.rows) {
      if (!visit(row.x) || (table.kind == Table::Kind::marginal && !visit(-row.x))) return false;
    }
    out = result;
    return true;
  }
  static bool look_up_ends(const Table& table, const Bounds& x, Bounds& out) {
    Number low, high;
    if (!look_up(table, x.low, low) || !look_up(table, x.high, high)) return false;
    out = either(low, high);
    return true;
  }

  const Expression& expression_;
  const BoundScope& scope_;
  std::optional<Error> error_;
};

}  // namespace

Bounds either(const Bounds& a, const Bounds& b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

bool add(const Bounds& a, const Bounds& b, Bounds& out) {
  return Number::add(a.low, b.low, out.low) && Number::add(a.high, b.high, out.high);
}

bool multiply(const Bounds& a, const Bounds& b, Bounds& out) {
  Number corner[4];
  if (!Number::multiply(a.low, b.low, corner[0]) || !Number::multiply(a.low, b.high, corner[1]) ||
      !Number::multiply(a.high, b.low, corner[2]) || !Number::multiply(a.high, b.high, corner[3])) {
    return false;
  }
  out = {*std::min_element(corner, corner + 4), *std::max_element(corner, corner + 4)};
  return true;
}

Result<Bounds> bound(const Expression& expression, const BoundScope& scope) {
  return Bounding(expression, scope).run();
}

}  // namespace margrave
