#include "formula/evaluate.h"

#include <algorithm>

namespace margrave {
namespace {

using Op = Step::Op;

/// Values of the steps of one expression, computed where they are asked for: branches not taken cost nothing.
class Evaluation {
 public:
  Evaluation(const Expression& expression, const Scope& scope) : expression_(expression), scope_(scope) {}

  Result<Number> run() {
    Number value;
    if (!compute(last(), 0, value)) return failed();
    return value;
  }

  Result<std::vector<Slope>> run_slopes() {
    if (!descend(last(), 0, Number(1))) return failed();
    return std::move(slopes_);
  }

 private:
  std::uint32_t last() const { return static_cast<std::uint32_t>(expression_.steps.size() - 1); }

  tl::unexpected<Error> failed() const {
    if (error_) return fail(*error_);
    return fail({.kind = ErrorKind::overflow,
                 .message = "'" + expression_.text + "' leaves 256 bits",
                 .remedy = "use smaller sizes, or split the account"});
  }

  bool keep(Result<Number> found, Number& out) {
    if (!found) {
      error_ = std::move(found).error();
      return false;
    }
    out = *found;
    return true;
  }

  /// The value of a step for one member; false when it fails.
  bool compute(std::uint32_t at, std::size_t member, Number& out) {
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
        return keep(scope_.component(step.index, step.of_member ? member : Scope::whole_group), out);
      case Op::known: {
        const Number* known = scope_.known(step.index, step.of_member ? member : 0);
        if (known != nullptr) out = *known;
        return known != nullptr;
      }
      case Op::count:
        out = Number(static_cast<std::int64_t>(scope_.members()));
        return true;
      case Op::sum:
      case Op::largest:
      case Op::smallest:
        return over_members(step, out);
      case Op::choose: {
        bool holds = false;
        return decide(step.args[0], member, holds) && compute(step.args[holds ? 1 : 2], member, out);
      }
      default:
        return combine(step, member, out);
    }
  }

  /// The value of a step where it stands, or in `computed`; nullptr when it fails.
  const Number* value(std::uint32_t at, std::size_t member, Number& computed) {
    const Step& step = expression_.steps[at];
    if (step.op == Op::constant) return &step.constant;
    if (step.op == Op::known) return scope_.known(step.index, step.of_member ? member : 0);
    return compute(at, member, computed) ? &computed : nullptr;
  }

  bool combine(const Step& step, std::size_t member, Number& out) {
    Number computed_a, computed_b;
    const Number* left = value(step.args[0], member, computed_a);
    if (left == nullptr) return false;
    const Number* right = step.args.size() > 1 ? value(step.args[1], member, computed_b) : left;
    if (right == nullptr) return false;
    const Number &a = *left, &b = *right;
    switch (step.op) {
      case Op::add:
        return Number::add(a, b, out);
      case Op::subtract:
        return Number::subtract(a, b, out);
      case Op::multiply:
        return Number::multiply(a, b, out);
      case Op::divide:
        return Number::divide(a, b, out);
      case Op::negate:
        out = -a;
        return true;
      case Op::smallest_of:
        out = b < a ? b : a;
        return true;
      case Op::largest_of:
        out = b > a ? b : a;
        return true;
      case Op::absolute:
        out = a.abs();
        return true;
      case Op::multiple:
        return Number::to_multiple(a, b, step.round, out);
      case Op::square_root:
        return Number::square_root(a, out);
      case Op::whole_root:
        return Number::whole_root(a, out);
      case Op::exponential:
        return Number::exponential(a, out);
      case Op::look_up:
        return look_up(scope_.table(step.index, step.of_member ? member : 0), a, out);
      default:
        CHECK(false);
    }
  }

  bool decide(std::uint32_t at, std::size_t member, bool& holds) {
    const Step& step = expression_.steps[at];
    if (step.op == Op::both || step.op == Op::one_of) {
      if (!decide(step.args[0], member, holds)) return false;
      if (holds == (step.op == Op::one_of)) return true;
      return decide(step.args[1], member, holds);
    }
    Number computed_a, computed_b;
    const Number* left = value(step.args[0], member, computed_a);
    const Number* right = left == nullptr ? nullptr : value(step.args[1], member, computed_b);
    if (right == nullptr) return false;
    const Number &a = *left, &b = *right;
    holds = step.op == Op::less ? a < b : step.op == Op::less_or_equal ? a <= b : a == b;
    return true;
  }

  bool over_members(const Step& step, Number& out) {
    out = Number{};
    Number computed;
    const std::size_t members = scope_.members();
    for (std::size_t m = 0; m < members; ++m) {
      const Number* of_member = value(step.args[0], m, computed);
      if (of_member == nullptr) return false;
      if (step.op == Op::sum && m > 0) {
        if (!Number::add(out, *of_member, out)) return false;
      } else if (m == 0 || (step.op == Op::largest ? *of_member > out : *of_member < out)) {
        out = *of_member;
      }
    }
    return true;
  }

  /// Adds the slopes of the leaves below a step, whose own slope is given.
  bool descend(std::uint32_t at, std::size_t member, const Number& slope) {
    const Step& step = expression_.steps[at];
    switch (step.op) {
      case Op::constant:
      case Op::parameter:
      case Op::known:
        return true;
      case Op::count:
      case Op::field:
      case Op::component: {
        Slope leaf{.step = at, .member = step.of_member ? member : 0, .value = {}, .slope = slope};
        if (!compute(at, member, leaf.value)) return false;
        slopes_.push_back(leaf);
        return true;
      }
      case Op::sum: {
        for (std::size_t m = 0; m < scope_.members(); ++m) {
          if (!descend(step.args[0], m, slope)) return false;
        }
        return true;
      }
      case Op::largest:
      case Op::smallest:
        return descend_extreme(step, slope);
      case Op::choose: {
        bool holds = false;
        return decide(step.args[0], member, holds) && descend(step.args[holds ? 1 : 2], member, slope);
      }
      default:
        return descend_arguments(step, member, slope);
    }
  }

  bool descend_extreme(const Step& step, const Number& slope) {
    if (scope_.members() == 0) return true;
    std::size_t chosen = 0;
    Number best, value;
    for (std::size_t m = 0; m < scope_.members(); ++m) {
      if (!compute(step.args[0], m, value)) return false;
      if (m > 0 && (step.op == Op::largest ? value <= best : value >= best)) continue;
      best = value;
      chosen = m;
    }
    return descend(step.args[0], chosen, slope);
  }

  bool descend_arguments(const Step& step, std::size_t member, const Number& slope) {
    Number a, b, inner, other;
    if (!compute(step.args[0], member, a)) return false;
    if (step.args.size() > 1 && !compute(step.args[1], member, b)) return false;
    switch (step.op) {
      case Op::add:
        return descend(step.args[0], member, slope) && descend(step.args[1], member, slope);
      case Op::subtract:
        return descend(step.args[0], member, slope) && descend(step.args[1], member, -slope);
      case Op::multiply:
        return Number::multiply(slope, b, inner) && Number::multiply(slope, a, other) &&
               descend(step.args[0], member, inner) && descend(step.args[1], member, other);
      case Op::divide:
        return Number::divide(slope, b, inner) && Number::multiply(inner, a, other) &&
               Number::divide(-other, b, other) && descend(step.args[0], member, inner) &&
               descend(step.args[1], member, other);
      case Op::negate:
        return descend(step.args[0], member, -slope);
      case Op::smallest_of:
        return descend(step.args[b < a ? 1 : 0], member, slope);
      case Op::largest_of:
        return descend(step.args[b > a ? 1 : 0], member, slope);
      case Op::absolute:
        return descend(step.args[0], member, a.sign() < 0 ? -slope : slope);
      case Op::multiple:
        return descend(step.args[0], member, slope);
      case Op::square_root:
      case Op::whole_root: {
        Number root;
        if (!Number::square_root(a, root)) return false;
        if (root.is_zero()) return true;
        return Number::divide(slope, root, inner) && Number::divide(inner, Number(2), inner) &&
               descend(step.args[0], member, inner);
      }
      case Op::exponential:
        return Number::exponential(a, inner) && Number::multiply(slope, inner, inner) &&
               descend(step.args[0], member, inner);
      case Op::look_up:
        return slope_at(scope_.table(step.index, step.of_member ? member : 0), a, inner) &&
               Number::multiply(slope, inner, inner) && descend(step.args[0], member, inner);
      default:
        CHECK(false);
    }
  }

  const Expression& expression_;
  const Scope& scope_;
  std::optional<Error> error_;
  std::vector<Slope> slopes_;
};

}  // namespace

Result<Number> evaluate(const Expression& expression, const Scope& scope) {
  return Evaluation(expression, scope).run();
}

Result<std::vector<Slope>> slopes(const Expression& expression, const Scope& scope) {
  return Evaluation(expression, scope).run_slopes();
}

}  // namespace margrave
