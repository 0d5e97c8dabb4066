#include "formula/parse.h"

#include <gtest/gtest.h>

#include <map>

namespace margrave {
namespace {

using Kind = Symbol::Kind;

constexpr Unit usd{{1, 0, 0, 0}}, coin{{0, 1, 0, 0}}, year{{0, 0, 1, 0}}, per_coin{{1, -1, 0, 0}};

/// A few names of every kind.
const std::map<std::string, Symbol, std::less<>>& symbols() {
  static const std::map<std::string, Symbol, std::less<>> known{
      {"equity", {.index = 0, .unit = usd}},
      {"notional", {.index = 1, .unit = usd, .range = Range::not_negative()}},
      {"size", {.index = 2, .unit = coin}},
      {"mark", {.index = 3, .unit = per_coin, .range = Range::between(1e-12, 1e12)}},
      {"years", {.index = 4, .unit = year, .range = Range::not_negative()}},
      {"x", {.index = 5}},
      {"loss", {.index = 6, .unit = usd, .of_member = true}},
      {"rate", {.kind = Kind::parameter, .index = 0, .range = Range::between(0.01, 1)}},
      {"floor_usd", {.kind = Kind::parameter, .index = 1, .unit = usd, .range = Range::positive()}},
      {"base", {.kind = Kind::component, .index = 0, .unit = usd}},
      {"haircut", {.kind = Kind::table, .index = 0, .range = Range::between(0, 1), .of = usd}},
  };
  return known;
}

Vocabulary vocabulary(bool has_members = true) {
  Vocabulary out{.find = [](std::string_view name) -> std::optional<Symbol> {
                   const auto found = symbols().find(name);
                   return found == symbols().end() ? std::nullopt : std::optional(found->second);
                 },
                 .names = {},
                 .has_members = has_members};
  for (const auto& [name, symbol] : symbols()) out.names.push_back(name);
  return out;
}

/// The steps as one text with every bracket, or the error.
std::string shape(const Expression& expression, std::size_t at) {
  const Step& step = expression.steps[at];
  const auto argument = [&](std::size_t i) { return shape(expression, step.args[i]); };
  const auto joined = [&](const char* sign) { return "(" + argument(0) + sign + argument(1) + ")"; };
  const auto called = [&](const std::string& name) {
    std::string all;
    for (std::size_t i = 0; i < step.args.size(); ++i) all += (i == 0 ? "" : ", ") + argument(i);
    return name + "(" + all + ")";
  };
  switch (step.op) {
    case Step::Op::constant:
      return step.constant.to_string();
    case Step::Op::field:
    case Step::Op::parameter:
    case Step::Op::component: {
      for (const auto& [name, symbol] : symbols()) {
        const auto op = symbol.kind == Kind::field       ? Step::Op::field
                        : symbol.kind == Kind::parameter ? Step::Op::parameter
                                                         : Step::Op::component;
        if (symbol.kind != Kind::table && op == step.op && symbol.index == step.index) return name;
      }
      return "?";
    }
    case Step::Op::known:  // no text stands for one
      return "?";
    case Step::Op::add:
      return joined(" + ");
    case Step::Op::subtract:
      return joined(" - ");
    case Step::Op::multiply:
      return joined(" * ");
    case Step::Op::divide:
      return joined(" / ");
    case Step::Op::negate:
      return "-" + argument(0);
    case Step::Op::smallest_of:
      return called("min");
    case Step::Op::largest_of:
      return called("max");
    case Step::Op::absolute:
      return called("abs");
    case Step::Op::choose:
      return called("if");
    case Step::Op::multiple:
      return called(step.round == Round::down ? "floor" : step.round == Round::up ? "ceil" : "round");
    case Step::Op::square_root:
      return called("sqrt");
    case Step::Op::whole_root:
      return called("whole_root");
    case Step::Op::exponential:
      return called("exp");
    case Step::Op::look_up:
      return called("table" + std::to_string(step.index));
    case Step::Op::sum:
      return called("sum");
    case Step::Op::largest:
      return called("largest");
    case Step::Op::smallest:
      return called("smallest");
    case Step::Op::count:
      return called("count");
    case Step::Op::less:
      return joined(" < ");
    case Step::Op::less_or_equal:
      return joined(" <= ");
    case Step::Op::equal:
      return joined(" = ");
    case Step::Op::both:
      return joined(" and ");
    case Step::Op::one_of:
      return joined(" or ");
  }
  return "?";
}

std::string read(std::string_view text) {
  const auto expression = parse_expression(text, vocabulary());
  return expression ? shape(*expression, expression->steps.size() - 1) : to_string(expression.error());
}

std::string unit(std::string_view text) {
  const auto expression = parse_expression(text, vocabulary());
  return expression ? to_string(expression->unit) : to_string(expression.error());
}

/// The message alone, which ends with the character.
std::string problem(std::string_view text, bool has_members = true) {
  const auto expression = parse_expression(text, vocabulary(has_members));
  if (expression) return "no error";
  EXPECT_EQ(expression.error().kind, ErrorKind::config) << text;
  EXPECT_FALSE(expression.error().remedy.empty()) << text;
  return expression.error().message;
}

TEST(Parse, ProductsBindMoreThanSums) {
  EXPECT_EQ(read("x + x * x"), "(x + (x * x))");
  EXPECT_EQ(read("x * x + x"), "((x * x) + x)");
  EXPECT_EQ(read("(x + x) * x"), "((x + x) * x)");
  EXPECT_EQ(read("1 - 2 - 3"), "((1 - 2) - 3)");
  EXPECT_EQ(read("8 / 4 / 2"), "((8 / 4) / 2)");
  EXPECT_EQ(read("8 / 4 * 2"), "((8 / 4) * 2)");
  EXPECT_EQ(read("1 - (2 - 3)"), "(1 - (2 - 3))");
  EXPECT_EQ(read("1+2*3-4/5"), "((1 + (2 * 3)) - (4 / 5))");
  EXPECT_EQ(read("\t1 \n+ 2  "), "(1 + 2)");
}

TEST(Parse, TheMinusOfOneNumberBindsMost) {
  EXPECT_EQ(read("-x * x"), "(-x * x)");
  EXPECT_EQ(read("x - -x"), "(x - -x)");
  EXPECT_EQ(read("--x"), "--x");
  EXPECT_EQ(read("-(x + x)"), "-(x + x)");
  EXPECT_EQ(read("x * -2"), "(x * -2)");
  EXPECT_EQ(read("-max(x, 1)"), "-max(x, 1)");
  EXPECT_NE(problem("+x"), "no error");
}

TEST(Parse, NumbersAreKeptAsWritten) {
  EXPECT_EQ(read("0.050"), "0.05");
  EXPECT_EQ(read("9999999999999999999999999999999999999"), "9999999999999999999999999999999999999");
  EXPECT_EQ(read("0.000000000000000000000000000000000001"), "0.000000000000000000000000000000000001");
  EXPECT_EQ(read("2[usd/coin]"), "2");
  EXPECT_EQ(read("2 [usd]"), "2");
  for (const char* text :
       {"1.", ".5", "1.2.3", "1e5", "1,000", "0x10", "99999999999999999999999999999999999999", "1..2"}) {
    EXPECT_NE(problem(text).find("at character"), std::string::npos) << text;
  }
}

TEST(Parse, EveryFunctionIsRead) {
  EXPECT_EQ(read("min(x, 1, 2)"), "min(min(x, 1), 2)");
  EXPECT_EQ(read("max(x, 1)"), "max(x, 1)");
  EXPECT_EQ(read("clamp(x, 0, rate)"), "min(max(x, 0), rate)");
  EXPECT_EQ(read("abs(x)"), "abs(x)");
  EXPECT_EQ(read("floor(x, 0.5) + ceil(x, 0.5) + round(x, rate)"), "((floor(x, 0.5) + ceil(x, 0.5)) + round(x, rate))");
  EXPECT_EQ(read("sqrt(abs(x)) * whole_root(abs(x)) * exp(x)"), "((sqrt(abs(x)) * whole_root(abs(x))) * exp(x))");
  EXPECT_EQ(read("sum(loss) + largest(loss) + smallest(loss)"), "((sum(loss) + largest(loss)) + smallest(loss))");
  EXPECT_EQ(read("count() * 1[usd]"), "(count() * 1)");
  EXPECT_EQ(read("haircut(equity) * equity"), "(table0(equity) * equity)");
  EXPECT_EQ(read("base + floor_usd"), "(base + floor_usd)");
}

TEST(Parse, ConditionsCompareAndJoin) {
  EXPECT_EQ(read("if(x < 1, 2, 3)"), "if((x < 1), 2, 3)");
  EXPECT_EQ(read("if(x > 1, 2, 3)"), "if((1 < x), 2, 3)");
  EXPECT_EQ(read("if(x <= 1, 2, 3)"), "if((x <= 1), 2, 3)");
  EXPECT_EQ(read("if(x >= 1, 2, 3)"), "if((1 <= x), 2, 3)");
  EXPECT_EQ(read("if(x = 1, 2, 3)"), "if((x = 1), 2, 3)");
  EXPECT_EQ(read("if(x == 1, 2, 3)"), "if((x = 1), 2, 3)");
  EXPECT_EQ(read("if(x < 1 or x > 2 and x < 3, 2, 3)"), "if(((x < 1) or ((2 < x) and (x < 3))), 2, 3)");
  EXPECT_EQ(read("if(x < 1, if(x < 0, 1, 2), 3)"), "if((x < 1), if((x < 0), 1, 2), 3)");
  EXPECT_EQ(problem("if(equity < size, 1, 2)"), "comparing usd and coin mixes units, at character 11");
  EXPECT_EQ(problem("if(x < 1, equity, size)"), "choosing between usd and coin mixes units, at character 1");
  EXPECT_EQ(problem("if(x, 1, 2)"), "a comparison is missing, at character 5");
  EXPECT_EQ(problem("if(x < 1, 2)"), "',' is missing, at character 12");
  EXPECT_EQ(problem("if(x < 1, 2, 3, 4)"), "')' is missing, at character 15");
  for (const char* text : {"x < 1", "max(x < 1, 2)", "(x < 1)", "-(x < 1)", "if(x < 1 < 2, 1, 2)", "if(and, 1, 2)"}) {
    EXPECT_NE(problem(text).find("at character"), std::string::npos) << text;
  }
}

TEST(Parse, UnitsOfSumsAreEqualAndOfProductsMultiply) {
  EXPECT_EQ(unit("size * mark"), "usd");
  EXPECT_EQ(unit("equity / mark"), "coin");
  EXPECT_EQ(unit("1 / mark"), "coin/usd");
  EXPECT_EQ(unit("notional * years / 1[year]"), "usd");
  EXPECT_EQ(unit("size * size"), "coin^2");
  EXPECT_EQ(unit("sum(loss) / floor_usd"), "1");
}

TEST(Parse, AddingUnlikeUnitsIsRefused) {
  EXPECT_EQ(problem("equity + size"), "adding usd and coin mixes units, at character 8");
  EXPECT_EQ(problem("equity - mark * 2"), "subtracting usd and usd/coin mixes units, at character 8");
  EXPECT_EQ(problem("max(equity, size)"), "comparing usd and coin mixes units, at character 1");
  EXPECT_EQ(problem("clamp(equity, 0, size)"), "comparing usd and coin mixes units, at character 1");
  EXPECT_EQ(problem("x + floor(equity, 1[coin])"), "rounding usd and coin mixes units, at character 5");
  EXPECT_EQ(problem("equity + 1"), "adding usd and 1 mixes units, at character 8");
}

TEST(Parse, ABareZeroFitsEverywhere) {
  for (const char* text : {"equity + 0", "0 + size", "max(0, equity)", "max(mark, 0)", "-0 + equity",
                           "(0 + 0) + equity", "max(0, 0) + size", "if(x < 0, 0, equity)", "if(x < 0, 0, -0) + size",
                           "clamp(size, 0, 1[coin])", "haircut(0)"}) {
    EXPECT_EQ(problem(text), "no error") << text;
  }
  EXPECT_EQ(unit("0 + size"), "coin");
  EXPECT_EQ(unit("max(0, equity)"), "usd");
  EXPECT_EQ(problem("equity + 0[coin]"), "adding usd and coin mixes units, at character 8");
}

TEST(Parse, ALiteralMayHaveAUnit) {
  EXPECT_EQ(unit("1[usd/coin]"), "usd/coin");
  EXPECT_EQ(problem("mark + 1[usd/coin]"), "no error");
  EXPECT_EQ(problem("equity + 1[eur]"), "'eur' is not a unit, at character 11");
  EXPECT_EQ(problem("equity + 1[usd"), "'' is not a unit, at character 11");
  std::string high = "1[usd^16]";
  EXPECT_EQ(problem(high + " * 1[usd]"), "a unit has too large a power, at character 11");
}

TEST(Parse, ADivisorThatCouldBeZeroIsRefused) {
  EXPECT_EQ(problem("1 / x"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / 0"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / notional"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / (mark - 1[usd/coin])"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / count()"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / sum(loss)"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / haircut(equity)"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / floor(rate, 0.1)"), "the divisor could be 0, at character 3");
  EXPECT_EQ(problem("1 / min(x, 0.01)"), "the divisor could be 0, at character 3");
  // Both are above 0, but their product may be rounded to it.
  EXPECT_EQ(problem("1 / (floor_usd * floor_usd)"), "the divisor could be 0, at character 3");
  for (const char* text :
       {"1 / max(x, 0.01)", "1 / mark", "1 / (1[usd] + notional)", "1 / rate", "1 / -mark", "1 / floor_usd",
        "1 / (mark * mark)", "1 / (1 / rate)", "1 / exp(x)", "1 / sqrt(rate)", "1 / ceil(rate, 0.1)",
        "1 / max(count(), 1)", "1 / if(x < 0, -1, 1)", "1 / (1 + abs(x))", "1 / clamp(x, 0.1, 2)"}) {
    EXPECT_EQ(problem(text), "no error") << text;
  }
}

TEST(Parse, ARootOfWhatMayBeNegativeIsRefused) {
  EXPECT_EQ(problem("sqrt(x)"), "the root is of what could be negative, at character 1");
  EXPECT_EQ(problem("2 * whole_root(x - 1)"), "the root is of what could be negative, at character 5");
  EXPECT_EQ(problem("sqrt(years)"), "the root of year has no unit, at character 1");
  EXPECT_EQ(problem("whole_root(notional)"), "whole_root is of a plain number, at character 1");
  EXPECT_EQ(problem("sqrt(max(0, x))"), "no error");
  EXPECT_EQ(problem("sqrt(years / 1[year])"), "no error");
  EXPECT_EQ(unit("sqrt(notional * notional)"), "usd");
  EXPECT_EQ(problem("exp(equity)"), "exp is of a plain number, this is usd, at character 1");
}

TEST(Parse, TheStepOfARoundingIsAboveZero) {
  EXPECT_EQ(problem("floor(x, 0)"), "the step of floor could be 0 or less, at character 1");
  EXPECT_EQ(problem("ceil(x, -1)"), "the step of ceil could be 0 or less, at character 1");
  EXPECT_EQ(problem("round(x, x)"), "the step of round could be 0 or less, at character 1");
}

TEST(Parse, AnUnknownNameNamesTheNearest) {
  EXPECT_EQ(read("equty + 1[usd]"),
            "'equty' is not known here, at character 1 (did you mean equity? Known are base, equity, floor_usd, "
            "haircut, loss, mark, notional, rate, size, x, years)");
  EXPECT_EQ(read("1 + volatility"),
            "'volatility' is not known here, at character 5 (known are base, equity, floor_usd, haircut, loss, mark, "
            "notional, rate, size, x, years)");
  EXPECT_NE(read("haircat(equity)").find("did you mean haircut?"), std::string::npos);
  EXPECT_EQ(problem("x(1)"), "'x' is not a function, at character 1");
  EXPECT_EQ(problem("1 + haircut"), "haircut is a table, at character 5");
  EXPECT_EQ(problem("1 + Mark"), "'Mark' is not known here, at character 5");
}

TEST(Parse, WhatDiffersBetweenMembersIsReadInsideAnAggregate) {
  EXPECT_EQ(problem("equity + loss"), "loss differs within the group, at character 10");
  EXPECT_EQ(problem("sum(loss) + loss"), "loss differs within the group, at character 13");
  EXPECT_EQ(problem("sum(loss * rate + equity)"), "no error");
  EXPECT_EQ(problem("sum(loss) + sum(abs(loss))"), "no error");
  EXPECT_EQ(problem("sum(loss + sum(loss))"), "sum() stands inside another, at character 12");
  EXPECT_EQ(problem("largest(loss * count())"), "count() stands inside another, at character 16");
  EXPECT_EQ(problem("sum(equity)", false), "sum() needs a group, at character 1");
  EXPECT_EQ(problem("1 + count()", false), "count() needs a group, at character 5");
  EXPECT_EQ(problem("sum(loss, 1)"), "sum has 2 arguments, at character 1");
}

TEST(Parse, TablesAreAskedForTheirUnit) {
  EXPECT_EQ(problem("haircut(size)"), "haircut is asked for coin, at character 1");
  EXPECT_EQ(problem("haircut(size * mark)"), "no error");
  EXPECT_EQ(problem("haircut(1)"), "haircut is asked for 1, at character 1");
  EXPECT_EQ(problem("haircut()"), "haircut has 0 arguments, at character 1");
  EXPECT_EQ(problem("haircut(equity, equity)"), "haircut has 2 arguments, at character 1");
}

TEST(Parse, TheNumberOfArgumentsIsChecked) {
  EXPECT_EQ(read("x + min(1)"), "min has 1 arguments, at character 5 (give it 2 to 20)");
  EXPECT_EQ(read("abs(1, 2)"), "abs has 2 arguments, at character 1 (give it 1)");
  EXPECT_EQ(read("clamp(x, 1)"), "clamp has 2 arguments, at character 1 (give it 3)");
  EXPECT_EQ(read("count(x)"), "count has 1 arguments, at character 1 (give it 0)");
  std::string many = "min(1";
  for (int i = 0; i < 20; ++i) many += ", 1";
  EXPECT_EQ(read(many + ")"), "min has 21 arguments, at character 1 (give it 2 to 20)");
}

TEST(Parse, EveryErrorNamesItsCharacter) {
  EXPECT_EQ(problem(""), "it ends too early, at character 1");
  EXPECT_EQ(problem("   "), "it ends too early, at character 4");
  EXPECT_EQ(problem("1 +"), "it ends too early, at character 4");
  EXPECT_EQ(problem("1 + * 2"), "'*' is not expected here, at character 5");
  EXPECT_EQ(problem("(1 + 2"), "')' is missing, at character 7");
  EXPECT_EQ(problem("1 + 2)"), "')' is not expected here, at character 6");
  EXPECT_EQ(problem("x x"), "'x' is not expected here, at character 3");
  EXPECT_EQ(problem("x ^ 2"), "'^' is not expected here, at character 3");
  EXPECT_EQ(problem("max(1, )"), "')' is not expected here, at character 8");
  EXPECT_EQ(problem("max(1 2)"), "')' is missing, at character 7");
  EXPECT_EQ(problem("_"), "'_' is not known here, at character 1");
}

// An error is printed as JSON too, which half a character would break.
TEST(Parse, ACharacterIsShownWhole) {
  EXPECT_EQ(problem("x \xC3\x97 2"), "'\xC3\x97' is not expected here, at character 3");
  EXPECT_EQ(problem("\xE2\x88\x9A(x)"), "'\xE2\x88\x9A' is not expected here, at character 1");
  EXPECT_EQ(problem("x + \xF0\x9F\x92\xB0"), "'\xF0\x9F\x92\xB0' is not expected here, at character 5");
}

TEST(Parse, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "x" + std::string(depth, ')'); };
  EXPECT_EQ(problem(nested(59)), "no error");
  EXPECT_EQ(problem(nested(60)), "the expression is nested too deeply, at character 60");
  EXPECT_NE(problem(nested(100'000)).find("nested too deeply"), std::string::npos);
  EXPECT_EQ(problem(std::string(59, '-') + "x"), "no error");
  EXPECT_NE(problem(std::string(100'000, '-') + "x").find("nested too deeply"), std::string::npos);
  std::string calls;
  for (int i = 0; i < 100'000; ++i) calls += "abs(";
  EXPECT_NE(problem(calls).find("nested too deeply"), std::string::npos);
  std::string choices;
  for (int i = 0; i < 100'000; ++i) choices += "if(1<";
  EXPECT_NE(problem(choices).find("nested too deeply"), std::string::npos);
  // What was closed again does not count.
  std::string wide = nested(50);
  for (int i = 0; i < 20; ++i) wide += " + " + nested(50);
  EXPECT_EQ(problem(wide), "no error");
}

TEST(Parse, LengthIsBounded) {
  const auto chain = [](int count) {
    std::string text = "x";
    for (int i = 1; i < count; ++i) text += "+x";
    return text;
  };
  EXPECT_EQ(problem(chain(500)), "no error");
  EXPECT_NE(problem(chain(501)).find("the expression is too long, at character"), std::string::npos);
  EXPECT_NE(problem(chain(100'000)).find("the expression is too long"), std::string::npos);
  EXPECT_EQ(problem("x" + std::string(100'000, ' ')), "no error");
}

TEST(Parse, TheTextIsKept) { EXPECT_EQ(parse_expression(" x+1 ", vocabulary())->text, " x+1 "); }

// A range that no double bounds must not pass for one that is never negative.
TEST(Parse, BoundsBeyondTheDoublesAreUnknown) {
  std::string huge = "1000000000000000000000000000000000000";
  for (int i = 0; i < 9; ++i) huge += " * 1000000000000000000000000000000000000";
  EXPECT_NE(problem("sqrt(if(x < 0, " + huge + " - " + huge + ", x))"), "no error");
  EXPECT_NE(problem("1 / if(x < 0, " + huge + " - " + huge + ", x)"), "no error");
}

}  // namespace
}  // namespace margrave
