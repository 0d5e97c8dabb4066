#include "formula/parse.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/edit_distance.h"

namespace margrave {
namespace {

constexpr std::size_t most_steps = 1000;
constexpr int deepest = 60;

/// A step that has been read, and what is known of it.
struct Read {
  std::uint32_t step{0};
  Unit unit{};
  Range range{};
  bool any_unit{false};  ///< the literal 0
  bool condition{false};
};

using Op = Step::Op;

class Parser {
 public:
  Parser(std::string_view text, const Vocabulary& vocabulary) : text_(text), vocabulary_(vocabulary) {}

  Result<Expression> run() {
    const Read value = TRY(expression());
    skip_spaces();
    if (at_ < text_.size()) return fail(error("'" + character() + "' is not expected here", "use an operator"));
    if (value.condition) return fail(error("a condition is not a number", "write if(condition, then, else)"));
    return Expression{std::string(text_), std::move(steps_), value.unit, value.range};
  }

 private:
  Error error(std::string message, std::string remedy) const {
    return Error{.kind = ErrorKind::config,
                 .message = std::move(message) + ", at character " + std::to_string(begin_ + 1),
                 .remedy = std::move(remedy)};
  }

  void skip_spaces() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    begin_ = at_;
  }

  /// The character at the place, of one byte or of several of UTF-8.
  std::string character() const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    return std::string(text_.substr(at_, end - at_));
  }

  bool take(std::string_view symbol) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(symbol)) return false;
    at_ += symbol.size();
    return true;
  }

  Result<void> expect(std::string_view symbol) {
    if (take(symbol)) return {};
    return fail(error("'" + std::string(symbol) + "' is missing", "add it"));
  }

  std::string_view word() {
    skip_spaces();
    std::size_t end = at_;
    const auto in_word = [&](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    if (end < text_.size() && std::isdigit(static_cast<unsigned char>(text_[end])) == 0) {
      while (end < text_.size() && in_word(text_[end])) ++end;
    }
    return text_.substr(at_, end - at_);
  }

  bool take_word(std::string_view wanted) {
    if (word() != wanted) return false;
    at_ += wanted.size();
    return true;
  }

  Result<Read> push(Step step, Unit unit, Range range) {
    if (steps_.size() >= most_steps)
      return fail(error("the expression is too long", "name a part of it as a component"));
    steps_.push_back(std::move(step));
    return Read{.step = static_cast<std::uint32_t>(steps_.size() - 1), .unit = unit, .range = range};
  }

  Result<Read> push(Op op, const Read& a, Unit unit, Range range) {
    return push(Step{.op = op, .args = {a.step}}, unit, range);
  }
  Result<Read> push(Op op, const Read& a, const Read& b, Unit unit, Range range) {
    return push(Step{.op = op, .args = {a.step, b.step}}, unit, range);
  }

  /// The unit that two numbers share.
  Result<Unit> shared(const Read& a, const Read& b, std::string_view doing) const {
    if (a.condition || b.condition)
      return fail(error("a condition is not a number", "write if(condition, then, else)"));
    if (a.any_unit) return b.unit;
    if (b.any_unit || a.unit == b.unit) return a.unit;
    return fail(error(std::string(doing) + " " + to_string(a.unit) + " and " + to_string(b.unit) + " mixes units",
                      "bring both to one unit"));
  }

  Result<Read> expression() {
    if (++depth_ > deepest)
      return fail(error("the expression is nested too deeply", "name a part of it as a component"));
    Read left = TRY(product());
    while (true) {
      const bool plus = take("+");
      if (!plus && !take("-")) break;
      const std::size_t symbol_begin = begin_;
      const Read right = TRY(product());
      begin_ = symbol_begin;
      const Unit unit = TRY(shared(left, right, plus ? "adding" : "subtracting"));
      const bool any = left.any_unit && right.any_unit;
      left =
          TRY(push(plus ? Op::add : Op::subtract, left, right, unit, left.range + (plus ? right.range : -right.range)));
      left.any_unit = any;
    }
    --depth_;
    return left;
  }

  Result<Read> product() {
    Read left = TRY(factor());
    while (true) {
      const bool times = take("*");
      if (!times && !take("/")) return left;
      const std::size_t symbol_begin = begin_;
      const Read right = TRY(factor());
      begin_ = symbol_begin;
      if (left.condition || right.condition)
        return fail(error("a condition is not a number", "write if(condition, then, else)"));
      Unit unit;
      if (!(times ? Unit::product(left.unit, right.unit, unit) : Unit::quotient(left.unit, right.unit, unit))) {
        return fail(error("a unit has too large a power", "divide by the unit in between"));
      }
      if (!times && !right.range.excludes_zero()) {
        return fail(error("the divisor could be 0", "divide by what is above 0, as in max(x, 0.000001)"));
      }
      const Range range = times ? left.range * right.range : left.range / right.range;
      left = TRY(push(times ? Op::multiply : Op::divide, left, right, unit, range));
    }
  }

  Result<Read> factor() {
    if (take("-")) {
      if (++depth_ > deepest) return fail(error("the expression is nested too deeply", "leave signs out"));
      Read inner = TRY(factor());
      --depth_;
      if (inner.condition) return fail(error("a condition is not a number", "write if(condition, then, else)"));
      const bool any = inner.any_unit;
      inner = TRY(push(Op::negate, inner, inner.unit, -inner.range));
      inner.any_unit = any;
      return inner;
    }
    if (take("(")) {
      const Read inner = TRY(expression());
      TRY_VOID(expect(")"));
      return inner;
    }
    skip_spaces();
    if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) return number();
    const std::string_view name = word();
    if (name.empty()) {
      return fail(error(at_ < text_.size() ? "'" + character() + "' is not expected here" : "it ends too early",
                        "a number, a name or ( belongs here"));
    }
    at_ += name.size();
    const std::size_t name_begin = begin_;
    if (take("(")) {
      begin_ = name_begin;
      return call(name);
    }
    begin_ = name_begin;
    return leaf(name);
  }

  Result<Read> number() {
    std::size_t end = at_;
    const auto in_number = [&](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.'; };
    while (end < text_.size() && in_number(text_[end])) ++end;
    const std::string_view digits = text_.substr(at_, end - at_);
    const Result<Decimal> value = Decimal::parse(digits);
    if (!value) return fail(error(value.error().message, "write it as 0.05"));
    at_ = end;
    Unit unit;
    const bool bare = !take("[");
    if (!bare) {
      const std::size_t close = text_.find(']', at_);
      const std::string_view name = text_.substr(at_, close == std::string_view::npos ? 0 : close - at_);
      const auto known = parse_unit(name);
      if (!known)
        return fail(
            error("'" + std::string(name) + "' is not a unit", "use usd, coin, year, second, as in [usd/coin]"));
      unit = *known;
      at_ = close + 1;
    }
    const double size = value->to_double();
    Range range = Range::between(size * (1 - 1e-12), size * (1 + 1e-12));
    Read read = TRY(push(Step{.op = Op::constant, .constant = Number::from_decimal(*value)}, unit, range));
    read.any_unit = bare && value->is_zero();
    return read;
  }

  Result<Symbol> symbol(std::string_view name) const {
    if (const auto known = vocabulary_.find(name)) return *known;
    const std::string near = nearest(name);
    std::string all;
    for (const std::string& each : vocabulary_.names) all += (all.empty() ? "" : ", ") + each;
    return fail(error("'" + std::string(name) + "' is not known here",
                      near.empty() ? "known are " + all : "did you mean " + near + "? Known are " + all));
  }

  std::string nearest(std::string_view name) const {
    std::string best;
    std::size_t least = 3;
    for (const std::string& each : vocabulary_.names) {
      const std::size_t distance = edit_distance(name, each);
      if (distance < least) {
        least = distance;
        best = each;
      }
    }
    return best;
  }

  Error differs(std::string_view name) const {
    return error(std::string(name) + " differs within the group",
                 "take sum(" + std::string(name) + "), largest(..) or smallest(..), or group more finely");
  }

  Result<Read> leaf(std::string_view name) {
    const Symbol known = TRY(symbol(name));
    if (known.kind == Symbol::Kind::table) {
      return fail(error(std::string(name) + " is a table", "ask it for a value: " + std::string(name) + "(x)"));
    }
    if (known.of_member && !in_members_) return fail(differs(name));
    const Op op = known.kind == Symbol::Kind::field       ? Op::field
                  : known.kind == Symbol::Kind::parameter ? Op::parameter
                                                          : Op::component;
    const bool of_member = known.of_member || (in_members_ && op == Op::component);
    return push(Step{.op = op, .index = known.index, .of_member = of_member}, known.unit, known.range);
  }

  Result<std::vector<Read>> arguments(std::size_t least, std::size_t most, std::string_view name) {
    const std::size_t name_begin = begin_;
    std::vector<Read> all;
    if (!take(")")) {
      do {
        all.push_back(TRY(expression()));
        if (all.back().condition) return fail(error("a condition is not a number", "write if(condition, then, else)"));
      } while (take(","));
      TRY_VOID(expect(")"));
    }
    begin_ = name_begin;
    if (all.size() < least || all.size() > most) {
      const std::string wanted = std::to_string(least) + (least == most ? "" : " to " + std::to_string(most));
      return fail(error(std::string(name) + " has " + std::to_string(all.size()) + " arguments", "give it " + wanted));
    }
    return all;
  }

  Result<Read> call(std::string_view name) {
    if (name == "if") return choice();
    if (name == "min" || name == "max") return extreme(name);
    if (name == "abs") {
      const std::vector<Read> args = TRY(arguments(1, 1, name));
      return push(Op::absolute, args[0], args[0].unit, abs(args[0].range));
    }
    if (name == "clamp") return clamp();
    if (name == "floor" || name == "ceil" || name == "round") return multiple(name);
    if (name == "sqrt" || name == "whole_root") return root(name);
    if (name == "exp") return exponential();
    if (name == "sum" || name == "largest" || name == "smallest" || name == "count") return aggregate(name);
    const Symbol known = TRY(symbol(name));
    if (known.kind != Symbol::Kind::table) {
      return fail(error("'" + std::string(name) + "' is not a function",
                        "known are min, max, abs, clamp, if, floor, ceil, round, sqrt, whole_root, exp, sum, largest, "
                        "smallest, count and the recipe's tables"));
    }
    if (known.of_member && !in_members_) return fail(differs(name));
    const std::vector<Read> args = TRY(arguments(1, 1, name));
    if (!args[0].any_unit && args[0].unit != known.of) {
      return fail(
          error(std::string(name) + " is asked for " + to_string(args[0].unit), "it knows " + to_string(known.of)));
    }
    return push(Step{.op = Op::look_up, .args = {args[0].step}, .index = known.index, .of_member = known.of_member},
                known.unit, known.range);
  }

  Result<Read> extreme(std::string_view name) {
    const std::vector<Read> args = TRY(arguments(2, 20, name));
    const bool least = name == "min";
    Read result = args[0];
    for (std::size_t i = 1; i < args.size(); ++i) {
      const Unit unit = TRY(shared(result, args[i], "comparing"));
      const bool any = result.any_unit && args[i].any_unit;
      result = TRY(push(least ? Op::smallest_of : Op::largest_of, result, args[i], unit,
                        least ? smaller(result.range, args[i].range) : larger(result.range, args[i].range)));
      result.any_unit = any;
    }
    return result;
  }

  Result<Read> clamp() {
    const std::vector<Read> args = TRY(arguments(3, 3, "clamp"));
    const Unit low = TRY(shared(args[0], args[1], "comparing"));
    const Read raised = TRY(push(Op::largest_of, args[0], args[1], low, larger(args[0].range, args[1].range)));
    const Unit unit = TRY(shared(raised, args[2], "comparing"));
    return push(Op::smallest_of, raised, args[2], unit, smaller(raised.range, args[2].range));
  }

  Result<Read> multiple(std::string_view name) {
    const std::vector<Read> args = TRY(arguments(2, 2, name));
    const Unit unit = TRY(shared(args[0], args[1], "rounding"));
    if (!(args[1].range.excludes_zero() && args[1].range.low >= 0)) {
      return fail(error("the step of " + std::string(name) + " could be 0 or less", "round to a step above 0"));
    }
    const Range& range = args[0].range;
    const double step = args[1].range.high;
    const Round round = name == "floor" ? Round::down : name == "ceil" ? Round::up : Round::half_even;
    // A step moves it by less than a step, and never past 0.
    const Range moved = range + Range{-step, step, true};
    const Range rounded{round == Round::up ? range.low
                        : range.low >= 0   ? 0.0
                                           : moved.low,
                        round == Round::down ? range.high
                        : range.high <= 0    ? 0.0
                                             : moved.high,
                        round != Round::up || range.low < 0 || !range.excludes_zero()};
    return push(Step{.op = Op::multiple, .args = {args[0].step, args[1].step}, .round = round}, unit, rounded);
  }

  Result<Read> root(std::string_view name) {
    const std::vector<Read> args = TRY(arguments(1, 1, name));
    if (args[0].range.is_negative_possible()) {
      return fail(error("the root is of what could be negative", "take it of max(0, x)"));
    }
    if (name == "whole_root") {
      if (!args[0].unit.is_plain())
        return fail(error("whole_root is of a plain number", "divide by a unit, as in x / 1[coin]"));
      return push(Op::whole_root, args[0], {}, Range::not_negative());
    }
    Unit half;
    for (std::size_t i = 0; i < Unit::bases; ++i) {
      const std::int8_t power = args[0].unit.powers[i];
      if (power % 2 != 0)
        return fail(
            error("the root of " + to_string(args[0].unit) + " has no unit", "divide by a unit, as in x / 1[year]"));
      half.powers[i] = static_cast<std::int8_t>(power / 2);
    }
    return push(Op::square_root, args[0], half, {0, Range::infinity, !args[0].range.excludes_zero()});
  }

  Result<Read> exponential() {
    const std::vector<Read> args = TRY(arguments(1, 1, "exp"));
    if (!args[0].unit.is_plain()) {
      return fail(error("exp is of a plain number, this is " + to_string(args[0].unit),
                        "multiply by a time or divide by a unit"));
    }
    return push(Op::exponential, args[0], {}, Range::positive());
  }

  Result<Read> aggregate(std::string_view name) {
    if (!vocabulary_.has_members)
      return fail(error(std::string(name) + "() needs a group", "group by instrument or coarser"));
    if (in_members_)
      return fail(error(std::string(name) + "() stands inside another", "name the inner one as a component"));
    if (name == "count") {
      TRY(arguments(0, 0, name));
      return push(Step{.op = Op::count}, {}, Range::not_negative());
    }
    in_members_ = true;
    const std::vector<Read> args = TRY(arguments(1, 1, name));
    in_members_ = false;
    const Op op = name == "sum" ? Op::sum : name == "largest" ? Op::largest : Op::smallest;
    return push(op, args[0], args[0].unit,
                op == Op::sum ? any_number_of(args[0].range) : either(args[0].range, Range::between(0, 0)));
  }

  Result<Read> choice() {
    const std::size_t name_begin = begin_;
    const Read condition = TRY(disjunction());
    TRY_VOID(expect(","));
    const Read then = TRY(expression());
    TRY_VOID(expect(","));
    const Read otherwise = TRY(expression());
    TRY_VOID(expect(")"));
    begin_ = name_begin;
    const Unit unit = TRY(shared(then, otherwise, "choosing between"));
    Read read = TRY(push(Step{.op = Op::choose, .args = {condition.step, then.step, otherwise.step}}, unit,
                         either(then.range, otherwise.range)));
    read.any_unit = then.any_unit && otherwise.any_unit;
    return read;
  }

  Result<Read> joined(Op op, const Read& a, const Read& b) {
    Read read = TRY(push(op, a, b, {}, {}));
    read.condition = true;
    return read;
  }

  Result<Read> disjunction() {
    Read left = TRY(conjunction());
    while (take_word("or")) {
      const Read right = TRY(conjunction());
      left = TRY(joined(Op::one_of, left, right));
    }
    return left;
  }

  Result<Read> conjunction() {
    Read left = TRY(comparison());
    while (take_word("and")) {
      const Read right = TRY(comparison());
      left = TRY(joined(Op::both, left, right));
    }
    return left;
  }

  Result<Read> comparison() {
    const Read left = TRY(expression());
    constexpr std::array<std::string_view, 6> symbols{"<=", ">=", "<", ">", "==", "="};
    const auto symbol = std::find_if(symbols.begin(), symbols.end(), [&](std::string_view s) { return take(s); });
    if (symbol == symbols.end()) return fail(error("a comparison is missing", "compare with <, <=, >, >= or ="));
    const std::size_t symbol_begin = begin_;
    const Read right = TRY(expression());
    begin_ = symbol_begin;
    TRY(shared(left, right, "comparing"));
    if (*symbol == "<") return joined(Op::less, left, right);
    if (*symbol == ">") return joined(Op::less, right, left);
    if (*symbol == "<=") return joined(Op::less_or_equal, left, right);
    if (*symbol == ">=") return joined(Op::less_or_equal, right, left);
    return joined(Op::equal, left, right);
  }

  std::string_view text_;
  const Vocabulary& vocabulary_;
  std::vector<Step> steps_;
  std::size_t at_{0}, begin_{0};
  int depth_{0};
  bool in_members_{false};
};

}  // namespace

Result<Expression> parse_expression(std::string_view text, const Vocabulary& vocabulary) {
  return Parser(text, vocabulary).run();
}

}  // namespace margrave
