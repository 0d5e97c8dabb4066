#include "formula/evaluate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "formula/parse.h"

namespace margrave {
namespace {

using Kind = Symbol::Kind;

constexpr Unit usd{{1, 0, 0, 0}};

Number number(std::string_view text) { return Number::from_decimal(*Decimal::parse(text)); }

/// A group of a few members, with everything an expression may name.
class Group : public Scope {
 public:
  std::vector<std::vector<Number>> fields;  ///< by index and member; one of the group has one value
  std::vector<Number> parameters, components, parts;
  std::vector<Table> tables;
  std::size_t count{0};

  std::size_t members() const override { return count; }
  Result<Number> field(std::size_t index, std::size_t member) const override { return fields[index].at(member); }
  Result<Number> parameter(std::size_t index, std::size_t) const override { return parameters[index]; }
  Result<Number> component(std::size_t index, std::size_t member) const override {
    if (member != whole_group) return parts[member];
    if (index >= components.size()) return fail({.message = "the component is not there", .remedy = "name it"});
    return components[index];
  }
  const Table& table(std::size_t index, std::size_t) const override { return tables[index]; }
};

/// a, b, c: of the group, any; p: above 0; m, n: of a member; k, h: parameters in 0.5 .. 2; base, part, missing:
/// components; tiers, lines: tables.
const Vocabulary& vocabulary() {
  static const std::map<std::string, Symbol, std::less<>> known{
      {"a", {.index = 0, .unit = usd}},
      {"b", {.index = 1, .unit = usd}},
      {"c", {.index = 2, .unit = usd}},
      {"p", {.index = 3, .unit = usd, .range = Range::between(0.5, 1e6)}},
      {"m", {.index = 4, .unit = usd, .of_member = true}},
      {"n", {.index = 5, .unit = usd, .of_member = true}},
      {"k", {.kind = Kind::parameter, .index = 0, .range = Range::between(0.5, 2)}},
      {"h", {.kind = Kind::parameter, .index = 1, .range = Range::between(0.5, 2)}},
      {"base", {.kind = Kind::component, .index = 0, .unit = usd}},
      {"part", {.kind = Kind::component, .index = 1, .unit = usd, .of_member = true}},
      {"missing", {.kind = Kind::component, .index = 9, .unit = usd}},
      {"tiers", {.kind = Kind::table, .index = 0, .unit = usd, .of = usd}},
      {"lines", {.kind = Kind::table, .index = 1, .unit = {}, .of = usd}},
  };
  static const Vocabulary all = [] {
    Vocabulary out{.find = [](std::string_view name) -> std::optional<Symbol> {
                     const auto found = known.find(name);
                     return found == known.end() ? std::nullopt : std::optional(found->second);
                   },
                   .names = {},
                   .has_members = true};
    for (const auto& [name, symbol] : known) out.names.push_back(name);
    return out;
  }();
  return all;
}

Group group() {
  Group out;
  out.fields = {{number("10")},
                {number("-4")},
                {number("0.5")},
                {number("8")},
                {number("1"), number("-5"), number("3")},
                {number("2"), number("7"), number("7")}};
  out.parameters = {number("0.5"), number("1.25")};
  out.components = {number("100")};
  out.parts = {number("6"), number("0"), number("-2")};
  out.tables = {{.kind = Table::Kind::marginal, .rows = {{.x = 0, .y = number("0.1")}, {.x = 10, .y = number("0.3")}}},
                {.kind = Table::Kind::linear, .rows = {{.x = 0, .y = 1}, {.x = 20, .y = 5}}}};
  for (Table& table : out.tables) EXPECT_TRUE(complete(table));
  out.count = 3;
  return out;
}

Expression read(std::string_view text) {
  auto expression = parse_expression(text, vocabulary());
  EXPECT_TRUE(expression) << text << ": " << (expression ? "" : to_string(expression.error()));
  return expression ? *std::move(expression) : *parse_expression("0", vocabulary());
}

std::string value(std::string_view text, const Scope& scope) {
  const auto result = evaluate(read(text), scope);
  return result ? result->to_string() : to_string(result.error());
}
std::string value(std::string_view text) { return value(text, group()); }

/// "3:0.5 4/1:-2": the fields by index, "/" and the member, and their slopes.
std::string slopes_of(std::string_view text, const Scope& scope = group()) {
  const Expression expression = read(text);
  const auto all = slopes(expression, scope);
  if (!all) return to_string(all.error());
  std::string out;
  for (const Slope& slope : *all) {
    const Step& step = expression.steps[slope.step];
    out += out.empty() ? "" : " ";
    out +=
        step.op == Step::Op::count ? "count" : (step.op == Step::Op::component ? "c" : "") + std::to_string(step.index);
    if (step.of_member) out += "/" + std::to_string(slope.member);
    out += ":" + slope.slope.to_string();
  }
  return out;
}

TEST(Evaluate, Arithmetic) {
  EXPECT_EQ(value("1 + 2 * 3 - 4 / 5"), "6.2");
  EXPECT_EQ(value("a - b - c"), "13.5");
  EXPECT_EQ(value("-(a + b) * k"), "-3");
  EXPECT_EQ(value("a / p"), "1.25");
  EXPECT_EQ(value("1 / 3"), "0.333333333333333333333333333333333333");
  EXPECT_EQ(value("2 / -3"), "-0.666666666666666666666666666666666667");
  EXPECT_EQ(value("base + a * h"), "112.5");
}

TEST(Evaluate, Functions) {
  EXPECT_EQ(value("min(a, b, c)"), "-4");
  EXPECT_EQ(value("max(a, b, c)"), "10");
  EXPECT_EQ(value("abs(b)"), "4");
  EXPECT_EQ(value("clamp(a, b, c)"), "0.5");
  EXPECT_EQ(value("clamp(b, 0, a)"), "0");
  EXPECT_EQ(value("floor(b, 3[usd]) + ceil(b, 3[usd])"), "-9");
  EXPECT_EQ(value("round(a / 1[usd], 4)"), "8");
  EXPECT_EQ(value("sqrt(max(2, a / 1[usd]))"), "3.162277660168379331998893544432718534");
  EXPECT_EQ(value("whole_root(max(2, a / 1[usd]))"), "3");
  EXPECT_EQ(value("exp(0)"), "1");
  EXPECT_EQ(value("tiers(p)"), "0.8");
  EXPECT_EQ(value("tiers(-2 * a)"), "4");
  EXPECT_EQ(value("lines(a)"), "3");
}

TEST(Evaluate, Conditions) {
  EXPECT_EQ(value("if(a > b, 1, 2)"), "1");
  EXPECT_EQ(value("if(a < b, 1, 2)"), "2");
  EXPECT_EQ(value("if(a <= 10[usd], 1, 2) + if(a >= 10[usd], 1, 2) + if(a = 10.0[usd], 1, 2)"), "3");
  EXPECT_EQ(value("if(a < 10[usd], 1, 2) + if(a > 10[usd], 1, 2)"), "4");
  EXPECT_EQ(value("if(a < 0 or b < 0, 1, 2)"), "1");
  EXPECT_EQ(value("if(a < 0 and b < 0, 1, 2)"), "2");
  EXPECT_EQ(value("if(a > 0 or a > 0 and a < 0, 1, 2)"), "1");  // `and` binds more
}

TEST(Evaluate, Aggregates) {
  EXPECT_EQ(value("sum(m)"), "-1");
  EXPECT_EQ(value("sum(abs(m) * k)"), "4.5");
  EXPECT_EQ(value("largest(m)"), "3");
  EXPECT_EQ(value("smallest(m)"), "-5");
  EXPECT_EQ(value("largest(-abs(m))"), "-1");
  EXPECT_EQ(value("count()"), "3");
  EXPECT_EQ(value("sum(a)"), "30");
  EXPECT_EQ(value("sum(part * k) + base"), "102");
  EXPECT_EQ(value("sum(base)"), "4");  // inside a sum, a component is that of the member
  EXPECT_EQ(value("sum(max(m, n)) + a"), "26");
  EXPECT_EQ(value("sum(if(m < n, m, 0))"), "-1");
  Group none = group();
  none.count = 0;
  for (const char* text : {"sum(m)", "largest(m)", "smallest(m - 1[usd])", "count()"}) {
    EXPECT_EQ(value(text, none), "0") << text;
  }
}

constexpr const char* huge =
    "1000000000000000000000000000000000000 * 1000000000000000000000000000000000000 * "
    "1000000000000000000000000000000000000";

TEST(Evaluate, ABranchNotTakenIsNotEvaluated) {
  const std::string text = huge;
  EXPECT_EQ(value("if(a > 0, 7, " + text + ")"), "7");
  EXPECT_EQ(value("if(a < 0, " + text + ", 7)"), "7");
  EXPECT_EQ(value("if(a > 0 or " + text + " > 0, 7, 8)"), "7");
  EXPECT_EQ(value("if(a < 0 and " + text + " > 0, 7, 8)"), "8");
  EXPECT_EQ(value("if(a < 0, missing, a)"), "10");
  EXPECT_EQ(slopes_of("if(a < 0, missing * 2, a)"), "0:1");
  EXPECT_NE(value("if(a < 0 or " + text + " > 0, 7, 8)"), "8");
}

TEST(Evaluate, OverflowNamesTheExpression) {
  const std::string text = huge;
  const auto result = evaluate(read(text), group());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::overflow);
  EXPECT_EQ(to_string(result.error()), "'" + text + "' leaves 256 bits (use smaller sizes, or split the account)");
  EXPECT_EQ(slopes_of(text + " * a"), "'" + text + " * a' leaves 256 bits (use smaller sizes, or split the account)");
  EXPECT_NE(value("exp(81)").find("'exp(81)'"), std::string::npos);
  Group large = group();
  while (Number::multiply(large.fields[4][1], Number(10), large.fields[4][1])) {
  }
  EXPECT_NE(value("sum(m * 3)", large).find("'sum(m * 3)' leaves 256 bits"), std::string::npos);
  EXPECT_NE(value("sum(m) * sum(m)", large).find("leaves 256 bits"), std::string::npos);
}

TEST(Evaluate, WhatTheScopeCannotGiveIsItsError) {
  EXPECT_EQ(value("a + missing"), "the component is not there (name it)");
  EXPECT_EQ(slopes_of("a + missing"), "the component is not there (name it)");
}

TEST(Slopes, OfEveryOperation) {
  EXPECT_EQ(slopes_of("a + b - c"), "0:1 1:1 2:-1");
  EXPECT_EQ(slopes_of("-a * k"), "0:-0.5");
  EXPECT_EQ(slopes_of("a * b"), "0:-4 1:10");
  EXPECT_EQ(slopes_of("a / p"), "0:0.125 3:-0.15625");
  EXPECT_EQ(slopes_of("min(a, b)"), "1:1");
  EXPECT_EQ(slopes_of("max(a, b)"), "0:1");
  EXPECT_EQ(slopes_of("abs(b) + abs(a)"), "1:-1 0:1");
  EXPECT_EQ(slopes_of("if(a > b, a * 2, c)"), "0:2");
  EXPECT_EQ(slopes_of("clamp(a, b, c)"), "2:1");
  EXPECT_EQ(slopes_of("floor(a, 3[usd])"), "0:1");
  EXPECT_EQ(slopes_of("sqrt(p * p)"), "3:0.5 3:0.5");
  EXPECT_EQ(slopes_of("exp(0 * a / 1[usd])"), "0:0");
  EXPECT_EQ(slopes_of("base * 2 + 3[usd]"), "c0:2");
  EXPECT_EQ(slopes_of("a * count()"), "0:3 count:10");
}

TEST(Slopes, OfTables) {
  EXPECT_EQ(slopes_of("tiers(p)"), "3:0.1");
  EXPECT_EQ(slopes_of("tiers(2 * a)"), "0:0.6");
  EXPECT_EQ(slopes_of("tiers(-2 * a)"), "0:0.6");
  EXPECT_EQ(slopes_of("tiers(b)"), "1:-0.1");
  EXPECT_EQ(slopes_of("lines(a)"), "0:0.2");
  EXPECT_EQ(slopes_of("lines(b)"), "1:0");
}

TEST(Slopes, OfMembers) {
  EXPECT_EQ(slopes_of("sum(m)"), "4/0:1 4/1:1 4/2:1");
  EXPECT_EQ(slopes_of("sum(abs(m) * k)"), "4/0:0.5 4/1:-0.5 4/2:0.5");
  EXPECT_EQ(slopes_of("largest(m)"), "4/2:1");
  EXPECT_EQ(slopes_of("smallest(2 * m)"), "4/1:2");
  EXPECT_EQ(slopes_of("largest(n)"), "5/1:1");  // the first of two equal ones
  EXPECT_EQ(slopes_of("sum(m * n)"), "4/0:2 5/0:1 4/1:7 5/1:-5 4/2:7 5/2:3");
  Group none = group();
  none.count = 0;
  EXPECT_EQ(slopes_of("sum(m) + largest(m)", none), "");
}

/// Expressions of the first degree in what they name, so that Euler's identity holds.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_{.seed = seed} {}
  std::uint64_t below(std::uint64_t n) { return random_.below(n); }

  std::string expression(int depth, bool in_members = false) {
    const auto part = [&] { return expression(depth - 1, in_members); };
    if (depth == 0) {
      constexpr const char* names[] = {"a", "b", "c", "p", "base", "m", "n"};
      return names[below(in_members ? 7 : 5)];
    }
    switch (below(in_members ? 11 : 13)) {
      case 0:
        return "(" + part() + " + " + part() + ")";
      case 1:
        return "(" + part() + " - " + part() + ")";
      case 2:
        return part() + " * " + factor();
      case 3:
        return part() + " / " + factor();
      case 4:
        return "min(" + part() + ", " + part() + ")";
      case 5:
        return "max(" + part() + ", " + part() + ", 0)";
      case 6:
        return "abs(" + part() + ")";
      case 7:
        return "-" + part();
      case 8:
        return "if(" + part() + " < " + part() + ", " + part() + ", " + part() + ")";
      case 9:
        return part() + " * " + part() + " / p";
      case 10:
        return "clamp(" + part() + ", -" + factor() + " * p, p)";
      case 11:
        return "sum(" + expression(depth - 1, true) + ")";
      default:
        return (below(2) == 0 ? "largest(" : "smallest(") + expression(depth - 1, true) + ")";
    }
  }

  std::string factor() {
    constexpr const char* factors[] = {"k", "h", "0.25", "3", "1.7"};
    return factors[below(std::size(factors))];
  }

  Group scope() {
    Group out = group();
    const auto amount = [&] { return Number::from_units(static_cast<i128>(below(2'000'000)) - 1'000'000, 3); };
    for (auto& values : out.fields) {
      for (Number& each : values) each = amount();
    }
    out.fields[3] = {Number::from_units(500 + i128{below(1'000'000)}, 3)};
    out.components = {amount()};
    out.parameters = {Number::from_units(50 + i128{below(151)}, 2), Number::from_units(50 + i128{below(151)}, 2)};
    return out;
  }

 private:
  Random random_;
};

RC_GTEST_PROP(Slopes, OfTheFirstDegreeSumToTheValue, (std::uint64_t seed)) {
  Draw draw(seed);
  const std::string text = draw.expression(static_cast<int>(1 + draw.below(5)));
  RC_LOG() << text << "\n";
  const Group scope = draw.scope();
  const auto expression = parse_expression(text, vocabulary());
  if (!expression) {  // 1000 steps, or a power of dollars too large
    RC_ASSERT(expression.error().message.find("too l") != std::string::npos);
    RC_DISCARD();
  }
  const auto whole = evaluate(*expression, scope);
  const auto parts = slopes(*expression, scope);
  RC_ASSERT(whole.has_value() && parts.has_value());
  Number sum, size(1);
  for (const Slope& slope : *parts) {
    Number part;
    RC_ASSERT(Number::multiply(slope.value, slope.slope, part) && Number::add(sum, part, sum));
    RC_ASSERT(Number::add(size, part.abs(), size));
  }
  Number error, bound;
  RC_ASSERT(Number::subtract(sum, *whole, error));
  RC_ASSERT(Number::multiply(size, Number::from_units(1, 24), bound));
  RC_ASSERT(error.abs() <= bound);
}

// Of degree one, without a quotient and with few decimals, the identity is exact.
TEST(Slopes, SumToTheValueExactlyWithoutQuotients) {
  const char* texts[] = {"a * k + max(b, c) * h - abs(b)", "sum(m * k - abs(n)) + largest(m) * 3",
                         "if(a < b, a, b * 0.7) - p"};
  for (const char* text : texts) {
    const auto parts = slopes(read(text), group());
    ASSERT_TRUE(parts);
    Number sum, part;
    for (const Slope& slope : *parts) {
      ASSERT_TRUE(Number::multiply(slope.value, slope.slope, part) && Number::add(sum, part, sum));
    }
    EXPECT_EQ(sum.to_string(), value(text)) << text;
  }
}

// A slope is what the value moves by, divided by what its leaf moved by: smooth expressions, far from their kinks.
TEST(Slopes, AreDifferenceQuotients) {
  for (const char* text :
       {"a * b / p + c", "sqrt(p * p + p * abs(b))", "exp(c / p) * a", "tiers(a * 3)", "lines(a) * a",
        "max(a, b) * min(c, p) / p", "sum(m * n) / p", "a / p / p * abs(b)", "tiers(abs(b) * p / 1[usd])"}) {
    const Expression expression = read(text);
    const auto all = slopes(expression, group());
    ASSERT_TRUE(all) << text;
    std::map<std::pair<std::size_t, std::size_t>, double> total;
    for (const Slope& slope : *all) {
      total[{expression.steps[slope.step].index, slope.member}] += slope.slope.to_double();
    }
    const Number step = Number::from_units(1, 9);
    for (const auto& [leaf, slope] : total) {
      Group up = group(), down = group();
      Number& raised = up.fields[leaf.first][leaf.second];
      Number& lowered = down.fields[leaf.first][leaf.second];
      ASSERT_TRUE(Number::add(raised, step, raised) && Number::subtract(lowered, step, lowered));
      Number difference;
      ASSERT_TRUE(Number::subtract(*evaluate(expression, up), *evaluate(expression, down), difference));
      EXPECT_NEAR(difference.to_double() / 2e-9, slope, 1e-9 * (1 + std::fabs(slope))) << text << " by " << leaf.first;
    }
  }
}

}  // namespace
}  // namespace margrave
