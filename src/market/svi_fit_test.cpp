#include "market/svi_fit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace margrave {
namespace {

/// Quotes of a slice at the strikes k, half a vol point on each side.
SmileInput quotes_of(const SviSlice& slice, double years, double first, double last, int count) {
  SmileInput input{.years = years, .quotes = {}};
  for (int i = 0; i < count; ++i) {
    const double k = first + (last - first) * i / (count - 1);
    const double vol = std::sqrt(total_variance(slice, k) / years);
    input.quotes.push_back({.k = k, .bid_vol = vol - 0.005, .ask_vol = vol + 0.005, .mark_vol = vol});
  }
  return input;
}

void expect_free_of_arbitrage(const std::vector<SmileFit>& fits) {
  for (std::size_t i = 0; i < fits.size(); ++i) {
    EXPECT_GE(min_butterfly(fits[i].slice), 0) << "expiry " << i;
    EXPECT_TRUE(within_lee_bound(fits[i].slice)) << "expiry " << i;
    if (i == 0) continue;
    EXPECT_GE(calendar_margin(fits[i - 1].slice, fits[i].slice), 0) << "expiry " << i;
  }
}

TEST(SviFit, RecoversASliceFromItsOwnQuotes) {
  const SviSlice truth{.a = 0.01, .b = 0.15, .rho = -0.35, .m = 0.03, .sigma = 0.22};
  const std::vector<SmileInput> inputs{quotes_of(truth, 0.25, -0.7, 0.7, 41)};
  const std::vector<SmileFit> fits = fit_smiles(inputs);
  ASSERT_EQ(fits.size(), 1u);
  EXPECT_LT(fits[0].rms, 1e-4);
  EXPECT_EQ(fits[0].quoted, 41);
  EXPECT_EQ(fits[0].source, SmileSource::quotes);
  expect_free_of_arbitrage(fits);
}

TEST(SviFit, SmileWithAButterflyArbitrageIsFittedWithoutOne) {
  const SviSlice vogt{.a = -0.041, .b = 0.1331, .rho = 0.306, .m = 0.3586, .sigma = 0.4153};
  const std::vector<SmileInput> inputs{quotes_of(vogt, 1, -1.4, 1.4, 57)};
  const std::vector<SmileFit> fits = fit_smiles(inputs);
  expect_free_of_arbitrage(fits);
  // Gatheral and Jacquier (2014), figure 3: the optimised repair stays within about a vol point of the quotes.
  EXPECT_LT(fits[0].rms, 0.01);
}

TEST(SviFit, QuotesWithACalendarArbitrageAreFittedWithoutOne) {
  const SviSlice high{.a = 0.02, .b = 0.1, .rho = -0.3, .m = 0, .sigma = 0.2};
  const std::vector<SmileInput> inputs{quotes_of(high, 0.1, -0.4, 0.4, 21), quotes_of(high, 0.2, -0.4, 0.4, 21)};
  std::vector<SmileInput> crossed = inputs;
  for (SmileQuote& quote : crossed[1].quotes) {  // the later expiry's variance is cut by a third
    quote.bid_vol *= 0.8;
    quote.ask_vol *= 0.8;
    quote.mark_vol *= 0.8;
  }
  expect_free_of_arbitrage(fit_smiles(inputs));
  expect_free_of_arbitrage(fit_smiles(crossed));
}

TEST(SviFit, ExpiryWithoutVolsBorrowsAndSaysSo) {
  const SviSlice slice{.a = 0.01, .b = 0.15, .rho = -0.35, .m = 0.03, .sigma = 0.22};
  std::vector<SmileInput> inputs{quotes_of(slice, 0.1, -0.4, 0.4, 21), {.years = 0.2, .quotes = {{.k = 0.1}}}};
  const std::vector<SmileFit> fits = fit_smiles(inputs);
  ASSERT_EQ(fits.size(), 2u);
  EXPECT_EQ(fits[1].source, SmileSource::borrowed);
  EXPECT_TRUE(fits[1].last_resort);
  EXPECT_FALSE(fits[0].last_resort);
  EXPECT_TRUE(std::isnan(fits[1].rms));
  expect_free_of_arbitrage(fits);
}

TEST(SviFit, NothingUsableGivesNoFits) {
  const std::vector<SmileInput> inputs{{.years = 0.1, .quotes = {}}, {.years = 0.2, .quotes = {{.k = 0.1}}}};
  EXPECT_TRUE(fit_smiles(inputs).empty());
}

TEST(SviFit, OneStrikeOneSecondBeforeExpiryIsEnough) {
  const std::vector<SmileInput> inputs{
      {.years = 1.0 / (365 * 86400), .quotes = {{.k = 0.0, .bid_vol = 0.4, .ask_vol = 0.6, .mark_vol = 0.5}}}};
  const std::vector<SmileFit> fits = fit_smiles(inputs);
  ASSERT_EQ(fits.size(), 1u);
  EXPECT_LT(fits[0].max_error, 0.01);
  expect_free_of_arbitrage(fits);
}

TEST(SviFit, MarkOutsideTheQuotesIsMovedInside) {
  EXPECT_EQ(target_vol({.bid_vol = 0.5, .ask_vol = 0.6, .mark_vol = 0.7}), 0.6);
  EXPECT_EQ(target_vol({.bid_vol = 0.5, .ask_vol = 0.6, .mark_vol = 0.4}), 0.5);
  EXPECT_EQ(target_vol({.bid_vol = 0.5, .ask_vol = 0.6, .mark_vol = 0.55}), 0.55);
  EXPECT_EQ(target_vol({.bid_vol = 0.5, .ask_vol = 0.75}), 0.625);
  EXPECT_EQ(target_vol({.ask_vol = 0.75}), 0.75);
  EXPECT_TRUE(std::isnan(target_vol({})));
}

TEST(SviFit, SameQuotesGiveTheSameBits) {
  const SviSlice slice{.a = 0.01, .b = 0.15, .rho = -0.35, .m = 0.03, .sigma = 0.22};
  const std::vector<SmileInput> inputs{quotes_of(slice, 0.1, -0.4, 0.4, 21), quotes_of(slice, 0.3, -0.4, 0.4, 21)};
  const std::vector<SmileFit> once = fit_smiles(inputs), again = fit_smiles(inputs);
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].slice.a, again[i].slice.a);
    EXPECT_EQ(once[i].slice.sigma, again[i].slice.sigma);
  }
}

// Whatever the quotes are, even nonsense, the surface has no arbitrage on the grid.
RC_GTEST_PROP(SviFit, AnyQuotesGiveASurfaceWithoutArbitrage, ()) {
  std::vector<SmileInput> inputs;
  double years = 0;
  const int expiries = *rc::gen::inRange(1, 6);
  for (int e = 0; e < expiries; ++e) {
    years += *rc::gen::inRange(1, 2000) * 1e-4;
    SmileInput input{.years = years, .quotes = {}};
    const int strikes = *rc::gen::inRange(0, 12);
    for (int i = 0; i < strikes; ++i) {
      const double vol = *rc::gen::inRange(5, 300) * 0.01;
      const double half = *rc::gen::inRange(0, 20) * 0.005;
      input.quotes.push_back(
          {.k = *rc::gen::inRange(-150, 151) * 0.01, .bid_vol = vol - half, .ask_vol = vol + half, .mark_vol = vol});
    }
    inputs.push_back(input);
  }
  const std::vector<SmileFit> fits = fit_smiles(inputs);
  for (std::size_t i = 0; i < fits.size(); ++i) {
    RC_ASSERT(min_butterfly(fits[i].slice) >= 0);
    RC_ASSERT(within_lee_bound(fits[i].slice));
    if (i > 0) RC_ASSERT(calendar_margin(fits[i - 1].slice, fits[i].slice) >= 0);
  }
}

}  // namespace
}  // namespace margrave
