#include <gtest/gtest.h>

#include "product/cost_leg.h"

namespace margrave {
namespace {

Decimal dec(const char* text) { return *Decimal::parse(text); }

struct Venue {
  Registry registry;
  AssetId usdc = *registry.list(Asset{"USDC", 6});
  AssetId btc = *registry.list(Asset{"BTC", 8});
  UnderlyingId on_btc = *registry.list(Underlying{"BTC", btc});
  InstrumentId linear = *registry.list(Instrument{.name = "BTC_USDC-PERPETUAL",
                                                  .kind = Kind::perpetual,
                                                  .underlying = on_btc,
                                                  .settlement = usdc,
                                                  .lot = dec("0.0001")});
  InstrumentId inverse = *registry.list(Instrument{.name = "BTC-PERPETUAL",
                                                   .kind = Kind::perpetual,
                                                   .style = Style::inverse,
                                                   .underlying = on_btc,
                                                   .settlement = btc,
                                                   .tick = dec("0.5"),
                                                   .lot = dec("10")});
};

TEST(Instrument, ASizeIsWholeLotsOrAnErrorThatNamesTheLot) {
  const Venue venue;
  EXPECT_EQ(to_lots(venue.registry[venue.linear], dec("-1.2345"))->raw, -12345);
  EXPECT_EQ(to_lots(venue.registry[venue.inverse], dec("1e3"))->raw, 100);
  const auto bad = to_lots(venue.registry[venue.inverse], dec("1005"));
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "size 1005 is not a multiple of the lot 10");
  EXPECT_EQ(to_lots(venue.registry[venue.linear], dec("1e20")).error().kind, ErrorKind::overflow);
  EXPECT_EQ(*to_size(venue.registry[venue.linear], Lots{-12345}), dec("-1.2345"));
}

TEST(Instrument, APriceIsWholeTicks) {
  const Venue venue;
  EXPECT_EQ(to_ticks(venue.registry[venue.inverse], dec("60000.5"))->raw, 120001);
  EXPECT_FALSE(to_ticks(venue.registry[venue.inverse], dec("60000.3")));
}

// A coin at 0.00000003 and one at 100,000 live in one venue: no global scale.
TEST(Instrument, TinyAndHugePricesAreBothExact) {
  const Instrument tiny{.name = "T", .tick = dec("0.00000001"), .lot = dec("1000")};
  EXPECT_EQ(to_ticks(tiny, dec("0.00000003"))->raw, 3);
  EXPECT_EQ(to_lots(tiny, dec("9000000000000000"))->raw, 9000000000000);
}

TEST(CostLeg, LinearPaysSizeTimesEntryInTheSettlementAsset) {
  const Venue venue;
  // 0.5 coins at 60,000.12 cost 30,000.06 USDC, to the last of six decimals.
  EXPECT_TRUE(*cost_leg(venue.registry, venue.linear, Lots{5000}, dec("60000.12")) == -30000060000);
  EXPECT_TRUE(*cost_leg(venue.registry, venue.linear, Lots{-5000}, dec("60000.12")) == 30000060000);
}

TEST(CostLeg, InverseIsCoinAtEntryAndRoundsAgainstTheAccount) {
  const Venue venue;
  // 100 USD at 60,000 is 0.001666... BTC: a long is given 166,666 satoshi, a short owes 166,667.
  EXPECT_TRUE(*cost_leg(venue.registry, venue.inverse, Lots{10}, dec("60000")) == 166666);
  EXPECT_TRUE(*cost_leg(venue.registry, venue.inverse, Lots{-10}, dec("60000")) == -166667);
}

TEST(CostLeg, OverflowIsAnErrorAndNeverWraps) {
  const Venue venue;
  const auto leg = cost_leg(venue.registry, venue.linear, Lots{9223372036854775807}, dec("9999999999999999999999"));
  ASSERT_FALSE(leg);
  EXPECT_EQ(leg.error().kind, ErrorKind::overflow);
}

TEST(Registry, RefusesWhatCannotBeListedAndSaysWhy) {
  Venue venue;
  EXPECT_FALSE(venue.registry.list(Asset{"USDC", 6}));
  EXPECT_FALSE(venue.registry.list(Asset{"WEI", 19}));
  EXPECT_FALSE(venue.registry.list(Asset{"has space", 6}));
  Instrument option{.name = "X", .kind = Kind::option, .underlying = venue.on_btc, .settlement = venue.btc};
  EXPECT_EQ(venue.registry.list(option).error().field, "strike");
  option.strike = dec("60000");
  EXPECT_EQ(venue.registry.list(option).error().field, "expiry");
  Instrument wrong{.name = "Y",
                   .kind = Kind::perpetual,
                   .style = Style::inverse,
                   .underlying = venue.on_btc,
                   .settlement = venue.usdc};
  EXPECT_EQ(venue.registry.list(wrong).error().field, "settlement");
  wrong = Instrument{
      .name = "Z", .kind = Kind::perpetual, .underlying = venue.on_btc, .settlement = venue.usdc, .lot = dec("0")};
  EXPECT_EQ(venue.registry.list(wrong).error().field, "lot");
}

TEST(Registry, AnAssetFollowsOneThatFollowsNone) {
  Venue venue;
  const AssetId staked = *venue.registry.list(Asset{.name = "STAKED", .follows = venue.btc});
  EXPECT_EQ(venue.registry[staked].follows, venue.btc);
  const auto chained = venue.registry.list(Asset{.name = "TWICE", .follows = staked});
  ASSERT_FALSE(chained);
  EXPECT_EQ(chained.error().field, "follows");
  EXPECT_FALSE(venue.registry.asset("TWICE"));
  EXPECT_FALSE(venue.registry.follow(venue.btc, venue.usdc)) << "STAKED would follow a follower";
  EXPECT_FALSE(venue.registry.follow(venue.usdc, venue.usdc));
  EXPECT_FALSE(venue.registry.follow(venue.usdc, staked));
  EXPECT_TRUE(venue.registry.follow(venue.usdc, venue.btc));
  EXPECT_EQ(venue.registry[venue.usdc].follows, venue.btc);
}

TEST(Registry, FindsTheNearestNameForAMisspeltOne) {
  const Venue venue;
  EXPECT_EQ(venue.registry.nearest_instrument("BTC-PERPETUALL"), "BTC-PERPETUAL");
  EXPECT_EQ(venue.registry.nearest_instrument("completely different"), "");
}

TEST(Registry, NearestNameNeverHasAnotherExpiry) {
  Venue venue;
  Instrument option{.name = "BTC-27MAR26-60000-C", .kind = Kind::option, .underlying = venue.on_btc};
  option.settlement = venue.usdc;
  option.expiry = Timestamp::from_civil(2026, 3, 27, 8);
  option.strike = dec("60000");
  ASSERT_TRUE(venue.registry.list(option));
  EXPECT_EQ(venue.registry.nearest_instrument("BTC-27MAR26-6000-C"), "BTC-27MAR26-60000-C");
  EXPECT_EQ(venue.registry.nearest_instrument("BTC-27FEB26-60000-C"), "");
  EXPECT_EQ(venue.registry.nearest_instrument("BTC-20MAR26-60000-C"), "");
}

}  // namespace
}  // namespace margrave
