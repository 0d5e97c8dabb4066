#include "pricing/implied_vol.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/random.h"
#include "math/elementary.h"
#include "pricing/black76.h"

namespace margrave {
namespace {

double call_vol(double forward, double strike, double expiry, double price) {
  double out[1];
  implied_call_vols({.forward = forward, .expiry = expiry, .strikes = {&strike, 1}, .prices = {&price, 1}}, out);
  return out[0];
}
double put_vol(double forward, double strike, double expiry, double price) {
  double out[1];
  implied_put_vols({.forward = forward, .expiry = expiry, .strikes = {&strike, 1}, .prices = {&price, 1}}, out);
  return out[0];
}

/// What a relative error of one unit in the last place of the price does to s, relative to s: no method can do better.
double conditioning(double forward, double strike, double s, double price) {
  const double d1 = stable_log_ratio(forward, strike) / s + s / 2;
  return 2.3e-16 * price / (forward * normal_density(d1) * s);
}

// Prices to 12 digits and more from the accurate form, over twelve decades of vol and out to prices of 1e-250.
TEST(ImpliedVol, OutOfTheMoneyErrorStaysBelow1e12WhereThePriceDeterminesIt) {
  Random random{.seed = 13, .stream = 1};
  double worst = 0;
  int checked = 0;
  for (int i = 0; i < 40000; ++i) {
    const double s = std::exp(std::log(1e-6) + random.uniform() * std::log(8e6)),
                 strike = 100 * std::exp(33 * random.uniform() * random.uniform() * s);
    if (!(strike < 1e100)) continue;
    const Black76Option option{.forward = 100, .strike = strike, .expiry = 1.0, .vol = s, .is_call = true};
    const double price = black76_accurate(option);
    if (price < 1e-250 || price > 99.999999) continue;
    const double x = stable_log_ratio(100.0, strike);
    // One rounding of the strike moves x by 2e-16, which matters where the option is close to the money.
    const double given = conditioning(100, strike, s, price) + 3e-16 * std::fabs(x) / s;
    const double error = std::fabs(call_vol(100, strike, 1.0, price) / s - 1);
    worst = std::max(worst, error / std::max(1e-12, 4 * given));
    ++checked;
  }
  EXPECT_LE(worst, 1.0);
  EXPECT_GE(checked, 30000);
}

double in_range(double low, double high) { return low + (high - low) * (*rc::gen::inRange(0, 1000000)) * 1e-6; }

RC_GTEST_PROP(ImpliedVol, RoundTripOfPutsAndCallsOnBothSidesOfTheMoney, ()) {
  const double forward = 60000, strike = forward * std::exp(in_range(-0.7, 0.7)), expiry = in_range(0.01, 1.5),
               vol = in_range(0.1, 2);
  const double s = vol * std::sqrt(expiry);
  const double c = black76_accurate({forward, strike, expiry, vol, true}),
               p = black76_accurate({forward, strike, expiry, vol, false});
  constexpr double tiny = 1e-290;  // below, a double has no longer all its digits
  if (c > tiny + std::max(forward - strike, 0.0) * (1 + 1e-15)) {
    RC_ASSERT(std::fabs(call_vol(forward, strike, expiry, c) / vol - 1) <=
              1e-12 + 8 * conditioning(forward, strike, s, c));
  }
  if (p > tiny + std::max(strike - forward, 0.0) * (1 + 1e-15)) {
    RC_ASSERT(std::fabs(put_vol(forward, strike, expiry, p) / vol - 1) <=
              1e-12 + 8 * conditioning(forward, strike, s, p));
  }
}

TEST(ImpliedVol, PricesOutsideTheirBoundsHaveNoVol) {
  EXPECT_TRUE(std::isnan(call_vol(100, 90, 1, 9.999)));
  EXPECT_TRUE(std::isnan(call_vol(100, 90, 1, 100)));
  EXPECT_TRUE(std::isnan(call_vol(100, 110, 1, -1e-9)));
  EXPECT_TRUE(std::isnan(put_vol(100, 110, 1, 9.999)));
  EXPECT_TRUE(std::isnan(put_vol(100, 110, 1, 110)));
  EXPECT_TRUE(std::isnan(call_vol(100, 110, 1, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_TRUE(std::isnan(call_vol(100, 110, 1, std::numeric_limits<double>::infinity())));
}

TEST(ImpliedVol, IntrinsicPriceGivesZeroVol) {
  EXPECT_EQ(call_vol(100, 90, 1, 10), 0.0);
  EXPECT_EQ(call_vol(100, 110, 1, 0), 0.0);
  EXPECT_EQ(put_vol(100, 110, 1, 10), 0.0);
}

TEST(ImpliedVol, EveryInstructionSetGivesTheSameBitsAndBadElementsDoNotSpread) {
  constexpr std::size_t n = 2051;
  std::vector<double> strikes(n), prices(n), expected(n), got(n);
  Random random{.seed = 13, .stream = 2};
  for (std::size_t i = 0; i < n; ++i) {
    strikes[i] = 60000 * std::exp(2 * (random.uniform() - 0.5));
    prices[i] = i % 17 == 0
                    ? -1.0
                    : black76_accurate({60000, strikes[i], 0.2, std::exp(std::log(1e-3) + 8 * random.uniform()), true});
  }
  implied_call_vols(Isa::portable, {.forward = 60000, .expiry = 0.2, .strikes = strikes, .prices = prices}, expected);
  for (const Isa isa : supported_isas()) {
    implied_call_vols(isa, {.forward = 60000, .expiry = 0.2, .strikes = strikes, .prices = prices}, got);
    EXPECT_EQ(std::memcmp(got.data(), expected.data(), n * sizeof(double)), 0) << to_string(isa);
  }
  for (std::size_t i = 0; i < n; ++i) EXPECT_EQ(std::isnan(got[i]), i % 17 == 0 || prices[i] >= 60000) << i;
}

}  // namespace
}  // namespace margrave
