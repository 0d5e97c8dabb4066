#include "chains/modelled_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chains/chains_fixture.h"
#include "chains/modelled_fixture.h"
#include "chains/option_book.h"
#include "scenario/vol_marks.h"

namespace margrave {
namespace {

TEST(IndexOfBars, IsTheLastCloseThatWasKnownAndNotStale) {
  Bars bars = draw_bars({.coin = "BTC", .hours = 10});
  EXPECT_FALSE(index_at(bars, hour_ms - 1).has_value());
  EXPECT_EQ(*index_at(bars, hour_ms), bars.close[0]);
  EXPECT_EQ(*index_at(bars, 5 * hour_ms - 1), bars.close[3]);
  EXPECT_EQ(*index_at(bars, 12 * hour_ms), bars.close[9]);
  EXPECT_FALSE(index_at(bars, 12 * hour_ms + 1).has_value());
}

TEST(ModelledChains, HaveTheLevelOfTheIndexAndTheShapeOfTheMean) {
  const std::vector<Bars> bars{made_bars(400)};
  ModelledChains chains = ModelledChains::of({made_coin(0.6)}, bars).value();
  const Timestamp at = Timestamp::from_ms(chains.first_ms());
  const Chain chain = chains.next(at).value();
  EXPECT_EQ(chain.time, at);
  // A flat shape has the vol of the index everywhere.
  for (const ChainQuote& quote : chain.quotes) EXPECT_NEAR(quote.mark_vol, 0.6, 1e-9);
  EXPECT_NEAR(month_level(chain, "BTC"), 0.6, 1e-9);

  ModelledCoin skewed = made_coin(0.6);
  for (auto& row : skewed.shape.log_ratio) {
    for (std::size_t c = 0; c < SmileShape::columns; ++c) row[c] = -0.05 * SmileShape::z_of(c);
  }
  ModelledChains others = ModelledChains::of({skewed}, bars).value();
  const double level = level_of_index(skewed.shape, 0.6);
  const Chain chain_of_skew = others.next(at).value();
  for (const ChainQuote& quote : chain_of_skew.quotes) {
    const double years = years_between(at, quote.instrument.terms.expiry);
    const double z = std::log(quote.instrument.terms.strike.to_double() / quote.index) / (level * std::sqrt(years));
    EXPECT_NEAR(quote.mark_vol, level * std::exp(-0.05 * std::clamp(z, -6.0, 6.0)), 1e-9);
    EXPECT_EQ(quote.underlying_price, quote.index);
    EXPECT_TRUE(std::isnan(quote.bid));
  }
}

TEST(ModelledChains, AreMarketsThatHaveAllStandardBooks) {
  const std::vector<Bars> bars{made_bars(400)};
  ModelledChains chains = ModelledChains::of({made_coin(0.6)}, bars).value();
  for (int step = 0; step < 40; ++step) {
    const Chain chain = chains.next(Timestamp::from_ms(chains.first_ms() + step * 8 * hour_ms)).value();
    const Result<ChainMarket> built = build_market(chain);
    ASSERT_TRUE(built.has_value()) << to_string(built.error());
    const Market& market = built->market;
    const auto books = place_option_books(standard_option_books({"BTC"}), market, 1e6);
    for (const auto& book : books) EXPECT_TRUE(book.has_value()) << step;
  }
}

TEST(ModelledChains, KeepAStrikeListedUntilItExpires) {
  std::vector<Bars> bars{made_bars(400)};
  const std::int64_t first = ModelledChains::of({made_coin(0.6)}, bars).value().first_ms();
  for (std::size_t i = 0; i < bars[0].t_ms.size(); ++i) {
    if (bars[0].t_ms[i] >= first) bars[0].close[i] *= 0.6;  // a crash right after the first chain
  }
  ModelledChains chains = ModelledChains::of({made_coin(0.6)}, bars).value();
  const Chain before = chains.next(Timestamp::from_ms(first)).value();
  const Chain after = chains.next(Timestamp::from_ms(first + 8 * hour_ms)).value();
  EXPECT_LT(after.quotes.front().index, 0.7 * before.quotes.front().index);
  std::set<std::string> names;
  for (const ChainQuote& quote : after.quotes) {
    EXPECT_TRUE(names.insert(quote.instrument.terms.name).second) << quote.instrument.terms.name;
    EXPECT_GT(quote.instrument.terms.expiry, after.time);
  }
  for (const ChainQuote& quote : before.quotes) {
    if (quote.instrument.terms.expiry <= after.time) continue;
    EXPECT_TRUE(names.contains(quote.instrument.terms.name)) << quote.instrument.terms.name;
  }
}

TEST(ModelledChains, AreNotMadeWithoutALevelOrAnIndex) {
  std::vector<Bars> bars{made_bars(400)};
  ModelledChains chains = ModelledChains::of({made_coin(0.6)}, bars).value();
  EXPECT_FALSE(chains.next(Timestamp::from_ms(chains.first_ms() - 8 * hour_ms)).has_value());
  EXPECT_FALSE(chains.next(Timestamp::from_ms(chains.end_ms() + 8 * hour_ms)).has_value());
  erase_bars(bars[0], 24 * 350, bars[0].t_ms.size());
  ModelledChains short_bars = ModelledChains::of({made_coin(0.6)}, bars).value();
  EXPECT_FALSE(short_bars.next(Timestamp::from_ms(chains.end_ms())).has_value());

  const auto none = ModelledChains::of({made_coin(0.6)}, {});
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(to_string(none.error()).find("--data: there are no bars of BTC"), std::string::npos);
}

}  // namespace
}  // namespace margrave
