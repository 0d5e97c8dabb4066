#include <map>

#include "formula/evaluate.h"
#include "formula/parse.h"
#include "fuzz/fuzz.h"

namespace margrave {
namespace {

using Kind = Symbol::Kind;
using Op = Step::Op;

constexpr Unit usd{{1, 0, 0, 0}}, coin{{0, 1, 0, 0}}, per_coin{{1, -1, 0, 0}};

Table table(Table::Kind kind, std::vector<Table::Row> rows) {
  Table out{.kind = kind, .rows = std::move(rows)};
  CHECK(complete(out).has_value());
  return out;
}

const std::vector<Table>& tables() {
  static const std::vector<Table> all{
      table(Table::Kind::step, {{.x = -5, .y = Number::from_units(1, 36)}, {.x = 3, .y = Number::from_units(7, 1)}}),
      table(Table::Kind::linear, {{.x = -3, .y = -2}, {.x = 1, .y = 2}, {.x = 1'000'000'000'000'000'000, .y = -3}}),
      table(Table::Kind::marginal,
            {{.x = 0, .y = Number::from_units(1, 2)}, {.x = 1000, .y = Number::from_units(3, 1)}}),
  };
  return all;
}

const std::map<std::string, Symbol, std::less<>>& symbols() {
  static const std::map<std::string, Symbol, std::less<>> known{
      {"x", {.index = 0}},
      {"y", {.index = 1, .range = Range::between(-5, 5)}},
      {"pos", {.index = 2, .range = Range::positive()}},
      {"nn", {.index = 3, .unit = usd, .range = Range::not_negative()}},
      {"neg", {.index = 4, .unit = coin, .range = {-Range::infinity, 0, false}}},
      {"nz", {.index = 5, .range = {-Range::infinity, Range::infinity, false}}},
      {"mark", {.index = 6, .unit = per_coin, .range = Range::between(1e-12, 1e12)}},
      {"m", {.index = 7, .unit = usd, .of_member = true}},
      {"mp", {.index = 8, .range = Range::positive(), .of_member = true}},
      {"k", {.kind = Kind::parameter, .index = 0, .range = Range::between(0.01, 1)}},
      {"big", {.kind = Kind::parameter, .index = 1, .range = Range::between(1, Range::infinity)}},
      {"part", {.kind = Kind::component, .index = 0, .unit = usd}},
      {"st", {.kind = Kind::table, .index = 0, .range = tables()[0].range(), .of = {}}},
      {"li", {.kind = Kind::table, .index = 1, .range = tables()[1].range(), .of = {}}},
      {"ma", {.kind = Kind::table, .index = 2, .unit = usd, .range = Range::not_negative(), .of = usd}},
  };
  return known;
}

/// One name's number: the `salt`th that its range allows.
Number pick(const Range& range, std::size_t salt) {
  static const std::vector<Number> numbers = [] {
    std::vector<Number> all{0, 1, -1, 7, -3};
    for (const i128 units : {i128{1}, i128{-1}, i128{3}, i128_max, i128_min}) {
      for (const int decimals : {0, 12, 18, 36}) all.push_back(Number::from_units(units, decimals));
    }
    Number huge(1);
    while (Number::multiply(huge, Number(2), huge)) {
    }
    all.push_back(huge);
    all.push_back(-huge);
    return all;
  }();
  for (std::size_t i = salt * 7;; ++i) {
    const Number& each = numbers[i % numbers.size()];
    if (each.is_zero() && range.excludes_zero()) continue;
    if (each.to_double() >= range.low && each.to_double() <= range.high) return each;
  }
}

class Extremes : public Scope {
 public:
  explicit Extremes(std::size_t salt) : salt_(salt) {}
  std::size_t members() const override { return salt_ % 4; }
  Result<Number> field(std::size_t index, std::size_t member) const override {
    return number(Kind::field, index, member);
  }
  Result<Number> parameter(std::size_t index, std::size_t member) const override {
    return number(Kind::parameter, index, member);
  }
  Result<Number> component(std::size_t index, std::size_t member) const override {
    return number(Kind::component, index, member == whole_group ? 0 : member);
  }
  const Table& table(std::size_t index, std::size_t) const override { return tables()[index]; }

 private:
  Number number(Kind kind, std::size_t index, std::size_t member) const {
    for (const auto& [name, symbol] : symbols()) {
      if (symbol.kind == kind && symbol.index == index) return pick(symbol.range, salt_ * (index + 1) + 5 * member);
    }
    CHECK(false);
  }

  std::size_t salt_;
};

bool in_range(const Range& range, const Number& value) {
  const double x = value.to_double(), slack = 1e-11 * std::abs(x);
  return x >= range.low - slack && x <= range.high + slack && !(value.is_zero() && range.excludes_zero());
}

/// The value of one step, which the steps before it make an expression of.
Result<Number> value_of(const Expression& whole, std::uint32_t step, const Scope& scope) {
  Expression part = whole;
  part.steps.resize(step + 1);
  return evaluate(part, scope);
}

/// What the ranges promise: no divisor is 0, no root is of a negative number, roundings are to steps above 0.
void check_arguments(const Expression& expression, const Scope& scope) {
  for (const Step& step : expression.steps) {
    if (step.op == Op::divide || step.op == Op::multiple) {
      const auto second = value_of(expression, step.args[1], scope);
      if (second) CHECK(step.op == Op::divide ? !second->is_zero() : second->sign() > 0);
    } else if (step.op == Op::square_root || step.op == Op::whole_root) {
      const auto first = value_of(expression, step.args[0], scope);
      if (first) CHECK(first->sign() >= 0);
    }
  }
}

}  // namespace

void fuzz_one(std::string_view input) {
  Vocabulary vocabulary{.find = [](std::string_view name) -> std::optional<Symbol> {
                          const auto found = symbols().find(name);
                          return found == symbols().end() ? std::nullopt : std::optional(found->second);
                        },
                        .names = {"x", "pos", "mark", "part"},
                        .has_members = true};
  const auto expression = parse_expression(input, vocabulary);
  if (!accepted(expression)) return;
  CHECK(expression->text == input);
  const auto again = parse_expression(expression->text, vocabulary);
  CHECK(again.has_value() && again->unit == expression->unit);
  const bool is_short = expression->steps.size() <= 60;  // the checks of every step are quadratic
  for (std::size_t salt = 0; salt < (is_short ? 32u : 4u); ++salt) {
    const Extremes scope(salt);
    const auto value = evaluate(*expression, scope), repeated = evaluate(*again, scope);
    CHECK(value.has_value() == repeated.has_value());
    if (accepted(value)) {
      CHECK(*value == *repeated);
      CHECK(in_range(expression->range, *value));
    } else {
      CHECK(value.error().kind == ErrorKind::overflow);
      CHECK(value.error().message.find(expression->text) != std::string::npos);
    }
    if (is_short) check_arguments(*expression, scope);
    const auto all = slopes(*expression, scope);
    if (accepted(all)) {
      for (const Slope& slope : *all) CHECK(slope.step < expression->steps.size());
    } else {
      CHECK(all.error().kind == ErrorKind::overflow);
    }
  }
}

}  // namespace margrave
