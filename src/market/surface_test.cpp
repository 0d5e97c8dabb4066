#include "market/surface.h"

#include <gtest/gtest.h>

#include <cmath>

#include "market/svi.h"

namespace margrave {
namespace {

constexpr Timestamp start = Timestamp::from_seconds(1'700'000'000);
Timestamp in_days(std::int64_t days) { return Timestamp::from_seconds(1'700'000'000 + days * seconds_per_day); }

UnderlyingState two_smiles() {
  UnderlyingState state{.index = 100, .expiries = {}};
  const SviSlice near{.a = 0.002, .b = 0.05, .rho = -0.3, .m = 0, .sigma = 0.1};
  SviSlice far = near;
  far.a = 0.012;
  state.expiries.push_back({.expiry = in_days(10), .forward = 100, .smile = near});
  state.expiries.push_back({.expiry = in_days(20), .forward = 101});  // a future's expiry: no smile
  state.expiries.push_back({.expiry = in_days(30), .forward = 102, .smile = far});
  return state;
}

TEST(Surface, VarianceIsLinearInTimeBetweenSmiles) {
  const UnderlyingState state = two_smiles();
  const double near = *surface_variance(state, start, in_days(10), 0.1),
               far = *surface_variance(state, start, in_days(30), 0.1);
  EXPECT_EQ(near, total_variance(*state.expiries[0].smile, 0.1));
  EXPECT_NEAR(*surface_variance(state, start, in_days(20), 0.1), 0.5 * (near + far), 1e-15);
}

TEST(Surface, BeforeTheFirstSmileVolIsFlat) {
  const UnderlyingState state = two_smiles();
  EXPECT_NEAR(*surface_vol(state, start, in_days(1), 0.05), *surface_vol(state, start, in_days(10), 0.05), 1e-14);
}

TEST(Surface, AfterTheLastSmileForwardVarianceIsFlat) {
  const UnderlyingState state = two_smiles();
  const double near = *surface_variance(state, start, in_days(10), 0),
               far = *surface_variance(state, start, in_days(30), 0);
  EXPECT_NEAR(*surface_variance(state, start, in_days(50), 0), far + (far - near), 1e-14);
}

TEST(Surface, NoSmileOrNoTimeGivesNone) {
  EXPECT_FALSE(surface_vol(UnderlyingState{}, start, in_days(1), 0).has_value());
  EXPECT_FALSE(surface_vol(two_smiles(), start, start, 0).has_value());
}

Market one_option(double mark_vol, VolSource prefer) {
  Market market;
  const AssetId coin = *market.registry.list(Asset{.name = "BTC"});
  const UnderlyingId underlying = *market.registry.list(Underlying{.name = "BTC", .coin = coin});
  EXPECT_TRUE(market.registry.list(Instrument{.name = "O",
                                              .kind = Kind::option,
                                              .style = Style::inverse,
                                              .underlying = underlying,
                                              .settlement = coin,
                                              .expiry = in_days(10),
                                              .strike = {100, 0}}));
  market.state = {.as_of = start,
                  .prefer = prefer,
                  .asset_usd = {100},
                  .underlyings = {two_smiles()},
                  .instruments = {{.vol = mark_vol}},
                  .findings = {}};
  return market;
}

TEST(VolOf, PreferenceDecidesAndEachFallsBackOnTheOther) {
  const double smile = std::sqrt(total_variance(*two_smiles().expiries[0].smile, 0) / (10.0 / 365));
  EXPECT_EQ(*vol_of(one_option(0.7, VolSource::mark), InstrumentId{0}), 0.7);
  EXPECT_NEAR(*vol_of(one_option(0.7, VolSource::surface), InstrumentId{0}), smile, 1e-14);
  EXPECT_NEAR(*vol_of(one_option(absent, VolSource::mark), InstrumentId{0}), smile, 1e-14);
  Market bare = one_option(0.7, VolSource::surface);
  for (ExpiryState& expiry : bare.state.underlyings[0].expiries) expiry.smile.reset();
  EXPECT_EQ(*vol_of(bare, InstrumentId{0}), 0.7);
  bare.state.instruments[0].vol = absent;
  EXPECT_FALSE(vol_of(bare, InstrumentId{0}).has_value());
}

}  // namespace
}  // namespace margrave
