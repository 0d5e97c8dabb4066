#include "math/elementary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <vector>

#include "base/random.h"

namespace margrave {
namespace {

// The reference is the C library in 80-bit arithmetic, whose own error is below 1e-18 for these functions.
using Extended = long double;
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Range {
  double low, high;
  bool logarithmic;
};

/// Largest relative error over random arguments of a range, both ends included.
double worst_error(const std::function<double(double)>& ours, const std::function<Extended(Extended)>& exact,
                   Range range) {
  Random random{.seed = 20, .stream = 1};
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    const double u = i == 0 ? 0.0 : i == 1 ? 1.0 : random.uniform();
    const double a = range.logarithmic ? std::log(range.low) : range.low;
    const double b = range.logarithmic ? std::log(range.high) : range.high;
    const double x = range.logarithmic ? std::exp(a + (b - a) * u) : a + (b - a) * u;
    const Extended reference = exact(x);
    const double error = reference == 0 ? std::fabs(ours(x)) : static_cast<double>(std::fabs(ours(x) / reference - 1));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

Extended exact_cdf(Extended z) { return std::erfc(-z / std::sqrt(Extended{2})) / 2; }

TEST(StableExp, ErrorStaysBelowTheStatedBound) {
  const auto ours = [](double x) { return stable_exp(x); };
  const auto exact = [](Extended x) { return std::exp(x); };
  EXPECT_LE(worst_error(ours, exact, {-708, 709.7, false}), 1.7e-16);
  EXPECT_LE(worst_error(ours, exact, {-1, 1, false}), 1.7e-16);
}

TEST(StableExp, EdgesFollowIeee) {
  EXPECT_EQ(stable_exp(0.0), 1.0);
  EXPECT_EQ(stable_exp(-0.0), 1.0);
  EXPECT_EQ(stable_exp(inf), inf);
  EXPECT_EQ(stable_exp(-inf), 0.0);
  EXPECT_EQ(stable_exp(709.79), inf);
  EXPECT_EQ(stable_exp(-745.2), 0.0);
  EXPECT_EQ(stable_exp(-745.1), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(stable_exp(-740.0), static_cast<double>(std::exp(Extended{-740})));
  EXPECT_TRUE(std::isnan(stable_exp(nan)));
}

TEST(StableLog, ErrorStaysBelowTheStatedBound) {
  const auto ours = [](double x) { return stable_log(x); };
  const auto exact = [](Extended x) { return std::log(x); };
  EXPECT_LE(worst_error(ours, exact, {1e-320, 1e308, true}), 1.5e-16);
  EXPECT_LE(worst_error(ours, exact, {0.5, 2, false}), 1.5e-16);
  EXPECT_LE(worst_error(ours, exact, {0.999999, 1.000001, false}), 1.5e-16);
}

TEST(StableLog, EdgesFollowIeee) {
  EXPECT_EQ(stable_log(1.0), 0.0);
  EXPECT_EQ(stable_log(0.0), -inf);
  EXPECT_EQ(stable_log(-0.0), -inf);
  EXPECT_EQ(stable_log(inf), inf);
  EXPECT_TRUE(std::isnan(stable_log(-1.0)));
  EXPECT_TRUE(std::isnan(stable_log(-inf)));
  EXPECT_TRUE(std::isnan(stable_log(nan)));
}

TEST(StableLogRatio, KeepsItsRelativeErrorNearOne) {
  Random random{.seed = 20, .stream = 2};
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    const double b = std::exp(80 * (random.uniform() - 0.5));
    const double a = b * std::exp((random.uniform() - 0.5) * std::exp(-34 * random.uniform()));
    const Extended difference = static_cast<Extended>(a) - b;
    const Extended exact = std::log1p(difference / b);
    if (exact == 0) continue;
    worst = std::max(worst, static_cast<double>(std::fabs(stable_log_ratio(a, b) / exact - 1)));
  }
  EXPECT_LE(worst, 3.3e-16);
  EXPECT_EQ(stable_log_ratio(60000.0, 60000.0), 0.0);
}

TEST(StablePow, ErrorStaysBelowTheStatedBound) {
  Random random{.seed = 20, .stream = 3};
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    const double spread = i % 2 == 0 ? 40.0 : 1e-3;
    const double x = std::exp(spread * (2 * random.uniform() - 1));
    // The 80-bit reference itself loses |y ln x| units of 5e-20.
    const double y = (2 * random.uniform() - 1) * 700 / std::fabs(std::log(x));
    if (!(std::fabs(y) < 1e7)) continue;
    const Extended exact = std::pow(Extended{x}, Extended{y});
    worst = std::max(worst, static_cast<double>(std::fabs(stable_pow(x, y) / exact - 1)));
  }
  EXPECT_LE(worst, 2e-16);
}

TEST(StablePow, EdgesAreThoseOfIeeePow) {
  for (const double x : {0.0, 1.0, 0.5, 2.0, inf, nan, 1e-310, 1e300}) {
    for (const double y : {0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 1e9, -1e9, 3.0}) {
      const double ours = stable_pow(x, y), theirs = std::pow(x, y);
      if (std::isnan(theirs)) {
        EXPECT_TRUE(std::isnan(ours)) << x << "^" << y;
      } else if (theirs == 0 || std::isinf(theirs)) {
        EXPECT_EQ(ours, theirs) << x << "^" << y;
      } else {
        EXPECT_NEAR(ours / theirs, 1.0, 3e-16) << x << "^" << y;
      }
    }
  }
  EXPECT_TRUE(std::isnan(stable_pow(-2.0, 2.0)));
}

TEST(NormalCdf, RelativeErrorHoldsInTheLeftTail) {
  const auto ours = [](double z) { return normal_cdf(z); };
  EXPECT_LE(worst_error(ours, exact_cdf, {-37.5, -5, false}), 7e-16);
  EXPECT_LE(worst_error(ours, exact_cdf, {-5, 9, false}), 7e-16);
}

// Abramowitz and Stegun (1964), table 26.1 and 26.2: N(1) and N(-10) to the digits printed there.
TEST(NormalCdf, MatchesAbramowitzAndStegun) {
  EXPECT_NEAR(normal_cdf(1.0), 0.841344746068543, 5e-16);
  EXPECT_NEAR(normal_cdf(-10.0) / 7.619853024160527e-24, 1.0, 1e-14);
}

TEST(NormalCdf, Edges) {
  EXPECT_EQ(normal_cdf(0.0), 0.5);
  EXPECT_EQ(normal_cdf(inf), 1.0);
  EXPECT_EQ(normal_cdf(-inf), 0.0);
  EXPECT_EQ(normal_cdf(-39.0), 0.0);
  EXPECT_GT(normal_cdf(-38.4), 0.0);
  EXPECT_TRUE(std::isnan(normal_cdf(nan)));
  EXPECT_EQ(normal_density(inf), 0.0);
  EXPECT_TRUE(std::isnan(normal_density(nan)));
}

TEST(NormalDensity, ErrorStaysBelowTheStatedBound) {
  const auto exact = [](Extended z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::acos(Extended{-1})); };
  EXPECT_LE(worst_error([](double z) { return normal_density(z); }, exact, {-37.5, 37.5, false}), 3.5e-16);
}

/// Newton steps on the exact distribution function from our answer: the root to 80 bits.
Extended exact_quantile(Extended p) {
  Extended z = normal_quantile(static_cast<double>(p));
  const Extended side = p < 0.5L ? -1 : 1, tail = p < 0.5L ? p : 1 - p;
  for (int i = 0; i < 3; ++i) {
    const Extended density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(Extended{-1}));
    z += side * (exact_cdf(-side * z) - tail) / density;
  }
  return z;
}

TEST(NormalQuantile, ErrorStaysBelowTheStatedBound) {
  const auto ours = [](double p) { return normal_quantile(p); };
  EXPECT_LE(worst_error(ours, exact_quantile, {1e-300, 0.5, true}), 8e-16);
  EXPECT_LE(worst_error(ours, exact_quantile, {0.0001, 0.4999, false}), 8e-16);
  EXPECT_LE(worst_error(ours, exact_quantile, {0.5001, 0.999999, false}), 8e-16);
}

TEST(NormalQuantile, Edges) {
  EXPECT_EQ(normal_quantile(0.5), 0.0);
  EXPECT_EQ(normal_quantile(0.0), -inf);
  EXPECT_EQ(normal_quantile(1.0), inf);
  EXPECT_TRUE(std::isnan(normal_quantile(-1e-300)));
  EXPECT_TRUE(std::isnan(normal_quantile(1.0000001)));
  EXPECT_TRUE(std::isnan(normal_quantile(nan)));
}

/// Random bit patterns (every class of double) and ordinary numbers.
std::vector<double> hostile_numbers() {
  std::vector<double> numbers(4099);
  Random random{.seed = 20, .stream = 4};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::uint64_t bits = random.bits();
    if (i % 3 == 0) std::memcpy(&numbers[i], &bits, sizeof bits);
    if (i % 3 == 1) numbers[i] = random.uniform();
    if (i % 3 == 2) numbers[i] = 80 * random.uniform() - 40;
  }
  return numbers;
}

TEST(Elementary, EveryInstructionSetGivesTheSameBits) {
  using Batch = void (*)(Isa, std::span<const double>, std::span<double>);
  const std::vector<double> in = hostile_numbers();
  std::vector<double> expected(in.size()), got(in.size());
  for (const Batch batch :
       {Batch{stable_exp}, Batch{stable_log}, Batch{normal_cdf}, Batch{normal_density}, Batch{normal_quantile}}) {
    batch(Isa::portable, in, expected);
    for (const Isa isa : supported_isas()) {
      batch(isa, in, got);
      EXPECT_EQ(std::memcmp(got.data(), expected.data(), in.size() * sizeof(double)), 0) << to_string(isa);
    }
  }
  const std::vector<double> second(in.rbegin(), in.rend());
  using Two = void (*)(Isa, std::span<const double>, std::span<const double>, std::span<double>);
  for (const Two two : {Two{stable_pow}, Two{stable_log_ratio}}) {
    two(Isa::portable, in, second, expected);
    for (const Isa isa : supported_isas()) {
      two(isa, in, second, got);
      EXPECT_EQ(std::memcmp(got.data(), expected.data(), in.size() * sizeof(double)), 0) << to_string(isa);
    }
  }
}

TEST(Elementary, BatchEqualsScalarForEveryLength) {
  const std::vector<double> in = hostile_numbers();
  for (std::size_t n = 0; n < 35; ++n) {
    std::vector<double> out(n + 1, 7.0);
    stable_exp(best_isa(), {in.data(), n}, {out.data(), n});
    for (std::size_t i = 0; i < n; ++i) {
      const double one = stable_exp(in[i]);
      EXPECT_EQ(std::memcmp(&out[i], &one, sizeof one), 0) << i << " of " << n;
    }
    EXPECT_EQ(out[n], 7.0) << "wrote past the end";
  }
}

// A change of a single bit here changes every journaled digest: this number may only move with a format version.
TEST(Elementary, BitsAreThoseOfThisRelease) {
  std::uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < 1000; ++i) {
    const double x = 0.037 * i - 18.0;
    for (const double value : {stable_exp(x), stable_log(x * x + 0.01), normal_cdf(x),
                               normal_quantile((i + 0.5) / 1000), stable_pow(x * x + 0.01, 0.3)}) {
      std::uint64_t bits;
      std::memcpy(&bits, &value, sizeof bits);
      hash = (hash ^ bits) * 1099511628211u;
    }
  }
  EXPECT_EQ(hash, 10163199818282602199u);
}

}  // namespace
}  // namespace margrave
