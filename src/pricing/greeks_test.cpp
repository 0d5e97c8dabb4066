#include "pricing/greeks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "base/random.h"
#include "many_digits.h"

namespace margrave {
namespace {

using many_digits::Real;

struct Point {
  Real forward, strike, expiry, vol, rate;
  bool is_call;
};

Real value(const Point& p) {
  return exp(Real(-p.rate * p.expiry)) * many_digits::price(p.forward, p.strike, p.expiry, p.vol, p.is_call);
}

/// Central difference in 34 digits: the error is of order step^2, here 1e-18.
template <class Function>
Real slope(const Point& at, Real Point::*field, const Function& function) {
  const Real step = at.*field * Real(1e-9);
  Point up = at, down = at;
  up.*field += step;
  down.*field -= step;
  return (function(up) - function(down)) / (2 * step);
}

Real delta(const Point& p) { return slope(p, &Point::forward, value); }
Real vega(const Point& p) { return slope(p, &Point::vol, value); }

/// Relative difference, with a floor for values that are differences of two terms and may cancel.
void expect_close(double ours, const Real& exact, const Real& size, const char* name) {
  const Real error = abs(Real(ours - exact)) / (abs(exact) + size * Real(1e-3));
  EXPECT_LE(static_cast<double>(error), 1e-10) << name << " ours " << ours << " exact " << static_cast<double>(exact);
}

TEST(Greeks, MatchFiniteDifferencesIn34Digits) {
  Random random{.seed = 11, .stream = 1};
  for (int i = 0; i < 60; ++i) {
    const double strike = 60000 * std::exp(random.uniform() - 0.5), expiry = 0.01 + random.uniform(),
                 vol = 0.2 + random.uniform(), rate = 0.2 * random.uniform() - 0.05;
    const bool is_call = i % 2 == 0;
    const Point at{60000, strike, expiry, vol, rate, is_call};
    const Greeks g =
        black76_greeks({.forward = 60000, .strike = strike, .expiry = expiry, .vol = vol, .is_call = is_call}, rate);
    const Real price = value(at);
    expect_close(g.price, price, price, "price");
    expect_close(g.delta, delta(at), 1, "delta");
    expect_close(g.gamma, slope(at, &Point::forward, delta), Real(g.gamma), "gamma");
    expect_close(g.vega, vega(at), Real(g.vega), "vega");
    expect_close(g.theta, Real(-slope(at, &Point::expiry, value)), Real(g.vega), "theta");
    expect_close(g.rho, slope(at, &Point::rate, value), price, "rho");
    expect_close(g.vanna, slope(at, &Point::vol, delta), 1, "vanna");
    expect_close(g.volga, slope(at, &Point::vol, vega), Real(g.vega), "volga");
    expect_close(g.charm, Real(-slope(at, &Point::expiry, delta)), 1, "charm");
  }
}

TEST(Greeks, UnitsAreThoseOfTheReports) {
  const Greeks g =
      black76_greeks({.forward = 60000, .strike = 60000, .expiry = 0.25, .vol = 0.5, .is_call = true}, 0.0);
  EXPECT_DOUBLE_EQ(g.vega_usd_per_point() * 100, g.vega);
  EXPECT_DOUBLE_EQ(g.theta_per_day() * 365, g.theta);
  // One more point of vol is worth about one vega per point, one day less about one theta per day.
  const double more = black76_accurate({60000, 60000, 0.25, 0.51, true}),
               later = black76_accurate({60000, 60000, 0.25 - 1.0 / 365, 0.5, true});
  EXPECT_NEAR(more - g.price, g.vega_usd_per_point(), 0.01 * g.vega_usd_per_point());
  EXPECT_NEAR(later - g.price, g.theta_per_day(), 0.01 * std::fabs(g.theta_per_day()));
}

Real coin_value(const Point& p) { return value(p) / p.forward; }
Real coin_delta(const Point& p) { return slope(p, &Point::forward, coin_value); }

TEST(InverseGreeks, AreTheDerivativesOfTheCoinValue) {
  Random random{.seed = 11, .stream = 2};
  for (int i = 0; i < 30; ++i) {
    const double strike = 60000 * std::exp(0.6 * (random.uniform() - 0.5)), expiry = 0.05 + random.uniform(),
                 vol = 0.3 + random.uniform();
    const Point at{60000, strike, expiry, vol, Real(1e-30), i % 2 == 0};
    const Greeks linear =
        black76_greeks({.forward = 60000, .strike = strike, .expiry = expiry, .vol = vol, .is_call = i % 2 == 0}, 0.0);
    const InverseGreeks g = inverse_greeks(linear, 60000);
    const Real per_quote = Real(1) / 60000;
    expect_close(g.price, coin_value(at), 1, "price");
    expect_close(g.delta, coin_delta(at), per_quote, "delta");
    expect_close(g.gamma, slope(at, &Point::forward, coin_delta), per_quote * per_quote, "gamma");
    expect_close(g.vega, slope(at, &Point::vol, coin_value), 1, "vega");
    expect_close(g.theta, Real(-slope(at, &Point::expiry, coin_value)), 1, "theta");
    expect_close(g.vanna, slope(at, &Point::vol, coin_delta), per_quote, "vanna");
    expect_close(g.charm, Real(-slope(at, &Point::expiry, coin_delta)), per_quote, "charm");
    // Hedging V coins of value with the forward needs dV_quote/dF less the coin already held.
    expect_close(g.net_delta, Real(Real(60000) * coin_delta(at)), 1, "net delta");
  }
}

TEST(Greeks, WithoutVolOrTimeAreThoseOfIntrinsicValue) {
  for (const double strike : {50000.0, 70000.0}) {
    for (const auto& [expiry, vol] : {std::pair{0.0, 0.5}, std::pair{0.5, 0.0}}) {
      for (const bool is_call : {true, false}) {
        const Greeks g =
            black76_greeks({.forward = 60000, .strike = strike, .expiry = expiry, .vol = vol, .is_call = is_call}, 0.0);
        const double sign = is_call ? 1 : -1, inside = sign * (60000 - strike) > 0 ? 1.0 : 0.0;
        EXPECT_EQ(g.price, inside * std::fabs(60000 - strike));
        EXPECT_EQ(g.delta, sign * inside);
        for (const double zero : {g.gamma, g.vega, g.theta, g.vanna, g.volga, g.charm}) EXPECT_EQ(zero, 0.0);
      }
    }
  }
  EXPECT_EQ(black76_greeks({.forward = 60000, .strike = 60000, .expiry = 0.0, .vol = 0.5, .is_call = true}, 0.0).delta,
            0.5);
}

TEST(Greeks, EveryInstructionSetGivesTheSameBitsAsTheScalarForm) {
  constexpr std::size_t n = 1003;
  std::vector<double> strikes(n), vols(n), columns(9 * n);
  Random random{.seed = 11, .stream = 3};
  for (std::size_t i = 0; i < n; ++i) {
    strikes[i] = 60000 * std::exp(4 * (random.uniform() - 0.5));
    vols[i] = i % 13 == 0 ? 0.0 : std::exp(std::log(1e-6) + random.uniform() * std::log(1e8));
  }
  const auto column = [&](std::size_t i) { return std::span<double>(columns).subspan(i * n, n); };
  for (const Isa isa : supported_isas()) {
    black76_put_greeks(
        isa, {.forward = 60000, .expiry = 0.21, .strikes = strikes, .vols = vols}, 0.04,
        {column(0), column(1), column(2), column(3), column(4), column(5), column(6), column(7), column(8)});
    for (std::size_t i = 0; i < n; ++i) {
      const Greeks one = black76_greeks(
          {.forward = 60000, .strike = strikes[i], .expiry = 0.21, .vol = vols[i], .is_call = false}, 0.04);
      const double expected[9] = {one.price, one.delta, one.gamma, one.vega, one.theta,
                                  one.rho,   one.vanna, one.volga, one.charm};
      for (std::size_t c = 0; c < 9; ++c)
        ASSERT_EQ(std::memcmp(&expected[c], &columns[c * n + i], sizeof(double)), 0) << i << " " << c;
    }
  }
}

}  // namespace
}  // namespace margrave
