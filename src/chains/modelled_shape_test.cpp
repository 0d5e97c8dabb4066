#include "chains/modelled_shape.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "market/quote_vol.h"

namespace margrave {
namespace {

const Timestamp noon = Timestamp::from_civil(2026, 3, 1, 12);

/// Options of 1 to 300 days whose marks are level times exp(ratio(z, days)), for z from -reach to reach.
Chain chain_of(double level, double reach, const std::function<double(double, double)>& ratio) {
  Chain chain{.source = "made", .time = noon, .quotes = {}};
  for (const int days : {1, 2, 5, 12, 29, 31, 80, 150, 300}) {
    for (int i = -40; i <= 40; ++i) {
      const double z = reach * i / 40, years = days / 365.0, forward = 50'000;
      for (const bool is_call : {false, true}) {
        ChainQuote quote{.mark_vol = level * std::exp(ratio(z, days)), .underlying_price = forward};
        quote.instrument.underlying = "BTC";
        quote.instrument.terms.kind = Kind::option;
        quote.instrument.terms.is_call = is_call;
        quote.instrument.terms.expiry = Timestamp::from_ms(noon.ns / 1'000'000 + days * 86'400'000LL);
        quote.instrument.terms.strike =
            Decimal{std::llround(100 * forward * std::exp(z * level * std::sqrt(years))), 2};
        chain.quotes.push_back(quote);
      }
    }
  }
  return chain;
}
SmileShape shape_of(const std::function<double(double, double)>& ratio) {
  MeanShape mean("BTC");
  mean.add(chain_of(0.5, 6.2, ratio));
  return mean.mean().value();
}
double skewed(double z, double) { return 0.015 * z * z - 0.04 * z; }

TEST(MeanShape, IsTheLogOfVolOverLevelByMoneynessAndDays) {
  const SmileShape shape = shape_of([](double z, double days) { return skewed(z, days) + 0.02 * std::log(days / 30); });
  for (std::size_t r = 0; r < SmileShape::days.size() - 1; ++r) {
    for (std::size_t c = 0; c < SmileShape::columns; ++c) {
      const double z = SmileShape::z_of(c);
      EXPECT_NEAR(shape.log_ratio[r][c], skewed(z, 0) + 0.02 * std::log(SmileShape::days[r] / 30), 1e-3)
          << r << " " << c;
    }
  }
  // Between nodes linear in z and in the logarithm of the days, beyond them flat.
  EXPECT_NEAR(shape.at(0.25, 30 / 365.0), 0.5 * (shape.log_ratio[5][12] + shape.log_ratio[5][13]), 1e-12);
  EXPECT_NEAR(shape.at(0, std::sqrt(30.0 * 60.0) / 365), 0.5 * (shape.log_ratio[5][12] + shape.log_ratio[6][12]),
              1e-12);
  EXPECT_EQ(shape.at(9, 0.001), shape.log_ratio[0][24]);
  EXPECT_EQ(shape.at(-9, 5), shape.log_ratio[9][0]);
}

TEST(MeanShape, CountsEveryChainAlikeWhateverItsLevel) {
  MeanShape mean("BTC");
  mean.add(chain_of(0.4, 6.2, [](double z, double) { return 0.02 * z * z; }));
  mean.add(chain_of(0.9, 6.2, [](double z, double) { return 0.06 * z * z; }));
  EXPECT_EQ(mean.chains(), 2u);
  EXPECT_EQ(mean.first(), noon);
  const SmileShape shape = mean.mean().value();
  EXPECT_NEAR(shape.at(-2, 30 / 365.0), 0.16, 1e-3);
  EXPECT_NEAR(shape.at(0, 30 / 365.0), 0.0, 1e-12);
}

TEST(MeanShape, TakesTheNeighbourTowardsTheMoneyWhereNothingIsListed) {
  MeanShape mean("BTC");
  mean.add(chain_of(0.5, 2.2, skewed));
  const SmileShape shape = mean.mean().value();
  EXPECT_NEAR(shape.log_ratio[5][8], skewed(-2, 0), 1e-3);
  EXPECT_EQ(shape.log_ratio[5][0], shape.log_ratio[5][8]);
  EXPECT_EQ(shape.log_ratio[5][24], shape.log_ratio[5][16]);
}

TEST(MeanShape, IsAnErrorWithoutASmile) {
  MeanShape mean("ETH");
  mean.add(chain_of(0.5, 6.2, skewed));
  EXPECT_EQ(mean.chains(), 0u);
  ASSERT_FALSE(mean.mean().has_value());
  EXPECT_NE(to_string(mean.mean().error()).find("--chains"), std::string::npos);
}

/// The root of the variance of 30 days by the sum over options that a vol index is: 2 / T sum dK / K^2 price.
double index_of(const SmileShape& shape, double level) {
  const double years = 30 / 365.0, forward = 100;
  double sum = 0;
  for (int i = -6000; i <= 6000; ++i) {
    const double k = i / 2000.0, strike = forward * std::exp(k), width = strike / 2000;
    Instrument terms;
    terms.kind = Kind::option;
    terms.style = Style::linear;
    terms.is_call = k >= 0;
    terms.strike = Decimal{std::llround(strike * 1e6), 6};
    const double vol = level * std::exp(shape.at(k / (level * std::sqrt(years)), years));
    sum += width / (strike * strike) * price_of_vol({.terms = &terms, .forward = forward, .years = years}, vol);
  }
  return std::sqrt(2 * sum / years);
}

TEST(LevelOfIndex, GivesASmileWhoseVarianceIsTheIndexSquared) {
  EXPECT_NEAR(level_of_index(shape_of([](double, double) { return 0.0; }), 0.6), 0.6, 1e-9);
  const SmileShape shape = shape_of(skewed);
  for (const double index : {0.35, 0.6, 1.2}) {
    const double level = level_of_index(shape, index);
    EXPECT_LT(level, index);  // the wings are dearer than the money
    EXPECT_NEAR(index_of(shape, level), index, 0.005 * index);
  }
}

}  // namespace
}  // namespace margrave
