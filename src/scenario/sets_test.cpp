#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "document/read.h"
#include "market/market_reader.h"
#include "math/elementary.h"
#include "scenario/explain.h"
#include "scenario/greeks.h"
#include "scenario/grid.h"
#include "scenario/historical.h"
#include "scenario/path.h"
#include "scenario/revalue.h"
#include "scenario/skew.h"

namespace margrave {
namespace {

/// Two coins, a staked ETH that follows ETH, and contracts that expire in a quarter of a year.
const std::string head = R"(as_of: 2026-03-01T08:00:00Z
peg: 0.98
assets:
  USDC: {}
  STETH: {usd: 2900, follows: ETH, confidence: 0.6}
  BTC: {confidence: 0.7}
  ETH: {}
underlyings:
  BTC:
    index: 60000
    expiries:
      - {expiry: 2026-05-31T14:00:00Z, forward: 61000, rate: -0.02, confidence: 0.8,
         svi: {a: 0.01, b: 0.1, rho: -0.3, m: 0, sigma: 0.2}}
  ETH: {index: 3000, confidence: 0.9, expiries: [{expiry: 2026-05-31T14:00:00Z, forward: 3050}]}
instruments:
)";
const std::string contracts = R"(
  - {name: PERP, kind: perpetual, underlying: BTC, settlement: USDC, funding_rate: -0.0003, confidence: 0.75}
  - {name: INVERSE, kind: perpetual, style: inverse, underlying: BTC, settlement: BTC, contract_size: 1000, lot: 1}
  - {name: ETHPERP, kind: perpetual, underlying: ETH, settlement: USDC}
  - {name: FUTURE, kind: future, underlying: BTC, settlement: USDC, mark: 61100, expiry: 2026-05-31T14:00:00Z,
     confidence: 0.95}
  - {name: C, kind: option, underlying: BTC, settlement: USDC, expiry: 2026-05-31T14:00:00Z, strike: 70000, type: call,
     vol: 0.6}
  - {name: P, kind: option, underlying: BTC, settlement: USDC, expiry: 2026-05-31T14:00:00Z, strike: 50000, type: put,
     vol: 0.7, confidence: 0.5}
  - {name: SLICE, kind: option, style: inverse, underlying: BTC, settlement: BTC, expiry: 2026-05-31T14:00:00Z,
     strike: 55000, type: put}
)";

Market market_from(const std::string& text) {
  const auto document = parse_document(text, "market.yaml");
  EXPECT_TRUE(document) << to_string(document.error());
  auto market = read_market(*document);
  EXPECT_TRUE(market) << to_string(market.error());
  return *market;
}
Market market() { return market_from(head + contracts); }

Result<std::vector<ScenarioSpec>> specs_of(const std::string& yaml) {
  const Document document = TRY(parse_document("s: {" + yaml + "}\n", "r.yaml", ErrorKind::config));
  return read_scenario_specs(Cursor(document));
}

Result<ScenarioSet> try_set(const Market& on, const std::string& yaml) {
  const std::vector<ScenarioSpec> specs = TRY(specs_of(yaml));
  if (const auto* skew = std::get_if<SkewSpec>(&specs[0].kind)) return skew_scenarios(specs[0], *skew, on);
  return grid_scenarios(specs[0], std::get<GridSpec>(specs[0].kind), on);
}

ScenarioSet set_of(const Market& on, const std::string& yaml) {
  const auto set = try_set(on, yaml);
  EXPECT_TRUE(set) << to_string(set.error());
  return *set;
}

std::string set_error(const std::string& yaml) {
  const auto set = try_set(market(), yaml);
  return set ? "" : to_string(set.error());
}

RiskArray array_of(const Market& on, const std::vector<ScenarioSet>& sets, RevalueOptions options = {}) {
  options.width = RowWidth::wide;
  auto revaluation = revalue(on, sets, options);
  EXPECT_TRUE(revaluation) << to_string(revaluation.error());
  return std::move(revaluation->array);
}

double value_of(const RiskArray& array, const char* row, std::uint32_t column) {
  const std::uint32_t at = *array.find_row(row);
  return std::ldexp(static_cast<double>(array.entry(at, column)), array.exponent(at));
}

double scalar_of(const RiskArray& array, const char* row, ScalarField field) {
  const auto value = array.scalar(*array.find_row(row), field);
  EXPECT_TRUE(value) << row << " " << scale_of(field).name;
  return value ? static_cast<double>(*value) / std::pow(10, scale_of(field).decimals) : absent;
}

const std::string four =
    "kind: skew, min_width: '0.01', width_scale: '4', width_static: '0.6', width_per_root_year: '0.1', "
    "scenarios: [{shape: linear, cap: '0.25', cap_per_root_year: '-0.1', weight: '0.5'}, "
    "{name: both sides, shape: absolute, cap: '0.25', cap_per_root_year: '-0.1'}, "
    "{shape: linear, cap: '-0.25'}, {shape: linear, cap: '30'}]";

/// The definition, step by step, with the C library.
double by_definition(double cap, double per_root, bool absolute, double strike, double forward, double years) {
  const double root = std::sqrt(years);
  const double width = std::fmax(0.01, root * 4 * (0.6 + 0.1 * root));
  const double c = cap + per_root * root;
  double k = std::log(strike / forward);
  if (absolute) k = std::fabs(k);
  const double z = k * c / width;
  return std::fmax(0, 1 + (k < 0 ? std::fmax(z, -c) : std::fmin(z, c)));
}

TEST(Skew, MovesTheVolOfEveryOptionByItsStrikeAndNothingElse) {
  const Market on = market();
  const ScenarioSet set = set_of(on, four);
  const RiskArray array = array_of(on, {set});
  EXPECT_EQ(array.scenario(1), "linear");
  EXPECT_EQ(array.scenario(2), "both sides");
  EXPECT_EQ(array.weight(1), *Ratio::parse("0.5"));
  for (const char* row : {"PERP", "INVERSE", "FUTURE", "asset:BTC", "asset:STETH", "asset:USDC"}) {
    for (std::uint32_t c = 1; c < array.columns(); ++c) EXPECT_EQ(value_of(array, row, c), value_of(array, row, 0));
  }
  const double years = years_between(on.state.as_of, Timestamp::from_civil(2026, 5, 31, 14));
  const double caps[][3] = {{0.25, -0.1, 0}, {0.25, -0.1, 1}, {-0.25, 0, 0}, {30, 0, 0}};
  for (const char* name : {"C", "P"}) {
    const InstrumentId id = *on.registry.instrument(name);
    const double strike = on.registry[id].strike.to_double();
    for (std::uint32_t s = 0; s < 4; ++s) {
      const double multiplier = by_definition(caps[s][0], caps[s][1], caps[s][2] != 0, strike, 61000, years);
      Market moved = on;
      moved.state.instruments[id.index()].vol *= multiplier;
      const double expected = value_of(array_of(moved, {set}), name, 0);
      EXPECT_NEAR(value_of(array, name, s + 1), expected, 1e-9 * expected + 1e-9) << name << " " << s;
      const ExplainedEntry told = explain_entry(on, {set}, array, id, s + 1);
      EXPECT_NEAR(told.then.vol, on.state.instruments[id.index()].vol * multiplier, 1e-14);
    }
  }
  EXPECT_EQ(value_of(array, "P", 4), 0) << "a vol of nothing: 1 + z is below 0";
}

TEST(Skew, MovesTheVolThatASliceHasAtTheStrike) {
  const Market on = market();
  const InstrumentId id = *on.registry.instrument("SLICE");
  const ScenarioSet set = set_of(on, four);
  const RiskArray array = array_of(on, {set});
  const ExplainedEntry told = explain_entry(on, {set}, array, id, 2);
  const double years = years_between(on.state.as_of, on.registry[id].expiry);
  EXPECT_NEAR(told.then.vol / told.now.vol, by_definition(0.25, -0.1, true, 55000, 61000, years), 1e-14);
  EXPECT_NEAR(told.counted, value_of(array, "SLICE", 2), 1e-9);
  EXPECT_GT(value_of(array, "SLICE", 2), value_of(array, "SLICE", 0));
}

TEST(Skew, IsClampedOnTheSideOfItsStrikeOnly) {
  const SkewWidth width{.least = 0.5};
  const SkewMove move{.shape = SkewMove::Shape::linear, .cap = 0.2, .cap_per_root_year = 0};
  EXPECT_DOUBLE_EQ(skew_multiplier(move, width, 0.25, 0.3), 1.1);
  EXPECT_DOUBLE_EQ(skew_multiplier(move, width, 5, 0.3), 1.2);
  EXPECT_DOUBLE_EQ(skew_multiplier(move, width, -5, 0.3), 0.8);
  // A negative cap: near the forward the clamp is what holds, far from it nothing does.
  const SkewMove negative{.shape = SkewMove::Shape::linear, .cap = -0.2, .cap_per_root_year = 0};
  EXPECT_DOUBLE_EQ(skew_multiplier(negative, width, 0.25, 0.3), 0.8);
  EXPECT_DOUBLE_EQ(skew_multiplier(negative, width, 1, 0.3), 0.6);
  EXPECT_DOUBLE_EQ(skew_multiplier(negative, width, -1, 0.3), 1.4);
}

TEST(Skew, EveryInstructionSetGivesOneDigestAlsoStraightFromTheSurface) {
  const Market on = market();
  const std::vector<ScenarioSet> sets{set_of(on, four), set_of(on, "kind: grid, spot: ['-0.1', '0.1']")};
  RevalueOptions options{};
  const auto first = revalue(on, sets, options);
  ASSERT_TRUE(first);
  for (const RowListing& row : first->array.plan().rows) options.listed.emplace_back(row.name, row.exponent);
  for (const Isa isa : supported_isas()) {
    options.isa = isa;
    EXPECT_EQ(revalue(on, sets, options)->array.digest(), first->array.digest()) << to_string(isa);
  }
}

TEST(Grid, WithoutSpotIsItsExtrasInOrder) {
  const ScenarioSet set =
      set_of(market(), "kind: grid, extra: [{name: crash, spot: '-0.5'}, {name: vol, spot: '0', vol: '0.3'}]");
  EXPECT_EQ(set.names, (std::vector<std::string>{"crash", "vol"}));
  EXPECT_EQ(set.spot_moves, 0u);
  EXPECT_EQ(*scenario_count(specs_of("kind: grid, extra: [{spot: '-0.5'}, {spot: '0.5'}]")->front()), 2u);
  EXPECT_NE(set_error("kind: grid").find("a grid needs spot, or extra scenarios"), std::string::npos);
  EXPECT_NE(set_error("kind: grid, extra: []").find("a grid needs spot"), std::string::npos);
  EXPECT_NE(set_error("kind: grid, vol: ['0.1'], extra: [{spot: '0'}]").find("s.vol: vol moves nothing"),
            std::string::npos);
}

TEST(Grid, AnUnderlyingOfSpotOfMovesByItsOwnList) {
  const Market on = market();
  const ScenarioSet set = set_of(on,
                                 "kind: grid, spot: ['-0.1', '0.1'], vol: ['0', '0.2'], spot_of: {ETH: ['-0.2', "
                                 "'0.3'], DOGE: ['-0.5', '0.5']}, extra: [{spot: '-0.3', spot_of: {ETH: '-0.6'}}, "
                                 "{spot: '0.5'}]");
  EXPECT_EQ(set.names, (std::vector<std::string>{"spot -10 %, vol 0 %", "spot -10 %, vol +20 %", "spot +10 %, vol 0 %",
                                                 "spot +10 %, vol +20 %", "spot -30 %, ETH -60 %, vol 0 %",
                                                 "spot +50 %, vol 0 %"}));
  EXPECT_EQ(set.price[2], (std::vector<double>{1 - 0.1, 1 - 0.1, 1.1, 1.1, 1 - 0.3, 1.5}));
  EXPECT_EQ(set.price[3], (std::vector<double>{1 - 0.2, 1 - 0.2, 1.3, 1.3, 1 - 0.6, 1.5}));
  EXPECT_EQ(set.price[1], set.price[3]) << "what follows ETH";
  EXPECT_TRUE(set.price[0].empty());
}

TEST(Grid, SpotOfIsRefusedWhereItCannotBeMeant) {
  EXPECT_NE(
      set_error("kind: grid, spot: ['0', '0.1'], spot_of: {ETH: ['0']}").find("ETH has 1 spot moves and spot has 2"),
      std::string::npos);
  EXPECT_NE(set_error("kind: grid, spot: ['0'], spot_of: {ETH: ['0'], ETH: ['0.1']}").find("'ETH' is there twice"),
            std::string::npos);
  EXPECT_NE(set_error("kind: grid, spot: ['0'], spot_of: {ETH: ['-1']}").find("leaves no price"), std::string::npos);
  EXPECT_NE(set_error("kind: grid, extra: [{spot: '0', spot_of: {ETH: '101'}}]").find("extra[0].spot_of.ETH"),
            std::string::npos);
  std::string two = head;
  two.insert(two.find("  ETH: {index"), "  WBTC: {coin: BTC}\n  STETH: {}\n");
  const Market on = market_from(two);
  const auto twice = try_set(on, "kind: grid, spot: ['0'], spot_of: {BTC: ['0.1'], WBTC: ['0.2']}");
  ASSERT_FALSE(twice);
  EXPECT_NE(to_string(twice.error()).find("the coin BTC of WBTC has moves already"), std::string::npos);
  const auto follower = try_set(on, "kind: grid, spot: ['0'], spot_of: {STETH: ['0.1']}");
  ASSERT_FALSE(follower);
  EXPECT_NE(to_string(follower.error()).find("its coin follows ETH"), std::string::npos);
}

// The fragment of docs/methods/scenarios.md.
TEST(VolCorners, MoveShortVolMoreThanLongVol) {
  const ScenarioSet set = set_of(
      market(),
      "kind: grid, vol_term: {reference_days: 30, power_short: '0.3', power_long: '0.13'}, extra: [{name: vol up, "
      "spot: 0, vol: '0.45'}, {name: vol down, spot: 0, vol: '-0.3'}, {name: crash with vol up, spot: '-0.3', vol: "
      "'0.9'}, {name: calm, spot: '0.02', vol: '-0.3'}]");
  EXPECT_EQ(set.names, (std::vector<std::string>{"vol up", "vol down", "crash with vol up", "calm"}));
  EXPECT_EQ(set.price[2], (std::vector<double>{1, 1, 1 - 0.3, 1 + 0.02}));
  EXPECT_EQ(set.vol_shock, (std::vector<double>{0.45, -0.3, 0.9, -0.3}));
  EXPECT_NEAR(vol_term_scale(set.vol_term, 7 * 86400), std::pow(30.0 / 7, 0.3), 1e-12);
  EXPECT_NEAR(vol_term_scale(set.vol_term, 180 * 86400), std::pow(30.0 / 180, 0.13), 1e-12);
  const RiskArray array = array_of(market(), {set});
  EXPECT_GT(value_of(array, "C", 1), value_of(array, "C", 0));
  EXPECT_LT(value_of(array, "C", 2), value_of(array, "C", 0));
}

TEST(SkewSpec, RefusesWhatIsWrongAndSaysWhatIsRight) {
  const std::string width = "kind: skew, min_width: '0.01', width_scale: '4', width_static: '0.6', ";
  EXPECT_NE(set_error(width + "scenarios: []").find("give at least one"), std::string::npos);
  EXPECT_NE(set_error(width + "scenarios: [{shape: cubic, cap: 1}]").find("use linear or absolute"), std::string::npos);
  EXPECT_NE(set_error(width + "scenarios: [{shape: linear}]").find("s.scenarios[0]"), std::string::npos);
  EXPECT_NE(set_error(width + "scenarios: [{shape: linear, cap: 101}]").find("outside -100 to 100"), std::string::npos);
  EXPECT_NE(set_error(width + "scenarios: [{shape: linear, cap: 1, weight: 11}]").find("0 to 10"), std::string::npos);
  EXPECT_NE(set_error("kind: skew, min_width: '0', width_scale: '4', width_static: '0.6', scenarios: [{shape: linear, "
                      "cap: 1}]")
                .find("s.min_width: 0 is outside"),
            std::string::npos);
  EXPECT_NE(set_error("kind: skew, spot: ['0']").find("spot"), std::string::npos);
}

Bars bars_of(const char* coin, double wave) {
  Bars bars;
  bars.coin = coin;
  bars.step_ms = 8 * 3600 * 1000;
  const std::int64_t first = Timestamp::from_civil(2026, 2, 1, 0).ns / 1'000'000;
  for (int i = 0; i < 80; ++i) {
    bars.t_ms.push_back(first + i * bars.step_ms);
    bars.close.push_back(100 * (1 + wave * ((i * i) % 7)));
  }
  return bars;
}

TEST(Historical, AFollowerHasTheReturnsAndTheCoverageOfWhatItFollows) {
  const Market on = market();
  const ScenarioSpec spec{.name = "h", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = {}};
  const HistoricalSpec history{.window_days = 5, .step_seconds = 8 * 3600, .least_share = Decimal{5, 1}};
  const auto set =
      historical_scenarios(spec, history, on, {bars_of("BTC", 0.01), bars_of("ETH", 0.02), bars_of("STETH", 0.05)});
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_EQ(set->price[1], set->price[3]);
  EXPECT_NE(set->price[1], set->price[2]);
  EXPECT_FALSE(set->uncovered[1]);
  const auto without = historical_scenarios(spec, history, on, {bars_of("BTC", 0.01), bars_of("STETH", 0.05)});
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->uncovered[1]) << "its own bars do not count";
  EXPECT_TRUE(without->price[1].empty());
}

TEST(Revalue, OnlyWhatIsNotFixedOfAForwardMoves) {
  std::string text = head + contracts;
  text.insert(text.find("rate: -0.02"), "fixed: 21000, ");
  const Market on = market_from(text);
  const ScenarioSet set = set_of(on, "kind: grid, spot: ['-0.5', '0', '0.2'], basis: ['0', '0.1']");
  const std::vector<ScenarioSet> sets{set};  // the path points into it
  const MarketPath path(on, sets, Isa::portable);
  const ExpiryPath moved = path.expiry(on, UnderlyingId{0}, on.state.underlyings[0].expiries[0]);
  const double years = years_between(on.state.as_of, Timestamp::from_civil(2026, 5, 31, 14));
  for (std::size_t c = 0; c < path.columns(); ++c) {
    const double x = c == 0 ? 1 : set.price[2][c - 1], growth = c == 0 ? 1 : std::exp(set.basis_shift[c - 1] * years);
    EXPECT_NEAR(moved.forward[c], 21000 + 40000 * x * growth, 1e-10);
    EXPECT_NEAR(moved.log_forward[c], std::log(moved.forward[c] / 61000), 1e-15);
  }
  EXPECT_EQ(moved.forward[0], 61000);
  EXPECT_EQ(moved.forward[3], 61000) << "to the bit where nothing moves";
  EXPECT_EQ(moved.log_forward[3], 0);
  const RiskArray array = array_of(on, {set});
  EXPECT_NEAR(value_of(array, "FUTURE", 1), 61100 * 41000.0 / 61000, 1e-9);
  EXPECT_NEAR(value_of(array, "PERP", 1), 30000, 1e-9) << "a perpetual has no settlement average";
}

TEST(Revalue, WhatExpiresInsideTheHorizonSettlesAtItsAverage) {
  std::string text = head + contracts;
  text.insert(text.find("rate: -0.02"), "fixed: 61000, ");
  const Market on = market_from(text);
  const ScenarioSet set = set_of(on, "kind: grid, spot: ['-0.5', '0.2'], horizon: 200d, value_at: horizon");
  const RiskArray array = array_of(on, {set});
  for (const std::uint32_t column : {1u, 2u}) {
    EXPECT_NEAR(value_of(array, "FUTURE", column), 61000, 1e-9);
    EXPECT_EQ(value_of(array, "C", column), 0);
  }
}

TEST(Greeks, CountWhatMovesOfAForwardThatIsFixedInPart) {
  std::string text = head + contracts;
  text.insert(text.find("rate: -0.02"), "fixed: 21000, ");
  Market on = market_from(text);
  for (const char* name : {"C", "P", "SLICE"}) {
    const InstrumentId id = *on.registry.instrument(name);
    on.state.instruments[id.index()].vol = 0.6;  // flat: the smile is not part of a Greek
    const RiskArray array = array_of(on, {set_of(on, "kind: grid, spot: ['-0.001', '0.001']")});
    const double down = value_of(array, name, 1), now = value_of(array, name, 0), up = value_of(array, name, 2);
    const LotGreeks greeks = lot_greeks(on, id);
    EXPECT_NEAR(greeks.delta_coins, (up - down) / 120, 1e-5 * std::fabs(greeks.delta_coins)) << name;
    EXPECT_NEAR(greeks.gamma_coins_per_usd, (up - 2 * now + down) / 3600, 1e-4 * greeks.gamma_coins_per_usd) << name;
  }
}

TEST(Scalars, SayHowFarPricesAreTrusted) {
  const Market on = market();
  const RiskArray array = array_of(on, {set_of(on, "kind: grid, spot: ['0']")});
  const auto confidence = [&](const char* row) { return scalar_of(array, row, ScalarField::confidence); };
  EXPECT_EQ(confidence("asset:STETH"), 0.6);
  EXPECT_EQ(confidence("asset:USDC"), 1);
  EXPECT_EQ(confidence("PERP"), 0.75);
  EXPECT_EQ(confidence("INVERSE"), 1);
  EXPECT_EQ(confidence("FUTURE"), 0.95) << "its own, not its expiry's";
  EXPECT_EQ(confidence("C"), 0.8) << "its expiry's is the lower";
  EXPECT_EQ(confidence("P"), 0.5);
  EXPECT_EQ(scalar_of(array, "C", ScalarField::index_confidence), 1);
  EXPECT_EQ(scalar_of(array, "ETHPERP", ScalarField::index_confidence), 0.9);
  EXPECT_FALSE(array.scalar(*array.find_row("asset:BTC"), ScalarField::index_confidence));
  const GlobalScalar* peg = array.find_global("peg");
  ASSERT_NE(peg, nullptr);
  EXPECT_EQ(peg->value, 98 * power_of_ten(16));
  EXPECT_EQ(peg->decimals, 18);
}

TEST(Scalars, HaveTheRateTheVolAndTheFundingOfTheirRow) {
  const Market on = market();
  const RiskArray array = array_of(on, {set_of(on, "kind: grid, spot: ['0']")});
  EXPECT_EQ(scalar_of(array, "C", ScalarField::rate), -0.02);
  EXPECT_EQ(scalar_of(array, "FUTURE", ScalarField::rate), -0.02);
  EXPECT_FALSE(array.scalar(*array.find_row("PERP"), ScalarField::rate));
  EXPECT_EQ(scalar_of(array, "C", ScalarField::vol), 0.6);
  const ExplainedEntry told =
      explain_entry(on, {set_of(on, "kind: grid, spot: ['0']")}, array, *on.registry.instrument("SLICE"), 1);
  EXPECT_NEAR(scalar_of(array, "SLICE", ScalarField::vol), told.now.vol, 1e-15);
  EXPECT_FALSE(array.scalar(*array.find_row("FUTURE"), ScalarField::vol));
  EXPECT_EQ(scalar_of(array, "PERP", ScalarField::funding_rate), -0.0003);
  EXPECT_EQ(scalar_of(array, "INVERSE", ScalarField::funding_rate), 0);
  EXPECT_FALSE(array.scalar(*array.find_row("FUTURE"), ScalarField::funding_rate));
}

TEST(Numeraire, TheProfitOfAnInversePerpetualIsTheKnownCurveOfItsCoin) {
  const Market on = market();
  std::string spot;
  for (int i = -18; i <= 18; ++i) spot += (spot.empty() ? "'" : ", '") + Decimal{i, 2}.to_string() + "'";
  const ScenarioSet set = set_of(on, "kind: grid, spot: [" + spot + "]");
  const RiskArray array = array_of(on, {set}, {.numeraire = on.registry.asset("BTC")});
  // A lot is 1000 USD, so q = 1000 / 60000 coins; a short has q below 0.
  for (const double lots : {1.0, -1.0, -240.0}) {
    const double q = lots * 1000 / 60000;
    for (std::uint32_t c = 1; c < array.columns(); ++c) {
      const double x = (static_cast<double>(c) - 19) / 100;
      EXPECT_NEAR(lots * (value_of(array, "INVERSE", c) - value_of(array, "INVERSE", 0)), q * (1 - 1 / (1 + x)), 1e-12);
    }
  }
}

TEST(Numeraire, DividesEveryValueByItsPriceInTheScenario) {
  const Market on = market();
  ScenarioSet set = set_of(on, "kind: grid, spot: ['-0.4', '0.3'], vol: ['0.2'], spot_of: {ETH: ['-0.5', '0.7']}");
  set.price[0] = {0.95, 1.01};  // USDC
  const RiskArray usd = array_of(on, {set}), btc = array_of(on, {set}, {.numeraire = on.registry.asset("BTC")});
  for (std::uint32_t row = 0; row < usd.rows(); ++row) {
    const char* name = usd.name(row).c_str();
    for (std::uint32_t c = 0; c < usd.columns(); ++c) {
      const double price = 60000 * (c == 0 ? 1.0 : set.price[2][c - 1]);
      const double expected = value_of(usd, name, c) / price;
      EXPECT_NEAR(value_of(btc, name, c), expected, 1e-12 * std::fabs(expected)) << name << " " << c;
    }
  }
  EXPECT_EQ(value_of(btc, "asset:BTC", 1), value_of(btc, "asset:BTC", 0)) << "it is worth itself";
  EXPECT_EQ(*btc.scalar(*btc.find_row("asset:BTC"), ScalarField::value), power_of_ten(18));
  const auto value = [](const RiskArray& array, const char* row) {
    const i128 decimals = *array.scalar(*array.find_row(row), ScalarField::value_decimals);
    return static_cast<double>(*array.scalar(*array.find_row(row), ScalarField::value)) /
           std::pow(10, static_cast<double>(decimals));
  };
  for (const char* row : {"PERP", "INVERSE", "C", "SLICE", "asset:STETH", "asset:USDC"})
    EXPECT_NEAR(value(btc, row), value(usd, row) / 60000, 1e-17 + 1e-12 * std::fabs(value(btc, row))) << row;
  EXPECT_EQ(scalar_of(btc, "PERP", ScalarField::mark), 60000) << "the market's numbers stay in USD";
}

TEST(Numeraire, IsPartOfTheDigestAndOfWhatIsExplained) {
  const Market on = market();
  const ScenarioSet set = set_of(on, "kind: grid, spot: ['-0.4', '0.3']");
  const RevalueOptions options{.numeraire = on.registry.asset("BTC")};
  const RiskArray btc = array_of(on, {set}, options);
  EXPECT_EQ(btc.plan().numeraire, "BTC");
  EXPECT_EQ(array_of(on, {set}).plan().numeraire, "");
  EXPECT_NE(btc.digest(), array_of(on, {set}).digest());
  for (const char* name : {"SLICE", "C", "PERP"}) {
    const ExplainedEntry told = explain_entry(on, {set}, btc, *on.registry.instrument(name), 2);
    EXPECT_NEAR(told.counted, value_of(btc, name, 2), 1e-14) << name;
  }
  for (const Isa isa : supported_isas()) {
    EXPECT_EQ(array_of(on, {set}, {.isa = isa, .numeraire = options.numeraire}).digest(), btc.digest());
  }
}

TEST(Numeraire, WithoutAPriceIsAnErrorAndUncoveredIsUncoveredForAll) {
  Market on = market();
  ScenarioSet set = set_of(on, "kind: grid, spot: ['0']");
  set.uncovered[3] = true;
  const RiskArray array = array_of(on, {set}, {.numeraire = on.registry.asset("ETH")});
  EXPECT_EQ(*array.scalar(*array.find_row("PERP"), ScalarField::uncovered_sets), 1);
  EXPECT_EQ(*array_of(on, {set}).scalar(*array.find_row("PERP"), ScalarField::uncovered_sets), 0);
  on.state.asset_usd[3] = absent;
  const auto revaluation = revalue(on, {set}, {.numeraire = on.registry.asset("ETH")});
  ASSERT_FALSE(revaluation);
  EXPECT_NE(to_string(revaluation.error()).find("ETH, which has no price"), std::string::npos);
}

}  // namespace
}  // namespace margrave
