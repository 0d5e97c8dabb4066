#include "pricing/black76.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "many_digits.h"
#include "math/elementary.h"
#include "pricing/greeks.h"

namespace margrave {
namespace {

using many_digits::Real;

double call(double forward, double strike, double expiry, double vol) {
  double out[1];
  black76_calls({.forward = forward, .expiry = expiry, .strikes = {&strike, 1}, .vols = {&vol, 1}}, out);
  return out[0];
}
double put(double forward, double strike, double expiry, double vol) {
  double out[1];
  black76_puts({.forward = forward, .expiry = expiry, .strikes = {&strike, 1}, .vols = {&vol, 1}}, out);
  return out[0];
}

/// Rows of numbers of a reference file; empty if the folder is not there.
std::vector<std::vector<double>> reference(const std::string& name) {
  std::ifstream file(std::string(MARGRAVE_SHARED_DIR "/science/reference/") + name);
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::vector<double> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::strtod(cell.c_str(), nullptr));
    if (!row.empty()) rows.push_back(row);
  }
  return rows;
}

bool must_have_reference() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string(ci) == "true";
}

#define NEED_REFERENCE(rows)                                                               \
  if (rows.empty()) {                                                                      \
    ASSERT_FALSE(must_have_reference()) << "the reference folder is missing";              \
    GTEST_SKIP() << "the reference folder " MARGRAVE_SHARED_DIR " is not beside the tree"; \
  }

// Haug, Option Pricing Formulas (1998), p. 2-8, as tabulated in QuantLib: F = K = 19, T = 0.75, vol 28 %, r = 10 %.
TEST(Black76, AtTheMoneyMatchesHaug) {
  EXPECT_NEAR(call(19.0, 19.0, 0.75, 0.28) * stable_exp(-0.10 * 0.75), 1.7011, 1e-4);
}

// 34-digit values, black_normalised.csv: b = e^(x/2) C/F and db/ds = e^(x/2) phi(d1).
TEST(Black76Accurate, MatchesEveryNormalisedReferenceTo12Digits) {
  const auto rows = reference("black_normalised.csv");
  NEED_REFERENCE(rows);
  int checked = 0;
  for (const auto& row : rows) {
    const double x = row[0], s = row[1], half = stable_exp(x / 2);
    if (row[2] > 1e-300) {
      EXPECT_NEAR(black76_accurate_normalised(x, s) * half / row[2], 1.0, 1e-12) << x << " " << s;
      ++checked;
    }
    if (row[3] > 1e-300) {
      EXPECT_NEAR(normal_density(x / s + s / 2) * half / row[3], 1.0, 1e-12) << x << " " << s;
    }
  }
  EXPECT_GE(checked, 60);
}

TEST(Black76Accurate, MatchesEveryReferenceRowWithDeltaGammaVega) {
  const auto rows = reference("black76.csv");
  NEED_REFERENCE(rows);
  for (const auto& row : rows) {
    const Black76Option option{.forward = row[0], .strike = row[1], .expiry = row[3], .vol = row[2], .is_call = true};
    Black76Option other = option;
    other.is_call = false;
    EXPECT_NEAR(black76_accurate(option) / row[4], 1.0, 1e-12) << row[1];
    EXPECT_NEAR(black76_accurate(other) / row[5], 1.0, 1e-12) << row[1];
    const Greeks greeks = black76_greeks(option, 0.0);
    EXPECT_NEAR(greeks.delta / row[6], 1.0, 1e-12) << row[1];
    EXPECT_NEAR(greeks.gamma / row[7], 1.0, 1e-12) << row[1];
    EXPECT_NEAR(greeks.vega / row[8], 1.0, 1e-12) << row[1];
  }
  EXPECT_GE(rows.size(), 11u);
}

/// C/F of the batch kernel for x <= 0: with a forward of 1 and any strike above it.
double batch_factor(double x, double s) {
  const double k = -x, strike = 2.0 + k;
  double out[1];
  black76_calls(
      best_isa(),
      NormalisedBatch{.forward = 1.0, .strikes = {&strike, 1}, .log_moneyness = {&k, 1}, .total_vols = {&s, 1}}, out);
  return out[0];
}

struct Worst {
  double relative{0}, absolute{0}, h{0}, s{0};

  void look(double h_now, double s_now) {
    const double x = -h_now * s_now, ours = batch_factor(x, s_now);
    const Real exact = many_digits::normalised_call(Real(x), Real(s_now));
    absolute = std::max(absolute, static_cast<double>(abs(Real(ours - exact))));
    if (exact < Real(1e-7)) return;
    const double error = static_cast<double>(abs(Real(ours / exact - 1)));
    if (error > relative) relative = error, h = h_now, s = s_now;
  }
};

// A search, not a sample: in each octave of s random points, then steps around the worst one found.
TEST(Black76, WorstErrorOverAllTotalVolsStaysInsideTheContract) {
  Random random{.seed = 7, .stream = 1};
  for (double s = 1e-8; s < 64; s *= 2) {
    Worst worst;
    for (int i = 0; i < 300; ++i) {
      const double u = random.uniform(), v = random.uniform(), at = s * (1 + random.uniform());
      worst.look(i == 0 ? 0.0 : 8 * u * v, at);
    }
    for (int i = 0; i < 300; ++i) {  // the same around d1 = 0, which lies at h = s/2
      const double at = s * (1 + random.uniform());
      worst.look(std::max(0.0, at / 2 + 8 * (2 * random.uniform() - 1)), at);
    }
    for (int i = 0; i < 200; ++i) {
      const double u = random.uniform() - 0.5, v = random.uniform() - 0.5;
      worst.look(std::max(0.0, worst.h + 0.05 * u), std::max(1e-8, worst.s * (1 + 0.02 * v)));
    }
    EXPECT_LE(worst.relative, 1e-12) << "s near " << worst.s << ", x/s " << -worst.h;
    EXPECT_LE(worst.absolute, 1e-14) << "octave of s from " << s;
  }
}

TEST(Black76Accurate, KeepsTwelveDigitsWhereverTheValueExceeds1e300) {
  Random random{.seed = 7, .stream = 2};
  double worst = 0;
  for (int i = 0; i < 4000; ++i) {
    // N(d1) and N(d2) K/F share about log10(s/z) digits, which 34 can spare.
    const double s = std::exp(std::log(1e-8) + random.uniform() * std::log(1e9)), x = -37 * random.uniform() * s;
    const Real exact = many_digits::normalised_call(Real(x), Real(s));
    if (exact < Real(1e-300)) continue;
    worst = std::max(worst, static_cast<double>(abs(Real(black76_accurate_normalised(x, s) / exact - 1))));
  }
  EXPECT_LE(worst, 2e-14);
}

TEST(Black76, ZeroVolOrTimeGivesExactIntrinsic) {
  for (const double strike : {1e-9, 59999.99999, 60000.0, 60000.00001, 61234.567, 1e12}) {
    for (const auto& [expiry, vol] : {std::pair{0.0, 0.7}, std::pair{0.3, 0.0}, std::pair{0.0, 0.0}}) {
      EXPECT_EQ(call(60000.0, strike, expiry, vol), std::max(60000.0 - strike, 0.0)) << strike;
      EXPECT_EQ(put(60000.0, strike, expiry, vol), std::max(strike - 60000.0, 0.0)) << strike;
      EXPECT_EQ(black76_accurate({60000.0, strike, expiry, vol, true}), std::max(60000.0 - strike, 0.0)) << strike;
    }
  }
}

TEST(Black76, DeepWingsAreZeroOrIntrinsic) {
  EXPECT_EQ(call(60000.0, 1e9, 0.1, 0.2), 0.0);
  EXPECT_EQ(put(60000.0, 1.0, 0.1, 0.2), 0.0);
  EXPECT_EQ(call(60000.0, 1.0, 0.1, 0.2), 59999.0);
  EXPECT_EQ(call(60000.0, 70000.0, 1.0, 100.0), 60000.0);
  EXPECT_EQ(put(60000.0, 70000.0, 1.0, 100.0), 70000.0);
}

TEST(Black76, TinyAndHugeNumbersStayFinite) {
  for (const double forward : {1e-150, 3e-8, 1.0, 6e4, 1e150}) {
    for (const double strike : {1e-150, 3e-8, 1.0, 6e4, 1e150}) {
      for (const double vol : {0.0, 1e-300, 1e-12, 0.5, 30.0, 1e6}) {
        const double c = call(forward, strike, 0.25, vol), p = put(forward, strike, 0.25, vol);
        EXPECT_TRUE(c >= std::max(forward - strike, 0.0) && c <= forward) << forward << " " << strike << " " << vol;
        EXPECT_TRUE(p >= std::max(strike - forward, 0.0) && p <= strike) << forward << " " << strike << " " << vol;
      }
    }
  }
}

double in_range(double low, double high) { return low + (high - low) * (*rc::gen::inRange(0, 1000000)) * 1e-6; }

RC_GTEST_PROP(Black76, PutCallParityAndBounds, ()) {
  const double forward = in_range(1, 1e5), strike = forward * std::exp(in_range(-2, 2)), expiry = in_range(0, 2),
               vol = in_range(0, 3);
  const double c = call(forward, strike, expiry, vol), p = put(forward, strike, expiry, vol);
  RC_ASSERT(std::fabs((c - p) - (forward - strike)) <= 4e-16 * (forward + strike));
  RC_ASSERT(c >= 0 && c <= forward && p >= 0 && p <= strike);
}

RC_GTEST_PROP(Black76, MoreVolIsNeverCheaper, ()) {
  const double forward = 60000, strike = forward * std::exp(in_range(-1, 1)), vol = in_range(0, 2),
               more = vol * (1 + in_range(1e-9, 0.1));
  RC_ASSERT(call(forward, strike, 0.1, more) >= call(forward, strike, 0.1, vol) - 1e-15 * forward);
}

struct Grid {
  std::vector<double> strikes, vols, log_moneyness;
};
Grid hostile_grid() {
  Grid grid;
  Random random{.seed = 7, .stream = 3};
  for (int i = 0; i < 4099; ++i) {
    grid.strikes.push_back(60000 * std::exp(3 * (random.uniform() - 0.5) * (i % 7 == 0 ? 1e-6 : 1.0)));
    grid.vols.push_back(i % 11 == 0 ? 0.0 : std::exp(std::log(1e-7) + random.uniform() * std::log(1e9)));
    grid.log_moneyness.push_back(stable_log_ratio(grid.strikes.back(), 60000.0));
  }
  return grid;
}

TEST(Black76, EveryInstructionSetGivesTheSameBits) {
  const Grid grid = hostile_grid();
  std::vector<double> expected(grid.strikes.size()), got(grid.strikes.size());
  using Form = void (*)(Isa, const Black76Batch&, std::span<double>);
  using Normalised = void (*)(Isa, const NormalisedBatch&, std::span<double>);
  const Black76Batch batch{.forward = 60000.0, .expiry = 0.37, .strikes = grid.strikes, .vols = grid.vols};
  const NormalisedBatch normalised{
      .forward = 60000.0, .strikes = grid.strikes, .log_moneyness = grid.log_moneyness, .total_vols = grid.vols};
  for (const Isa isa : supported_isas()) {
    for (const Form form : {Form{black76_calls}, Form{black76_puts}}) {
      form(Isa::portable, batch, expected);
      form(isa, batch, got);
      EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.size() * sizeof(double)), 0) << to_string(isa);
    }
    for (const Normalised form : {Normalised{black76_calls}, Normalised{black76_puts}}) {
      form(Isa::portable, normalised, expected);
      form(isa, normalised, got);
      EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.size() * sizeof(double)), 0) << to_string(isa);
    }
  }
}

TEST(Black76, AnElementDoesNotDependOnItsNeighboursOrOnTheLength) {
  const Grid grid = hostile_grid();
  std::vector<double> whole(grid.strikes.size());
  black76_calls({.forward = 60000.0, .expiry = 0.37, .strikes = grid.strikes, .vols = grid.vols}, whole);
  for (std::size_t n = 0; n < 40; ++n) {
    std::vector<double> part(n + 1, -7.0);
    black76_calls(
        {.forward = 60000.0, .expiry = 0.37, .strikes = {grid.strikes.data(), n}, .vols = {grid.vols.data(), n}},
        {part.data(), n});
    EXPECT_EQ(std::memcmp(part.data(), whole.data(), n * sizeof(double)), 0) << n;
    EXPECT_EQ(part[n], -7.0) << "wrote past the end";
  }
}

// A change of a single bit here changes every journaled array: this number may only move with a format version.
TEST(Black76, BitsAreThoseOfThisRelease) {
  std::uint64_t hash = 1469598103934665603u;
  for (int i = 0; i < 4000; ++i) {
    const double value = call(60000.0, 20000.0 + 25 * i, 0.01 + 0.0003 * (i % 997), 0.2 + 0.001 * (i % 1013));
    std::uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * 1099511628211u;
  }
  EXPECT_EQ(hash, 3909772656938456057u);
}

}  // namespace
}  // namespace margrave
