#include "formula/range.h"

#include <gmpxx.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>

#include "base/random.h"
#include "formula/number.h"
#include "formula/parse.h"

namespace margrave {
namespace {

constexpr double infinity = Range::infinity;

mpz_class ten_to_36() {
  mpz_class out;
  mpz_ui_pow_ui(out.get_mpz_t(), 10, 36);
  return out;
}

/// A number's units of 10^-36, exactly.
mpz_class units_of(const Number& number) {
  std::string digits = number.to_string();
  const std::size_t point = digits.find('.');
  std::size_t missing = 36;
  if (point != std::string::npos) {
    missing -= digits.size() - point - 1;
    digits.erase(point, 1);
  }
  return mpz_class(digits + std::string(missing, '0'), 10);
}

i128 narrow(const mpz_class& value) {
  const mpz_class size = abs(value), high = size >> 64;
  const mpz_class low = size - (high << 64);
  const auto out = static_cast<i128>((static_cast<u128>(high.get_ui()) << 64) | low.get_ui());
  return value < 0 ? -out : out;
}

/// `units` of 10^-36, below 2^250.
Number number_of(const mpz_class& units) {
  mpz_class high, low;
  mpz_tdiv_q_2exp(high.get_mpz_t(), units.get_mpz_t(), 125);
  low = units - (high << 125);
  Number out;
  const bool done =
      Number::multiply(Number::from_units(narrow(high), 36), Number::from_units(i128{1} << 125, 0), out) &&
      Number::add(out, Number::from_units(narrow(low), 36), out);
  RC_ASSERT(done);
  return out;
}

/// Exactly: no double stands between a number and its bounds.
bool holds(const Range& range, const Number& number) {
  const mpz_class units = units_of(number);
  if (std::isnan(range.low) || std::isnan(range.high)) return false;
  if (range.low == infinity || range.high == -infinity) return false;
  if (std::isfinite(range.low) && mpq_class(range.low) * ten_to_36() > units) return false;
  if (std::isfinite(range.high) && mpq_class(range.high) * ten_to_36() < units) return false;
  return !(number.is_zero() && range.excludes_zero());
}

std::string show(const Range& range) {
  return "[" + std::to_string(range.low) + ", " + std::to_string(range.high) +
         (range.may_be_zero ? "]" : "] without 0");
}

/// Ranges of every form and numbers in them, with a liking for bounds and for what is next to 0.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_{.seed = seed} {}

  std::uint64_t below(std::uint64_t n) { return random_.below(n); }

  Range range() {
    constexpr double sizes[] = {0,     0,   0,   1e-36, 3e-36, 1e-30, 1e-20, 1e-18, 1e-6,   0.1,      0.3,
                                0.999, 1.0, 1.5, 3,     10,    1e6,   1e15,  3e20,  1.1e36, infinity, infinity};
    const auto bound = [&] {
      const double size = sizes[below(std::size(sizes))] * (below(3) == 0 ? random_.uniform() : 1.0);
      return std::isnan(size) ? infinity : below(2) == 0 ? size : -size;
    };
    double low = bound(), high = bound();
    if (low > high) std::swap(low, high);
    if (below(12) == 0 && std::isfinite(low)) high = low;
    if (low == infinity) low = 0;
    if (high == -infinity) high = 0;
    return {low, high, below(2) == 0};
  }

  /// A range without 0 that holds some number: a divisor's.
  Range divisor() {
    while (true) {
      Range range = this->range();
      range.may_be_zero = false;
      Number unused;
      if (inside(range, unused)) return range;
    }
  }

  /// False when the range holds no number.
  bool inside(const Range& range, Number& out) {
    const mpz_class far = mpz_class(1) << 240;
    mpz_class low = -far, high = far;
    if (std::isfinite(range.low)) {
      const mpq_class scaled = mpq_class(range.low) * ten_to_36();
      mpz_cdiv_q(low.get_mpz_t(), scaled.get_num_mpz_t(), scaled.get_den_mpz_t());
    }
    if (std::isfinite(range.high)) {
      const mpq_class scaled = mpq_class(range.high) * ten_to_36();
      mpz_fdiv_q(high.get_mpz_t(), scaled.get_num_mpz_t(), scaled.get_den_mpz_t());
    }
    if (low > high) return false;
    mpz_class units;
    switch (below(6)) {
      case 0:
        units = low;
        break;
      case 1:
        units = high;
        break;
      case 2:
        units = static_cast<long>(below(7)) - 3;  // next to 0
        break;
      default:
        units = mpz_class(random_.bits()) * mpz_class(random_.bits()) * mpz_class(random_.bits()) >> below(192);
        if (below(2) == 0) units = -units;
        if (below(2) == 0) units = units - units % ten_to_36();
    }
    if (units < low) units = low;
    if (units > high) units = high;
    if (units == 0 && range.excludes_zero()) units = high > 0 ? 1 : -1;
    if (units < low || units > high) return false;
    out = number_of(units);
    return true;
  }

 private:
  Random random_;
};

constexpr int draws = 200;  ///< per seed

/// Ranges of two numbers, and whether the operation on numbers of them stays in the range of the result.
void check(std::uint64_t seed, const std::function<Range(const Range&, const Range&)>& of_ranges,
           const std::function<bool(const Number&, const Number&, Number&)>& of_numbers, bool by_divisor = false) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    const Range a = draw.range(), b = by_divisor ? draw.divisor() : draw.range();
    const Range result = of_ranges(a, b);
    for (int n = 0; n < 4; ++n) {
      Number x, y, value;
      if (!draw.inside(a, x) || !draw.inside(b, y) || !of_numbers(x, y, value)) continue;
      if (!holds(result, value)) {
        RC_FAIL(x.to_string() + " of " + show(a) + " and " + y.to_string() + " of " + show(b) + " give " +
                value.to_string() + ", outside of " + show(result));
      }
    }
  }
}

RC_GTEST_PROP(Range, HoldsSums, (std::uint64_t seed)) {
  check(
      seed, [](const Range& a, const Range& b) { return a + b; }, Number::add);
  check(
      seed, [](const Range& a, const Range& b) { return a + -b; }, Number::subtract);
}

RC_GTEST_PROP(Range, HoldsProducts, (std::uint64_t seed)) {
  check(
      seed, [](const Range& a, const Range& b) { return a * b; }, Number::multiply);
}

RC_GTEST_PROP(Range, HoldsQuotients, (std::uint64_t seed)) {
  check(
      seed, [](const Range& a, const Range& b) { return a / b; }, Number::divide, true);
}

RC_GTEST_PROP(Range, HoldsExtremes, (std::uint64_t seed)) {
  check(seed, smaller, [](const Number& x, const Number& y, Number& out) { return out = std::min(x, y), true; });
  check(seed, larger, [](const Number& x, const Number& y, Number& out) { return out = std::max(x, y), true; });
}

RC_GTEST_PROP(Range, HoldsSizesAndChoices, (std::uint64_t seed)) {
  check(
      seed, [](const Range& a, const Range&) { return abs(a); },
      [](const Number& x, const Number&, Number& out) { return out = x.abs(), true; });
  check(seed, either, [](const Number& x, const Number&, Number& out) { return out = x, true; });
  check(seed, either, [](const Number&, const Number& y, Number& out) { return out = y, true; });
}

RC_GTEST_PROP(Range, HoldsSumsOfAnyNumber, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    const Range a = draw.range(), all = any_number_of(a);
    Number sum, x;
    RC_ASSERT(holds(all, sum));
    for (int n = 0; n < 4 && draw.inside(a, x) && Number::add(sum, x, sum); ++n) RC_ASSERT(holds(all, sum));
  }
}

// A product of products of sums: what an operation makes of a range that another made.
RC_GTEST_PROP(Range, HoldsWhatIsMadeOfResults, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    Range range = draw.range();
    Number value;
    if (!draw.inside(range, value)) continue;
    for (int n = 0; n < 8; ++n) {
      const Range other = draw.range();
      Number x, next;
      if (!draw.inside(other, x)) continue;
      bool done = true;
      switch (draw.below(7)) {
        case 0:
          done = Number::add(value, x, next);
          range = range + other;
          break;
        case 1:
          done = Number::multiply(value, x, next);
          range = range * other;
          break;
        case 2:
          if (!other.excludes_zero()) continue;
          done = Number::divide(value, x, next);
          range = range / other;
          break;
        case 3:
          if (!range.excludes_zero()) continue;
          done = Number::divide(x, value, next);
          range = other / range;
          break;
        case 4:
          next = std::min(value, x);
          range = smaller(range, other);
          break;
        case 5:
          next = std::max(value, x);
          range = larger(range, other);
          break;
        default:
          next = value.abs();
          range = abs(range);
      }
      if (!done) break;
      RC_ASSERT(holds(range, next));
      value = next;
    }
  }
}

// floor(), ceil() and round() of an expression, as parse.cpp bounds them.
RC_GTEST_PROP(Range, HoldsMultiples, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws / 10; ++i) {
    const Range a = draw.range(), b = draw.divisor();
    const Vocabulary vocabulary{.find = [&](std::string_view name) -> std::optional<Symbol> {
                                  if (name == "x") return Symbol{.range = a};
                                  return Symbol{.range = b};
                                },
                                .names = {"x", "step"}};
    const std::pair<const char*, Round> roundings[] = {
        {"floor(x, step)", Round::down}, {"ceil(x, step)", Round::up}, {"round(x, step)", Round::half_even}};
    for (const auto& [text, round] : roundings) {
      const auto expression = parse_expression(text, vocabulary);
      RC_ASSERT(expression.has_value() == (b.low >= 0));
      if (!expression) continue;
      for (int n = 0; n < 4; ++n) {
        Number x, step, value;
        if (!draw.inside(a, x) || !draw.inside(b, step) || !Number::to_multiple(x, step, round, value)) continue;
        if (!holds(expression->range, value)) {
          RC_FAIL(std::string(text) + " of " + x.to_string() + " of " + show(a) + " and " + step.to_string() + " of " +
                  show(b) + " is " + value.to_string() + ", outside of " + show(expression->range));
        }
      }
    }
  }
}

TEST(Range, KnowsWhatCannotBeZero) {
  EXPECT_FALSE(Range::any().excludes_zero());
  EXPECT_FALSE(Range::not_negative().excludes_zero());
  EXPECT_TRUE(Range::positive().excludes_zero());
  EXPECT_TRUE(Range::between(1, 2).excludes_zero());
  EXPECT_TRUE(Range::between(-2, -1).excludes_zero());
  EXPECT_FALSE(Range::between(0, 1).excludes_zero());
  EXPECT_FALSE(Range::between(-1, 1).excludes_zero());
  EXPECT_TRUE((Range::positive() + Range::not_negative()).excludes_zero());
  EXPECT_FALSE((Range::positive() + Range::any()).excludes_zero());
  EXPECT_TRUE(larger(Range::any(), Range::between(0.01, 0.01)).excludes_zero());
  EXPECT_TRUE(smaller(Range::positive(), Range::between(1, 1)).excludes_zero());
  EXPECT_FALSE(smaller(Range::any(), Range::between(1, 1)).excludes_zero());
  EXPECT_TRUE(abs(Range{-1, 1, false}).excludes_zero());
  EXPECT_FALSE(any_number_of(Range::positive()).excludes_zero());
}

// Numbers have 36 decimals: 10^-20 squared is rounded to 0, so it must not be a divisor.
TEST(Range, AProductOfSmallNumbersMayBeZero) {
  EXPECT_FALSE((Range::positive() * Range::positive()).excludes_zero());
  EXPECT_FALSE((Range::positive() * Range::between(0.1, 0.5)).excludes_zero());
  EXPECT_FALSE((Range::between(1e-20, 1) * Range::between(1e-20, 1)).excludes_zero());
  EXPECT_FALSE((Range::between(1, 1) / Range::positive()).excludes_zero());
  EXPECT_TRUE((Range::positive() * Range::between(2, infinity)).excludes_zero());
  EXPECT_TRUE((Range::between(1e-12, 1e12) * Range::between(1e-12, 1e12)).excludes_zero());
  EXPECT_TRUE((Range::between(-1e12, -1e-12) * Range::between(1e-12, 1e12)).excludes_zero());
  EXPECT_TRUE((Range::between(1e-12, 1) / Range::between(1e-12, 1e12)).excludes_zero());
  EXPECT_FALSE((Range::positive() * Range::positive()).is_negative_possible());
}

// Bounds beyond the doubles are not known, rather than no numbers.
TEST(Range, InfinityLessInfinityIsUnknown) {
  const Range beyond{infinity, infinity, false};
  const Range difference = beyond + -beyond;
  EXPECT_TRUE(difference.is_negative_possible());
  EXPECT_FALSE(difference.excludes_zero());
  EXPECT_TRUE(either(difference, Range::between(1, 2)).is_negative_possible());
}

}  // namespace
}  // namespace margrave
