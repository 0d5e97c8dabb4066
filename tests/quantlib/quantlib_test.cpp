#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/random.h"
#include "math/elementary.h"
#include "peers.h"
#include "pricing/black76.h"
#include "pricing/greeks.h"
#include "pricing/implied_vol.h"

namespace margrave {
namespace {

constexpr double forward = 60000;

struct Chain {
  std::vector<double> strikes, vols;
  explicit Chain(std::size_t n) {
    Random random{.seed = 23, .stream = 1};
    for (std::size_t i = 0; i < n; ++i) {
      strikes.push_back(forward * stable_exp(1.2 * (random.uniform() - 0.5)));
      vols.push_back(0.2 + 1.3 * random.uniform());
    }
  }
};

TEST(QuantLib, BlackFormulaAgreesWithTheBatch) {
  const Chain chain(3000);
  std::vector<double> ours(3000), theirs(3000), total(3000);
  for (const double expiry : {1.0 / 365, 0.1, 1.5}) {
    for (std::size_t i = 0; i < total.size(); ++i) total[i] = chain.vols[i] * std::sqrt(expiry);
    black76_calls({.forward = forward, .expiry = expiry, .strikes = chain.strikes, .vols = chain.vols}, ours);
    quantlib::black_calls(forward, chain.strikes.data(), total.data(), theirs.data(), theirs.size());
    // QuantLib's own error is a few units in the last place of the forward.
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], theirs[i], 2e-15 * forward) << chain.strikes[i];
  }
}

TEST(QuantLib, BlackCalculatorAgreesWithTheGreeks) {
  const Chain chain(500);
  for (std::size_t i = 0; i < chain.strikes.size(); ++i) {
    const double expiry = 0.02 + 0.002 * static_cast<double>(i), rate = 0.05;
    const bool is_call = i % 2 == 0;
    const Greeks ours = black76_greeks({forward, chain.strikes[i], expiry, chain.vols[i], is_call}, rate);
    const auto theirs =
        quantlib::greeks(is_call, forward, chain.strikes[i], expiry, chain.vols[i], stable_exp(-rate * expiry));
    EXPECT_NEAR(ours.price, theirs.price, 2e-15 * forward);
    EXPECT_NEAR(ours.delta, theirs.delta, 1e-14);
    EXPECT_NEAR(ours.gamma, theirs.gamma, 1e-12 * ours.gamma + 1e-20);
    EXPECT_NEAR(ours.vega, theirs.vega, 1e-12 * ours.vega + 1e-9);
  }
}

TEST(QuantLib, EngineOnABumpAgreesWithTheBatch) {
  std::vector<double> spots, theirs(50);
  for (int i = 0; i < 50; ++i) spots.push_back(40000 + 800.0 * i);
  quantlib::engine_bumps(forward, 30, 0.7, spots.data(), theirs.data(), spots.size());
  for (std::size_t i = 0; i < spots.size(); ++i) {
    EXPECT_NEAR(black76_accurate({spots[i], forward, 30.0 / 365, 0.7, true}), theirs[i], 1e-10 * forward);
  }
}

TEST(QuantLib, RationalSolverFindsTheSameVols) {
  const Chain chain(1000);
  std::vector<double> prices(1000), ours(1000), theirs(1000);
  black76_calls({.forward = forward, .expiry = 0.3, .strikes = chain.strikes, .vols = chain.vols}, prices);
  implied_call_vols({.forward = forward, .expiry = 0.3, .strikes = chain.strikes, .prices = prices}, ours);
  quantlib::implied_total_vols(forward, chain.strikes.data(), prices.data(), 1e-13, theirs.data(), theirs.size());
  int compared = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (std::isnan(theirs[i])) continue;
    const double s = ours[i] * std::sqrt(0.3),
                 vega = black76_greeks({forward, chain.strikes[i], 0.3, ours[i], true}, 0).vega;
    EXPECT_NEAR(s, theirs[i], 1e-11 * s + 4e-16 * forward / vega) << chain.strikes[i];
    ++compared;
  }
  EXPECT_GE(compared, 500);
}

}  // namespace
}  // namespace margrave
