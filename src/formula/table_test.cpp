#include "formula/table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"

namespace margrave {
namespace {

using Kind = Table::Kind;

Number number(std::string_view text) { return Number::from_decimal(*Decimal::parse(text)); }

Table table(Kind kind, std::initializer_list<std::pair<const char*, const char*>> rows) {
  Table out{.kind = kind, .rows = {}};
  for (const auto& [x, y] : rows) out.rows.push_back({.x = number(x), .y = number(y)});
  EXPECT_TRUE(complete(out));
  return out;
}

std::string value(const Table& table, std::string_view x) {
  Number y;
  return look_up(table, number(x), y) ? y.to_string() : "overflow";
}

std::string slope(const Table& table, std::string_view x) {
  Number y;
  return slope_at(table, number(x), y) ? y.to_string() : "overflow";
}

std::string problem(Table table) {
  const auto done = complete(table);
  return done ? "no error" : to_string(done.error());
}

TEST(Table, StepTakesTheLastRowNotAbove) {
  const Table steps = table(Kind::step, {{"0", "0.5"}, {"10", "0.25"}, {"20", "-1"}});
  EXPECT_EQ(value(steps, "-7"), "0.5");
  EXPECT_EQ(value(steps, "0"), "0.5");
  EXPECT_EQ(value(steps, "9.999"), "0.5");
  EXPECT_EQ(value(steps, "10"), "0.25");
  EXPECT_EQ(value(steps, "19.9"), "0.25");
  EXPECT_EQ(value(steps, "20"), "-1");
  EXPECT_EQ(value(steps, "1e37"), "-1");
  EXPECT_EQ(slope(steps, "10"), "0");
}

TEST(Table, NextTakesTheFirstRowNotBelow) {
  const Table next = table(Kind::next, {{"0", "0.5"}, {"10", "0.25"}, {"20", "-1"}});
  EXPECT_EQ(value(next, "-7"), "0.5");
  EXPECT_EQ(value(next, "0"), "0.5");
  EXPECT_EQ(value(next, "0.001"), "0.25");
  EXPECT_EQ(value(next, "10"), "0.25");
  EXPECT_EQ(value(next, "10.000000001"), "-1");
  EXPECT_EQ(value(next, "20"), "-1");
  EXPECT_EQ(value(next, "21"), "-1");
  EXPECT_EQ(slope(next, "10"), "0");
}

TEST(Table, LinearJoinsTheRowsAndIsLevelOutside) {
  const Table lines = table(Kind::linear, {{"-10", "1"}, {"0", "2"}, {"4", "0"}});
  EXPECT_EQ(value(lines, "-11"), "1");
  EXPECT_EQ(value(lines, "-10"), "1");
  EXPECT_EQ(value(lines, "-5"), "1.5");
  EXPECT_EQ(value(lines, "0"), "2");
  EXPECT_EQ(value(lines, "1"), "1.5");
  EXPECT_EQ(value(lines, "4"), "0");
  EXPECT_EQ(value(lines, "5"), "0");
  EXPECT_EQ(slope(lines, "-11"), "0");
  EXPECT_EQ(slope(lines, "-10"), "0.1");
  EXPECT_EQ(slope(lines, "0"), "-0.5");
  EXPECT_EQ(slope(lines, "3.9"), "-0.5");
  EXPECT_EQ(slope(lines, "4"), "0");
}

TEST(Table, LinearOfLevelRowsIsTheirValue) {
  const Table level = table(Kind::linear, {{"0", "3"}, {"1", "3"}, {"2", "5"}});
  EXPECT_EQ(value(level, "0.5"), "3");
  EXPECT_EQ(value(level, "1"), "3");
  EXPECT_EQ(value(level, "1.5"), "4");
  const Table one = table(Kind::linear, {{"5", "7"}});
  for (const char* x : {"-1", "5", "6"}) EXPECT_EQ(value(one, x), "7");
}

// 1 / (1.9 * 10^36) is rounded to 10^-36, and 1.9 * 10^36 of those are more than 1.
TEST(Table, LinearStaysBetweenItsRows) {
  const Table wide = table(Kind::linear, {{"0", "1"}, {"1.9e36", "0.000000000001"}});
  EXPECT_EQ(value(wide, "1.8999e36"), "0.000000000001");
}

TEST(Table, MarginalSumsTheBrackets) {
  const Table brackets = table(Kind::marginal, {{"0", "0.01"}, {"100", "0.02"}, {"1000", "0.1"}});
  EXPECT_EQ(value(brackets, "0"), "0");
  EXPECT_EQ(value(brackets, "50"), "0.5");
  EXPECT_EQ(value(brackets, "100"), "1");
  EXPECT_EQ(value(brackets, "150"), "2");
  EXPECT_EQ(value(brackets, "1000"), "19");
  EXPECT_EQ(value(brackets, "1001"), "19.1");
  EXPECT_EQ(value(brackets, "-150"), "2");
  EXPECT_EQ(value(brackets, "-1001"), "19.1");
  EXPECT_EQ(slope(brackets, "50"), "0.01");
  EXPECT_EQ(slope(brackets, "150"), "0.02");
  EXPECT_EQ(slope(brackets, "5000"), "0.1");
  EXPECT_EQ(slope(brackets, "-150"), "-0.02");
}

TEST(Table, BadTablesAreRefused) {
  EXPECT_EQ(problem({.kind = Kind::step, .rows = {}}), "the table has no rows (give it rows of [x, y])");
  EXPECT_EQ(problem({.kind = Kind::linear, .rows = {{.x = 1, .y = 2}, {.x = 1, .y = 3}}}),
            "row 2 does not come after the row before it (sort the rows by their first number and give each once)");
  EXPECT_EQ(problem({.kind = Kind::step, .rows = {{.x = 1, .y = 2}, {.x = 2, .y = 3}, {.x = -3, .y = 3}}}),
            "row 3 does not come after the row before it (sort the rows by their first number and give each once)");
  EXPECT_EQ(problem({.kind = Kind::marginal, .rows = {{.x = 1, .y = 2}}}),
            "the first bracket does not begin at 0 (begin with [0, rate])");
  EXPECT_EQ(problem({.kind = Kind::marginal, .rows = {{.x = -1, .y = 2}}}),
            "the first bracket does not begin at 0 (begin with [0, rate])");
  const Number large = number("1e37");
  Number huge;
  ASSERT_TRUE(Number::multiply(large, large, huge));
  EXPECT_EQ(problem({.kind = Kind::marginal, .rows = {{.x = 0, .y = huge}, {.x = large, .y = 1}}}),
            "the table's sums are too large (scale it)");
  EXPECT_EQ(problem({.kind = Kind::step, .rows = {{.x = 0, .y = huge}, {.x = huge, .y = 1}}}), "no error");
}

TEST(Table, OverflowIsReported) {
  Number large(1), y;
  while (Number::multiply(large, Number(10), large)) {
  }
  Table brackets = table(Kind::marginal, {{"0", "10"}});
  EXPECT_FALSE(look_up(brackets, large, y));
  EXPECT_FALSE(look_up(brackets, -large, y));
}

TEST(Table, KindsHaveNames) {
  EXPECT_EQ(to_string(Kind::step), "step");
  EXPECT_EQ(to_string(Kind::next), "next");
  EXPECT_EQ(to_string(Kind::linear), "linear");
  EXPECT_EQ(to_string(Kind::marginal), "marginal");
}

/// Rows whose x lie apart by powers of two, so that slopes are exact.
Table draw_table(Random& random, Kind kind) {
  Table out{.kind = kind, .rows = {}};
  Number x = kind == Kind::marginal ? Number(0) : Number(static_cast<std::int64_t>(random.below(2000)) - 1000);
  for (std::uint64_t n = 1 + random.below(8); n > 0; --n) {
    out.rows.push_back({.x = x, .y = Number::from_units(static_cast<i128>(random.below(20000)) - 10000, 4)});
    RC_ASSERT(Number::add(x, Number::from_units(i128{1} << random.below(12), 0), x));
  }
  RC_ASSERT(complete(out).has_value());
  return out;
}

// From the left and from the right of every bracket, the values meet at it; in it, the slope is the difference
// quotient.
RC_GTEST_PROP(Table, LinesAreContinuousAndHaveTheirSlope, (std::uint64_t seed)) {
  Random random{.seed = seed};
  for (const Kind kind : {Kind::linear, Kind::marginal}) {
    const Table lines = draw_table(random, kind);
    const Number step = Number::from_units(1, 6);
    for (const Table::Row& row : lines.rows) {
      for (const Number& x : {row.x, -row.x}) {
        Number left, right, at, before, after, from_left, from_right, slope_left, slope_right;
        RC_ASSERT(Number::subtract(x, step, left) && Number::add(x, step, right));
        RC_ASSERT(look_up(lines, x, at) && look_up(lines, left, before) && look_up(lines, right, after));
        RC_ASSERT(slope_at(lines, left, slope_left) && slope_at(lines, right, slope_right));
        RC_ASSERT(Number::multiply(slope_left, step, from_left) && Number::add(before, from_left, from_left));
        RC_ASSERT(Number::multiply(slope_right, step, from_right) && Number::subtract(after, from_right, from_right));
        RC_ASSERT(from_left == at);
        RC_ASSERT(from_right == at);
      }
    }
  }
}

RC_GTEST_PROP(Table, MarginalIsTheSumOfItsPartsByHand, (std::uint64_t seed)) {
  Random random{.seed = seed};
  const Table brackets = draw_table(random, Kind::marginal);
  for (int i = 0; i < 20; ++i) {
    const Number x = Number::from_units(static_cast<i128>(random.below(40'000'000)) - 20'000'000, 3);
    Number sum, y;
    for (std::size_t r = 0; r < brackets.rows.size(); ++r) {
      Number end = x.abs(), part;
      if (r + 1 < brackets.rows.size()) end = std::min(end, brackets.rows[r + 1].x);
      if (end <= brackets.rows[r].x) break;
      RC_ASSERT(Number::subtract(end, brackets.rows[r].x, part) && Number::multiply(part, brackets.rows[r].y, part));
      RC_ASSERT(Number::add(sum, part, sum));
    }
    RC_ASSERT(look_up(brackets, x, y));
    RC_ASSERT(y == sum);
    RC_ASSERT(look_up(brackets, -x, y));
    RC_ASSERT(y == sum);
  }
}

RC_GTEST_PROP(Table, ValuesLieInItsRange, (std::uint64_t seed)) {
  Random random{.seed = seed};
  for (const Kind kind : {Kind::step, Kind::next, Kind::linear}) {
    const Table drawn = draw_table(random, kind);
    const Range range = drawn.range();
    for (int i = 0; i < 50; ++i) {
      Number y;
      RC_ASSERT(look_up(drawn, Number::from_units(static_cast<i128>(random.below(8'000'000)) - 3'000'000, 3), y));
      RC_ASSERT(y.to_double() >= range.low && y.to_double() <= range.high);
      RC_ASSERT(!(y.is_zero() && range.excludes_zero()));
    }
  }
}

// 0.1 lies below its double: the range must hold the number, not the double.
TEST(Table, TheRangeHoldsTheNumbersThemselves) {
  const Range range = table(Kind::step, {{"0", "0.1"}}).range();
  EXPECT_LT(range.low, 0.1);
  EXPECT_GT(range.high, 0.1);
  EXPECT_TRUE(range.excludes_zero());
  EXPECT_FALSE(table(Kind::step, {{"0", "0"}}).range().excludes_zero());
  EXPECT_FALSE(table(Kind::linear, {{"0", "-1"}, {"1", "1"}}).range().excludes_zero());
}

}  // namespace
}  // namespace margrave
