#include "formula/number.h"

#include <gmpxx.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/random.h"

namespace margrave {
namespace {

// Conditions on GMP's numbers stand in two brackets: rapidcheck would print their parts, which takes another library.
constexpr Round every_round[] = {Round::down, Round::up, Round::half_even};

mpz_class power(unsigned long base, int exponent) {
  mpz_class out;
  mpz_ui_pow_ui(out.get_mpz_t(), base, static_cast<unsigned long>(exponent));
  return out;
}

mpz_class whole(i128 value) {
  const bool negative = value < 0;
  const auto size = negative ? ~static_cast<u128>(value) + 1 : static_cast<u128>(value);
  mpz_class out = static_cast<unsigned long>(size >> 64);
  out = (out << 64) + static_cast<unsigned long>(size);
  return negative ? mpz_class(-out) : out;
}

/// GMP's rational from plain notation.
mpq_class exact(const std::string& text) {
  std::string digits = text;
  const std::size_t point = digits.find('.');
  int decimals = 0;
  if (point != std::string::npos) {
    decimals = static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  mpq_class out(mpz_class(digits, 10), power(10, decimals));
  out.canonicalize();
  return out;
}
mpq_class exact(const Number& number) { return exact(number.to_string()); }

/// n / d, d > 0, to a whole number by GMP's own floor and ceiling.
mpz_class rounded(const mpz_class& n, const mpz_class& d, Round round) {
  mpz_class low, high;
  mpz_fdiv_q(low.get_mpz_t(), n.get_mpz_t(), d.get_mpz_t());
  mpz_cdiv_q(high.get_mpz_t(), n.get_mpz_t(), d.get_mpz_t());
  if (round == Round::down) return low;
  if (round == Round::up) return high;
  const mpz_class below = n - low * d, above = high * d - n;
  if (below != above) return below < above ? low : high;
  return mpz_even_p(low.get_mpz_t()) != 0 ? low : high;
}
mpz_class rounded(const mpq_class& q, Round round) { return rounded(q.get_num(), q.get_den(), round); }

/// q in whole units of 10^-decimals.
mpz_class in_units(const mpq_class& q, int decimals, Round round) {
  return rounded(mpq_class(q * power(10, decimals)), round);
}

bool fits(const mpz_class& units) { return mpz_sizeinbase(units.get_mpz_t(), 2) <= 256; }

/// The operation gives the exact value rounded half to even at `decimals`, or false when that leaves 256 bits.
bool agrees(bool done, const Number& out, const mpq_class& value, int decimals) {
  const mpz_class units = in_units(value, decimals, Round::half_even);
  if (done != fits(units)) return false;
  return !done || exact(out) * power(10, decimals) == units;
}

/// 10^n; also beyond what 128 bits hold.
Number ten_to(int n) {
  Number out(1);
  for (int i = 0; i < n; ++i) EXPECT_TRUE(Number::multiply(out, Number(10), out));
  return out;
}

Number two_to(int n) {
  Number out(1);
  for (int i = 0; i < n; ++i) EXPECT_TRUE(Number::multiply(out, Number(2), out));
  return out;
}

/// 2^256 - 1 units.
Number largest(int decimals = 0) {
  Number half = two_to(255), less, out;
  EXPECT_TRUE(Number::subtract(half, Number(1), less));
  EXPECT_TRUE(Number::add(half, less, out));
  if (decimals > 0) {
    Number unit = Number::from_units(1, decimals);
    EXPECT_TRUE(Number::multiply(out, unit, out));
  }
  return out;
}

/// From plain notation of up to 38 digits, one more than a Decimal has.
Number number(std::string_view text) {
  i128 units = 0;
  int decimals = 0;
  bool behind = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') units = units * 10 + (c - '0');
    if (behind) ++decimals;
    behind = behind || c == '.';
  }
  return Number::from_units(text.starts_with('-') ? -units : units, decimals);
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_{.seed = seed} {}

  i128 units() {
    const auto wide = static_cast<i128>((static_cast<u128>(random_.bits()) << 64) | random_.bits());
    return wide >> random_.below(126);
  }
  int decimals() { return static_cast<int>(random_.below(37)); }
  bool coin() { return random_.below(2) == 0; }

  /// Of every size up to 2^256, with what GMP says it is.
  Number next(mpq_class& value) {
    const int places = decimals();
    const i128 low = units(), high = coin() ? 0 : units();
    Number upper, out;
    const bool done = Number::multiply(Number::from_units(high, places), two_to(126), upper) &&
                      Number::add(upper, Number::from_units(low, places), out);
    RC_ASSERT(done);
    value = mpq_class((whole(high) << 126) + whole(low), power(10, places));
    value.canonicalize();
    RC_ASSERT((exact(out) == value));
    RC_ASSERT(out.decimals() == places);
    return out;
  }

 private:
  Random random_;
};

constexpr int draws = 40;  ///< per seed

RC_GTEST_PROP(Number, SumsProductsAndQuotientsAreThoseOfGmp, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    mpq_class p, q;
    const Number a = draw.next(p), b = draw.next(q);
    Number out;
    const int places = std::max(a.decimals(), b.decimals());
    bool done = Number::add(a, b, out);
    RC_ASSERT(agrees(done, out, p + q, places));
    done = Number::subtract(a, b, out);
    RC_ASSERT(agrees(done, out, p - q, places));
    done = Number::multiply(a, b, out);
    RC_ASSERT(agrees(done, out, p * q, std::min(36, a.decimals() + b.decimals())));
    done = Number::divide(a, b, out);
    if (q == 0) {
      RC_ASSERT(!done);
    } else {
      RC_ASSERT(agrees(done, out, p / q, 36));
    }
    RC_ASSERT((a <=> b) == (cmp(p, q) <=> 0));
    RC_ASSERT((a.sign() == sgn(p)));
    RC_ASSERT((exact(-a) == -p));
    RC_ASSERT((exact(a.abs()) == abs(p)));
  }
}

RC_GTEST_PROP(Number, AResultMayStandWhereAnArgumentDid, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    mpq_class p, q;
    const Number a = draw.next(p), b = draw.next(q);
    for (const auto& operation : {Number::add, Number::subtract, Number::multiply, Number::divide}) {
      Number apart, left = a, right = b;
      const bool done = operation(a, b, apart);
      RC_ASSERT(operation(left, b, left) == done);
      RC_ASSERT(operation(a, right, right) == done);
      if (done) RC_ASSERT(left == apart && right == apart);
    }
  }
}

RC_GTEST_PROP(Number, UnitsAreRoundedAsNamed, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    mpq_class p;
    const Number a = draw.next(p);
    const int places = draw.decimals();
    for (const Round round : every_round) {
      const mpz_class expected = in_units(p, places, round);
      i128 units = 0;
      const bool done = a.to_units(places, round, units);
      RC_ASSERT((done == (mpz_sizeinbase(expected.get_mpz_t(), 2) <= 127)));
      if (done) RC_ASSERT((whole(units) == expected));
    }
  }
}

RC_GTEST_PROP(Number, MultiplesAreRoundedAsNamed, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    mpq_class p, q;
    Number a = draw.next(p);
    const Number step = draw.next(q).abs();
    q = abs(q);
    if (draw.coin() && Number::multiply(step, Number::from_units(draw.units() >> 100, 1), a)) p = exact(a);  // has ties
    for (const Round round : every_round) {
      Number out;
      const bool done = Number::to_multiple(a, step, round, out);
      if (q == 0) {
        RC_ASSERT(!done);
        continue;
      }
      const mpq_class expected = q * rounded(mpq_class(p / q), round);
      RC_ASSERT((agrees(done, out, expected, step.decimals())));
      if (done) RC_ASSERT((exact(out) == expected));
      RC_ASSERT(!Number::to_multiple(a, -step, round, out));
    }
  }
}

RC_GTEST_PROP(Number, RootsAreThoseOfGmp, (std::uint64_t seed)) {
  Draw draw(seed);
  for (int i = 0; i < draws; ++i) {
    mpq_class p;
    Number a = draw.next(p);
    Number out;
    if (p < 0) {
      RC_ASSERT(!Number::square_root(a, out) && !Number::whole_root(a, out));
      a = -a;
      p = -p;
    }
    // The nearest whole number to the root of n has the square n - r .. n + r.
    const mpz_class n = in_units(p, 72, Round::half_even), floor = sqrt(n);
    const mpz_class nearest = n - floor * floor > floor ? mpz_class(floor + 1) : floor;
    RC_ASSERT(Number::square_root(a, out));
    RC_ASSERT((exact(out) * power(10, 36) == nearest));
    RC_ASSERT(Number::whole_root(a, out));
    RC_ASSERT((exact(out) == sqrt(in_units(p, 0, Round::down))));
  }
}

// Values: mpmath 1.2.1 with 110 digits.
TEST(Number, ExponentialAgreesWithSixtyDigits) {
  const std::pair<const char*, const char*> values[] = {
      {"-80", "0.0000000000000000000000000000000000180485138784541517231212835735002742117110309783972869294869"},
      {"80", "55406223843935100525711733958316612.9248567288326853228703002"},
      {"79.999999999999999999999999999999999999", "55406223843935100525711733958316612.8694505049887502223445885"},
      {"-79.5", "0.0000000000000000000000000000000000297569687359338272408114711310681007707047241368915262174008"},
      {"0.00000000000000000001", "1.00000000000000000001000000000000000000005000000000000000000"},
      {"-0.00000000000000000001", "0.999999999999999999990000000000000000000050000000000000000000"},
      {"0.693147180559945309417232121458176568", "1.99999999999999999999999999999999999984899973127948949175864"},
      {"-0.693147180559945309417232121458176568", "0.500000000000000000000000000000000000037750067180127627060340"},
      {"0", "1"},
      {"1", "2.71828182845904523536028747135266249775724709369995957496697"},
      {"-1", "0.367879441171442321595523770161460867445811131031767834507837"},
      {"0.5", "1.64872127070012814684865078781416357165377610071014801157508"},
      {"10", "22026.4657948067165169579006452842443663535126185567810742354"},
      {"-25.125", "0.0000000000122560674440994826549568531132636168344107834439854528217990"},
      {"3.14159265358979323846", "23.1406926327792690056679166479669430846420208305550338415663"},
      {"40.000000001", "235385267072405252.362612529614675585777834094159431848486446"},
      {"0.000000000000000000000000000000000001", "1.00000000000000000000000000000000000100000000000000000000000"},
      {"-12.3456789012345678901234567890123456", "0.00000434850303821984008334827871015731934524604752658485116211751"},
      {"66.6666666666", "89735742405809394023705924943.0486478060898206739384917352726"}};
  for (const auto& [argument, value] : values) {
    Number out;
    ASSERT_TRUE(Number::exponential(number(argument), out)) << argument;
    const mpq_class truth = exact(std::string(value)), error = abs(exact(out) - truth);
    // The values end at their sixtieth digit, of the largest at the 25th decimal.
    mpq_class bound = mpq_class(2) / power(10, 36);
    if (truth > 1) bound = truth * bound;
    EXPECT_TRUE(error <= bound) << "e^" << argument << " = " << out.to_string();
  }
}

TEST(Number, ExponentialEndsAtEighty) {
  Number out;
  EXPECT_FALSE(Number::exponential(number("80.000000000000000000000000000000000001"), out));
  EXPECT_FALSE(Number::exponential(number("-80.000000000000000000000000000000000001"), out));
  EXPECT_FALSE(Number::exponential(largest(), out));
  EXPECT_FALSE(Number::exponential(-largest(), out));
  ASSERT_TRUE(Number::exponential(Number(-80), out));
  EXPECT_GT(out.sign(), 0);
}

// e^a e^-a = 1 to what e^-a is rounded by.
RC_GTEST_PROP(Number, ExponentialsOfOppositesAreInverse, (std::uint64_t seed)) {
  Random random{.seed = seed};
  for (int i = 0; i < draws; ++i) {
    const auto milli = static_cast<std::int64_t>(random.below(40'001));
    const Number a = Number::from_units(static_cast<i128>(milli) * 1'000'003, 9);
    Number up, down, product;
    RC_ASSERT(Number::exponential(a, up) && Number::exponential(-a, down) && Number::multiply(up, down, product));
    const mpq_class error = abs(exact(product) - 1);
    RC_ASSERT((error <= mpq_class(5) * exact(up) / power(10, 36)));
  }
}

TEST(Number, OverflowIsReportedAndNeverWraps) {
  const Number top = largest();
  const std::string digits = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
  EXPECT_EQ(top.to_string(), digits);
  EXPECT_EQ((-top).to_string(), "-" + digits);
  Number out;
  EXPECT_FALSE(Number::add(top, Number(1), out));
  EXPECT_FALSE(Number::add(-top, Number(-1), out));
  EXPECT_FALSE(Number::subtract(top, Number(-1), out));
  EXPECT_FALSE(Number::add(top, top, out));
  EXPECT_FALSE(Number::multiply(top, Number(2), out));
  EXPECT_FALSE(Number::multiply(top, top, out));
  EXPECT_FALSE(Number::multiply(top, -top, out));
  EXPECT_FALSE(Number::divide(top, Number(1), out));  // a quotient has 36 decimals
  EXPECT_FALSE(Number::divide(top, Number::from_units(1, 36), out));
  EXPECT_FALSE(Number::add(top, Number::from_units(1, 1), out));  // it has no room for a decimal
  EXPECT_FALSE(Number::to_multiple(top, Number(2), Round::up, out));
  EXPECT_FALSE(Number::to_multiple(-top, Number(2), Round::down, out));
  i128 units = 0;
  EXPECT_FALSE(top.to_units(0, Round::down, units));
  EXPECT_FALSE((-top).to_units(36, Round::down, units));

  ASSERT_TRUE(Number::subtract(top, top, out));
  EXPECT_TRUE(out.is_zero());
  ASSERT_TRUE(Number::multiply(top, Number(-1), out));
  EXPECT_EQ(out, -top);
  ASSERT_TRUE(Number::to_multiple(top, Number(2), Round::down, out));
  EXPECT_EQ(out.to_string(), "115792089237316195423570985008687907853269984665640564039457584007913129639934");
  ASSERT_TRUE(Number::to_multiple(top, top, Round::half_even, out));
  EXPECT_EQ(out, top);
  ASSERT_TRUE(Number::divide(top, top, out));
  EXPECT_EQ(out.to_string(), "1");
  ASSERT_TRUE(Number::whole_root(top, out));
  EXPECT_EQ(out.to_string(), "340282366920938463463374607431768211455");
  // 2^128 - 2^-129 lies nearer to 2^128 than to anything with 36 decimals.
  ASSERT_TRUE(Number::square_root(top, out));
  EXPECT_EQ(out.to_string(), "340282366920938463463374607431768211456");
  ASSERT_TRUE(Number::divide(largest(36), Number(1), out));
  EXPECT_EQ(out, largest(36));
  EXPECT_FALSE(Number::add(largest(36), Number::from_units(1, 36), out));
}

TEST(Number, AFailedOperationLeavesItsResultAsItWas) {
  Number out(7);
  EXPECT_FALSE(Number::add(largest(), Number(1), out));
  EXPECT_FALSE(Number::divide(Number(1), Number(0), out));
  EXPECT_FALSE(Number::square_root(Number(-1), out));
  EXPECT_FALSE(Number::to_multiple(Number(1), Number(0), Round::up, out));
  EXPECT_EQ(out, Number(7));
}

// GMP's root leaves scratch above its rest; it once rounded this one up.
TEST(Number, ARootIsRoundedByItsRestAlone) {
  Number out;
  ASSERT_TRUE(Number::square_root(number("113370.38"), out));
  EXPECT_EQ(out.to_string(), "336.705182615296255852412924155711411623");
}

TEST(Number, NothingIsDividedByZero) {
  Number out;
  for (const Number& a : {Number(0), Number(1), -largest()}) {
    EXPECT_FALSE(Number::divide(a, Number(0), out));
    EXPECT_FALSE(Number::divide(a, Number::from_units(0, 36), out));
    EXPECT_FALSE(Number::to_multiple(a, Number(0), Round::down, out));
  }
}

TEST(Number, DecimalsBeyondTheLastAreRoundedHalfToEven) {
  const Number unit = Number::from_units(1, 36);
  const auto product = [&](std::string_view factor) {
    Number out;
    EXPECT_TRUE(Number::multiply(unit, number(factor), out));
    i128 units = -1;
    EXPECT_TRUE(out.to_units(36, Round::half_even, units));
    return static_cast<int>(units);
  };
  EXPECT_EQ(product("0.5"), 0);
  EXPECT_EQ(product("0.50000000000000000001"), 1);
  EXPECT_EQ(product("1.5"), 2);
  EXPECT_EQ(product("2.5"), 2);
  EXPECT_EQ(product("2.49999999999999999999"), 2);
  EXPECT_EQ(product("-0.5"), 0);
  EXPECT_EQ(product("-1.5"), -2);
  EXPECT_EQ(product("-2.5"), -2);
  EXPECT_EQ(product("-2.51"), -3);
  Number out;
  ASSERT_TRUE(Number::divide(unit, Number(2), out));
  EXPECT_EQ(out.to_string(), "0");
  EXPECT_EQ(out.sign(), 0);
  ASSERT_TRUE(Number::divide(Number::from_units(-3, 36), Number(2), out));
  EXPECT_EQ(out.to_string(), "-0.000000000000000000000000000000000002");
  ASSERT_TRUE(Number::divide(Number(2), Number(3), out));
  EXPECT_EQ(out.to_string(), "0.666666666666666666666666666666666667");
  // 10^-72 is far below; 36 decimals of 18 and 18 are exact.
  ASSERT_TRUE(Number::multiply(unit, unit, out));
  EXPECT_TRUE(out.is_zero());
  ASSERT_TRUE(Number::multiply(Number::from_units(-3, 18), Number::from_units(7, 18), out));
  EXPECT_EQ(out.to_string(), "-0.000000000000000000000000000000000021");
}

TEST(Number, TiesOfMultiplesGoToTheEvenCount) {
  const auto multiple = [](std::string_view a, std::string_view step, Round round) {
    Number out;
    EXPECT_TRUE(Number::to_multiple(number(a), number(step), round, out));
    return out.to_string();
  };
  EXPECT_EQ(multiple("0.25", "0.5", Round::half_even), "0");
  EXPECT_EQ(multiple("0.75", "0.5", Round::half_even), "1");
  EXPECT_EQ(multiple("-0.25", "0.5", Round::half_even), "0");
  EXPECT_EQ(multiple("-0.75", "0.5", Round::half_even), "-1");
  EXPECT_EQ(multiple("-0.1", "0.5", Round::down), "-0.5");
  EXPECT_EQ(multiple("-0.1", "0.5", Round::up), "0");
  EXPECT_EQ(multiple("0.1", "0.5", Round::up), "0.5");
  EXPECT_EQ(multiple("0.1", "0.5", Round::down), "0");
  EXPECT_EQ(multiple("7", "7", Round::up), "7");
  EXPECT_EQ(multiple("-7.0000001", "7", Round::down), "-14");
}

TEST(Number, PlainNotationHasNoNeedlessZeros) {
  EXPECT_EQ(Number().to_string(), "0");
  EXPECT_EQ(Number::from_units(0, 36).to_string(), "0");
  EXPECT_EQ((-Number::from_units(0, 5)).to_string(), "0");
  EXPECT_EQ(Number(-10).to_string(), "-10");
  EXPECT_EQ(Number::from_units(1000, 2).to_string(), "10");
  EXPECT_EQ(Number::from_units(-1200, 3).to_string(), "-1.2");
  EXPECT_EQ(Number::from_units(-3, 8).to_string(), "-0.00000003");
  EXPECT_EQ(Number::from_units(i128_min, 0).to_string(), "-170141183460469231731687303715884105728");
  EXPECT_EQ(Number::from_units(i128_max, 36).to_string(), "170.141183460469231731687303715884105727");
  EXPECT_EQ(Number(std::numeric_limits<std::int64_t>::min()).to_string(), "-9223372036854775808");
}

TEST(Number, UnitsAtTheEdgeOf128Bits) {
  i128 units = 0;
  ASSERT_TRUE(Number::from_units(i128_max, 0).to_units(0, Round::up, units));
  EXPECT_TRUE(units == i128_max);
  ASSERT_TRUE(Number::from_units(-i128_max, 36).to_units(36, Round::up, units));
  EXPECT_TRUE(units == -i128_max);
  EXPECT_FALSE(two_to(127).to_units(0, Round::down, units));
  EXPECT_FALSE(Number::from_units(i128_max, 0).to_units(1, Round::down, units));
  ASSERT_TRUE(Number::from_units(1, 36).to_units(0, Round::up, units));
  EXPECT_TRUE(units == 1);
  ASSERT_TRUE(Number::from_units(-1, 36).to_units(0, Round::up, units));
  EXPECT_TRUE(units == 0);
  ASSERT_TRUE(Number::from_units(-1, 36).to_units(0, Round::down, units));
  EXPECT_TRUE(units == -1);
  ASSERT_TRUE(Number::from_units(-25, 1).to_units(0, Round::half_even, units));
  EXPECT_TRUE(units == -2);
  ASSERT_TRUE(Number::from_units(-35, 1).to_units(0, Round::half_even, units));
  EXPECT_TRUE(units == -4);
}

TEST(Number, ComparesByValueAtAnyScale) {
  EXPECT_EQ(Number::from_units(1, 0), Number::from_units(1'000'000, 6));
  EXPECT_EQ(Number(0), -Number::from_units(0, 36));
  EXPECT_LT(-largest(), Number::from_units(-1, 36));
  EXPECT_LT(Number::from_units(-1, 36), Number(0));
  EXPECT_LT(Number::from_units(1, 36), largest());
  EXPECT_LT(largest(36), largest(35));
  EXPECT_GT(-largest(36), -largest(35));
  EXPECT_GT(ten_to(77), ten_to(76));
}

TEST(Number, DoublesAreTheNearest) {
  EXPECT_EQ(number("0.1").to_double(), 0.1);
  EXPECT_EQ(number("-9007199254740993").to_double(), -9007199254740992.0);
  EXPECT_EQ(Number::from_units(1, 36).to_double(), 1e-36);
  EXPECT_EQ(largest().to_double(), 0x1p256);
  EXPECT_EQ(Number(0).to_double(), 0.0);
}

}  // namespace
}  // namespace margrave
