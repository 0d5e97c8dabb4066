#include "market/quote_vol.h"

#include <gtest/gtest.h>

#include <cmath>

namespace margrave {
namespace {

Instrument option_on(Style style, bool call, std::int64_t strike) {
  Instrument terms;
  terms.kind = Kind::option;
  terms.style = style;
  terms.is_call = call;
  terms.strike = {strike, 0};
  return terms;
}

// Haug, Option Pricing Formulas (1998), p. 2-8: F = K = 19, T = 0.75, vol 28 %, r = 10 %: 1.7011.
TEST(QuoteVol, LinearPriceIsDiscounted) {
  const Instrument terms = option_on(Style::linear, true, 19);
  const PricedOption option{.terms = &terms, .forward = 19, .years = 0.75, .rate = 0.10};
  EXPECT_NEAR(price_of_vol(option, 0.28), 1.7011, 5e-5);
  EXPECT_NEAR(vol_of_price(option, 1.7011), 0.28, 1e-5);
}

TEST(QuoteVol, InversePremiumIsTheUndiscountedPriceOverTheForward) {
  for (const bool call : {false, true}) {
    const Instrument inverse = option_on(Style::inverse, call, 90'000), linear = option_on(Style::linear, call, 90'000);
    const PricedOption in_coin{.terms = &inverse, .forward = 80'000, .years = 0.2, .rate = 0.1};
    const PricedOption in_usd{.terms = &linear, .forward = 80'000, .years = 0.2, .rate = 0};
    EXPECT_NEAR(price_of_vol(in_coin, 0.6) * 80'000, price_of_vol(in_usd, 0.6), 1e-9);
    EXPECT_NEAR(vol_of_price(in_coin, price_of_vol(in_coin, 0.6)), 0.6, 1e-12);
  }
}

TEST(QuoteVol, PriceThatNoVolGivesIsAbsent) {
  const Instrument call = option_on(Style::inverse, true, 50'000), put = option_on(Style::inverse, false, 50'000);
  const PricedOption in{.terms = &call, .forward = 80'000, .years = 0.1};
  EXPECT_TRUE(std::isnan(vol_of_price(in, 0.375)));  // intrinsic value
  EXPECT_TRUE(std::isnan(vol_of_price(in, 0.3)));
  EXPECT_TRUE(std::isnan(vol_of_price(in, 1.0)));
  EXPECT_TRUE(std::isnan(vol_of_price({.terms = &put, .forward = 80'000, .years = 0.1}, 0.625)));
  EXPECT_TRUE(std::isnan(vol_of_price({.terms = &put, .forward = 80'000, .years = 0.1}, 0)));
  EXPECT_TRUE(std::isnan(vol_of_price({.terms = &put, .forward = 1e300, .years = 0.1}, 0.1)));
}

}  // namespace
}  // namespace margrave
