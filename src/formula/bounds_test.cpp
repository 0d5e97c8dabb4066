#include "formula/bounds.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "base/random.h"
#include "formula/evaluate.h"
#include "formula/parse.h"

namespace margrave {
namespace {

constexpr Unit usd{{1, 0, 0, 0}};

Number number(std::string_view text) { return Number::from_decimal(*Decimal::parse(text)); }

const Vocabulary& vocabulary() {
  using Kind = Symbol::Kind;
  static const std::map<std::string, Symbol, std::less<>> known{
      {"a", {.index = 0, .unit = usd}},
      {"b", {.index = 1, .unit = usd}},
      {"p", {.index = 2, .unit = usd, .range = Range::between(0.5, 100)}},
      {"m", {.index = 3, .unit = usd, .of_member = true}},
      {"k", {.kind = Kind::parameter, .index = 0, .range = Range::between(0.5, 2)}},
      {"base", {.kind = Kind::component, .index = 0, .unit = usd}},
      {"steps", {.kind = Kind::table, .index = 0, .unit = usd, .of = usd}},
      {"lines", {.kind = Kind::table, .index = 1, .unit = usd, .of = usd}},
      {"tiers", {.kind = Kind::table, .index = 2, .unit = usd, .of = usd}},
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

std::vector<Table> tables() {
  std::vector<Table> all{
      {.kind = Table::Kind::step, .rows = {{.x = -3, .y = 2}, {.x = 0, .y = -1}, {.x = 4, .y = 5}}},
      {.kind = Table::Kind::linear, .rows = {{.x = -5, .y = 1}, {.x = 1, .y = -4}, {.x = 6, .y = 3}}},
      {.kind = Table::Kind::marginal, .rows = {{.x = 0, .y = 1}, {.x = 3, .y = -2}, {.x = 7, .y = 4}}}};
  for (Table& table : all) EXPECT_TRUE(complete(table));
  return all;
}

/// What is open: fields of the group, those of each member, whether a member is there, and a component.
struct Open : BoundScope {
  std::vector<Bounds> fields = std::vector<Bounds>(3);
  std::vector<Bounds> of_member;
  std::vector<bool> certain;
  bool empty{true};
  Bounds base;
  Number rate = number("0.75");
  std::vector<Table> all_tables = tables();

  std::size_t members() const override { return of_member.size(); }
  bool is_certain(std::size_t member) const override { return certain[member]; }
  bool may_be_empty() const override { return empty; }
  Result<Bounds> field(std::size_t index, std::size_t member) const override {
    return index == 3 ? of_member[member] : fields[index];
  }
  Result<Number> parameter(std::size_t, std::size_t) const override { return rate; }
  Result<Bounds> component(std::size_t, std::size_t) const override { return base; }
  const Table& table(std::size_t index, std::size_t) const override { return all_tables[index]; }
};

/// One of all it may be.
struct Settled : Scope {
  std::vector<Number> fields, of_member;
  Number base, rate;
  std::vector<Table> all_tables = tables();

  std::size_t members() const override { return of_member.size(); }
  Result<Number> field(std::size_t index, std::size_t member) const override {
    return index == 3 ? of_member[member] : fields[index];
  }
  Result<Number> parameter(std::size_t, std::size_t) const override { return rate; }
  Result<Number> component(std::size_t, std::size_t) const override { return base; }
  const Table& table(std::size_t index, std::size_t) const override { return all_tables[index]; }
};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_{.seed = seed} {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  /// Tenths within a range, often at its ends; open half of the time.
  Bounds bounds(std::int64_t low, std::int64_t high) {
    const std::int64_t a = between(low, high), b = between(0, 1) == 0 ? a : between(low, high);
    return {Number::from_units(std::min(a, b), 1), Number::from_units(std::max(a, b), 1)};
  }
  Number within(const Bounds& bounds) {
    const std::int64_t choice = between(0, 3);
    if (choice == 0) return bounds.low;
    if (choice == 1) return bounds.high;
    Number width, part, at;
    EXPECT_TRUE(Number::subtract(bounds.high, bounds.low, width));
    EXPECT_TRUE(Number::multiply(width, Number::from_units(between(0, 100), 2), part));
    EXPECT_TRUE(Number::add(bounds.low, part, at));
    return at;
  }
  Open open() {
    Open open;
    open.empty = between(0, 1) == 0;
    open.fields = {bounds(-90, 90), bounds(-90, 90), bounds(5, 90)};
    open.base = bounds(-50, 50);
    for (std::int64_t n = between(open.empty ? 0 : 1, 4); n > 0; --n) {
      open.of_member.push_back(bounds(-90, 90));
      open.certain.push_back(between(0, 1) == 0);
    }
    return open;
  }
  Settled settled(const Open& open) {
    Settled out;
    for (const Bounds& field : open.fields) out.fields.push_back(within(field));
    for (std::size_t m = 0; m < open.of_member.size(); ++m) {
      if (open.certain[m] || between(0, 1) == 0) out.of_member.push_back(within(open.of_member[m]));
    }
    const auto last = static_cast<std::int64_t>(open.of_member.size()) - 1;
    if (out.of_member.empty() && !open.empty) {
      out.of_member.push_back(within(open.of_member[static_cast<std::size_t>(between(0, last))]));
    }
    out.base = within(open.base);
    out.rate = open.rate;
    return out;
  }

 private:
  Random random_;
};

const char* const texts[] = {"a + b - p",
                             "a * b / p",
                             "-(a - b) * k",
                             "abs(a)",
                             "min(a, b, p)",
                             "max(0, a) + max(0, -b)",
                             "sum(m)",
                             "sum(abs(m)) + base",
                             "largest(m)",
                             "smallest(abs(m))",
                             "count()",
                             "sum(m) * count()",
                             "abs(sum(m)) * a",
                             "if(a < b, a, base)",
                             "if(a <= 0 or b > 0 and p >= 3[usd], a, b)",
                             "if(a = b, 1, 2)",
                             "steps(a)",
                             "lines(b)",
                             "tiers(a)",
                             "tiers(sum(m)) - lines(base)",
                             "ceil(a, 3[usd])",
                             "floor(a, p)",
                             "sqrt(max(0, b / 1[usd]))",
                             "whole_root(abs(a) / 1[usd])",
                             "exp(a / 20[usd])",
                             "sum(max(m, 0)) / p",
                             "if(sum(abs(m)) = 0, 1, largest(m) / p)",
                             "clamp(a, b, p)",
                             "round(b, 2[usd])",
                             "largest(m) - smallest(m)"};

// For every expression, every box of what is open and every point of it: the value lies within the bounds.
RC_GTEST_PROP(Bounds, NoValueLiesOutside, (std::uint64_t seed)) {
  Draw draw(seed);
  for (const char* text : texts) {
    const auto expression = parse_expression(text, vocabulary());
    RC_ASSERT(expression.has_value());
    const Open open = draw.open();
    const auto bounds = bound(*expression, open);
    RC_ASSERT(bounds.has_value());
    for (int i = 0; i < 8; ++i) {
      const auto value = evaluate(*expression, draw.settled(open));
      RC_ASSERT(value.has_value());
      RC_LOG() << text << ": " << value->to_string() << " in " << bounds->low.to_string() << " .. "
               << bounds->high.to_string() << "\n";
      RC_ASSERT(bounds->low <= *value && *value <= bounds->high);
    }
  }
}

TEST(Bounds, OfWhatIsNotOpenAreItsValue) {
  Draw draw(7);
  Open open = draw.open();
  for (Bounds& field : open.fields) field = field.low;
  open.base = open.base.low;
  open.of_member = {Number(2), Number(-3)};
  open.certain = {true, true};
  const Settled settled = draw.settled(open);
  for (const char* text : texts) {
    const auto expression = parse_expression(text, vocabulary());
    const auto bounds = bound(*expression, open);
    ASSERT_TRUE(bounds.has_value()) << text;
    EXPECT_TRUE(bounds->is_exact()) << text;
    EXPECT_EQ(bounds->low, *evaluate(*expression, settled)) << text;
  }
}

TEST(Bounds, AreTheLeastWhereEveryNameStandsOnce) {
  Open open;
  open.fields = {Bounds{Number(-2), Number(3)}, Bounds{Number(1), Number(4)}, Bounds{Number(1), Number(4)}};
  const auto ends = [&](const char* text) {
    const auto expression = parse_expression(text, vocabulary());
    EXPECT_TRUE(expression) << text << ": " << (expression ? "" : to_string(expression.error()));
    const Bounds bounds = expression ? *bound(*expression, open) : Bounds{};
    return bounds.low.to_string() + " .. " + bounds.high.to_string();
  };
  EXPECT_EQ(ends("a * b"), "-8 .. 12");
  EXPECT_EQ(ends("a / p"), "-2 .. 3");
  EXPECT_EQ(ends("abs(a)"), "0 .. 3");
  EXPECT_EQ(ends("if(a < 5[usd], b, 100[usd])"), "1 .. 4");
  EXPECT_EQ(ends("if(a < b, 1, 2)"), "1 .. 2");
  EXPECT_EQ(ends("steps(a)"), "-1 .. 2");
  EXPECT_EQ(ends("tiers(a)"), "0 .. 3");
  EXPECT_EQ(ends("a - a"), "-5 .. 5");  // a name that stands twice is bounded twice
}

TEST(Bounds, ADivisorThatMayBeZeroHasNone) {
  Open open;
  open.fields[2] = {Number(-1), Number(1)};  // outside what the vocabulary promises of p
  const auto bounds = bound(*parse_expression("1[usd] / p", vocabulary()), open);
  ASSERT_FALSE(bounds);
  EXPECT_NE(bounds.error().message.find("a divisor may be 0"), std::string::npos);
}

}  // namespace
}  // namespace margrave
