#include <gtest/gtest.h>

#include <cmath>

#include "array/measure.h"
#include "document/read.h"
#include "market/surface.h"
#include "math/elementary.h"
#include "scenario/explain.h"
#include "scenario/greeks.h"
#include "scenario/grid.h"
#include "scenario/historical.h"
#include "scenario/revalue.h"
#include "scenario/sample_market.h"

namespace margrave {
namespace {

Decimal dec(const char* text) { return *Decimal::parse(text); }

/// BTC at 60,000 with a one-month and a six-hour expiry; inverse and linear contracts.
struct OneCoin {
  Market market;
  InstrumentId call, put, short_call, perpetual, inverse_perpetual, future;

  OneCoin() {
    market.state.as_of = Timestamp::from_civil(2026, 3, 1, 8);
    const AssetId usdc = *market.registry.list(Asset{"USDC", 6});
    const AssetId btc = *market.registry.list(Asset{"BTC", 8});
    market.state.asset_usd = {1.0, 60000.0};
    const UnderlyingId on = *market.registry.list(Underlying{"BTC", btc});
    const Timestamp month = Timestamp::from_civil(2026, 3, 31, 8), hours = Timestamp::from_civil(2026, 3, 1, 14);
    market.state.underlyings.push_back(
        {.index = 60000, .expiries = {{.expiry = hours, .forward = 60000}, {.expiry = month, .forward = 60000}}});
    const Instrument option{.name = "C",
                            .kind = Kind::option,
                            .style = Style::linear,
                            .underlying = on,
                            .settlement = usdc,
                            .lot = dec("1"),
                            .expiry = month,
                            .strike = dec("60000"),
                            .is_call = true};
    call = add(option, absent, 0.6);
    Instrument other = option;
    other.name = "P";
    other.is_call = false;
    put = add(other, absent, 0.6);
    other = option;
    other.name = "S";
    other.expiry = hours;
    other.strike = dec("50000");
    short_call = add(other, absent, 0.8);
    Instrument forward{.name = "PERP", .kind = Kind::perpetual, .underlying = on, .settlement = usdc, .lot = dec("1")};
    perpetual = add(forward, 60000, absent);
    forward.name = "INVERSE";
    forward.style = Style::inverse;
    forward.settlement = btc;
    inverse_perpetual = add(forward, 60000, absent);
    forward.name = "FUTURE";
    forward.kind = Kind::future;
    forward.expiry = month;
    future = add(forward, 60300, absent);
  }

  InstrumentId add(const Instrument& instrument, double mark, double vol) {
    InstrumentState state;
    state.mark = mark;
    state.vol = vol;
    market.state.instruments.push_back(state);
    return *market.registry.list(instrument);
  }

  ScenarioSet grid(const char* yaml) const {
    const auto document = parse_document("s: {kind: grid, " + std::string(yaml) + "}\n", "grid.yaml");
    const auto specs = read_scenario_specs(Cursor(*document));
    EXPECT_TRUE(specs) << to_string(specs.error());
    const auto set = grid_scenarios(specs->front(), std::get<GridSpec>(specs->front().kind), market);
    EXPECT_TRUE(set);
    return *set;
  }

  /// USD of one lot by column, from wide rows.
  std::vector<double> values(InstrumentId id, const std::vector<ScenarioSet>& sets) const {
    const auto revaluation = revalue(market, sets, {.isa = best_isa(), .width = RowWidth::wide});
    EXPECT_TRUE(revaluation) << to_string(revaluation.error());
    const RiskArray& array = revaluation->array;
    const std::uint32_t row = *array.find_row(market.registry[id].name);
    std::vector<double> list;
    for (std::uint32_t c = 0; c < array.columns(); ++c) {
      list.push_back(static_cast<double>(array.entry(row, c)) * std::exp2(array.exponent(row)));
    }
    return list;
  }
};

TEST(Revalue, AStraddleAsksForItsThetaAtAOneDayHorizonToFirstOrder) {
  const OneCoin coin;
  const ScenarioSet now = coin.grid("spot: ['0'], horizon: 1d, value_at: now");
  const ScenarioSet ahead = coin.grid("spot: ['0'], horizon: 1d, value_at: horizon");
  double loss = 0, theta = 0;
  for (const InstrumentId id : {coin.call, coin.put}) {
    EXPECT_EQ(coin.values(id, {now})[1], coin.values(id, {now})[0]);
    const std::vector<double> values = coin.values(id, {ahead});
    loss += values[0] - values[1];
    theta += lot_greeks(coin.market, id).theta_usd_per_day;
  }
  EXPECT_GT(loss, 0);
  EXPECT_NEAR(loss, -theta, 0.01 * loss);  // the second order is about 1 / (4 * 30 days) of it
}

TEST(Revalue, AnOptionThatExpiresInsideTheHorizonIsWorthItsExactIntrinsic) {
  const OneCoin coin;
  const ScenarioSet set = coin.grid("spot: ['-0.25', '0', '0.1'], horizon: 8h, value_at: horizon");
  const std::vector<double> values = coin.values(coin.short_call, {set});
  EXPECT_EQ(values[1], 0.0);
  EXPECT_EQ(values[2], 10000.0);
  EXPECT_NEAR(values[3], 60000 * 1.1 - 50000, 1e-9);
}

TEST(Revalue, PerpetualsPayExpectedFundingOverTheHorizon) {
  OneCoin coin;
  coin.market.state.instruments[coin.perpetual.index()].funding_rate = 0.001;
  const ScenarioSet set = coin.grid("spot: ['0', '0.1'], horizon: 4h, value_at: horizon");
  const std::vector<double> values = coin.values(coin.perpetual, {set});
  EXPECT_NEAR(values[1], 60000 * (1 - 0.0005), 1e-9);
  EXPECT_NEAR(values[2], 66000 * (1 - 0.0005), 1e-9);
}

TEST(Revalue, AnInverseContractIsAFixedAmountOfDollars) {
  const OneCoin coin;
  const std::vector<double> values = coin.values(coin.inverse_perpetual, {coin.grid("spot: ['-0.5', '1']")});
  for (const double value : values) EXPECT_NEAR(value, -1.0, 1e-15);
}

TEST(Revalue, ABasisMoveReachesAFutureByItsTimeToExpiry) {
  const OneCoin coin;
  const std::vector<double> future = coin.values(coin.future, {coin.grid("spot: ['0'], basis: ['0', '0.12']")});
  // Inverse: -1 / mark coin; the mark moves by exp(0.12 * 30 / 365).
  EXPECT_NEAR(future[2] / future[1], std::exp(-0.12 * 30 / 365), 1e-14);
  const std::vector<double> perpetual = coin.values(coin.perpetual, {coin.grid("spot: ['0'], basis: ['0', '0.12']")});
  EXPECT_EQ(perpetual[2], perpetual[1]);
}

TEST(Revalue, AnExtraScenarioMovesBasisAndRateAsAListDoes) {
  const OneCoin coin;
  const ScenarioSet lists = coin.grid("spot: ['-0.1'], basis: ['0.12'], rate: ['0.05']");
  const ScenarioSet extra = coin.grid("spot: ['0'], extra: [{spot: '-0.1', basis: '0.12', rate: '0.05'}]");
  EXPECT_EQ(extra.names[1], "spot -10 %, vol 0 %, basis +12 % a year, rate +5 %");
  for (const InstrumentId id : {coin.call, coin.put, coin.future, coin.perpetual}) {
    EXPECT_EQ(coin.values(id, {extra})[2], coin.values(id, {lists})[1]);
    EXPECT_EQ(coin.values(id, {extra})[1], coin.values(id, {lists})[0]) << "the others stay";
  }
}

// docs/methods/revaluation.md: an expiry without a slice of its own has the surface's vol at its strike, kept.
TEST(Revalue, AnOptionBetweenSlicesKeepsTheVolThatTheSurfaceHasAtItsStrike) {
  OneCoin coin;
  auto& state = coin.market.state;
  state.instruments[coin.call.index()].vol = absent;
  state.underlyings[0].expiries[0].smile = SviSlice{.a = 0.0001, .b = 0.01, .rho = -0.3, .m = 0, .sigma = 0.1};
  const double vol = *vol_of(coin.market, coin.call);
  const char* const moves = "spot: ['-0.2', '0.2']";
  const std::vector<double> between = coin.values(coin.call, {coin.grid(moves)});
  state.instruments[coin.call.index()].vol = vol;
  EXPECT_EQ(between, coin.values(coin.call, {coin.grid(moves)}));
}

TEST(Revalue, DampeningCountsAPartOfTheChange) {
  const OneCoin coin;
  const std::vector<double> full = coin.values(coin.perpetual, {coin.grid("spot: ['0.66']")});
  const std::vector<double> part =
      coin.values(coin.perpetual, {coin.grid("spot: ['0'], extra: [{spot: '0.66', dampening: '0.21'}]")});
  EXPECT_NEAR(part[2] - part[0], 0.21 * (full[1] - full[0]), 1e-9);
}

TEST(Revalue, AVolFloorHoldsOnlyWhereVolIsRaised) {
  const OneCoin coin;
  const char* const text = "spot: ['0'], vol: ['0.1', '0', '-0.9'], vol_floor: '2'";
  const std::vector<double> values = coin.values(coin.call, {coin.grid(text)});
  const std::vector<double> doubled = coin.values(coin.call, {coin.grid("spot: ['0'], vol: ['2.333333333333333333']")});
  EXPECT_NEAR(values[1], doubled[1], 1e-6);  // 0.6 * 1.1 is below the floor of 200 %
  EXPECT_EQ(values[2], values[0]);
  EXPECT_LT(values[3], values[0]);
}

// Derive's published rule: mult = (30 d / max(t, floor))^p with p = 0.3 up to 30 days and 0.13 beyond.
TEST(VolTerm, ScalesByTimeToExpiryWithFloorAndCap) {
  const VolTerm term{.reference_days = 30, .power_short = 0.3, .power_long = 0.13, .floor_days = 1};
  EXPECT_NEAR(vol_term_scale(term, 7 * 86400), std::pow(30.0 / 7, 0.3), 1e-15);
  EXPECT_NEAR(vol_term_scale(term, 3600), std::pow(30.0, 0.3), 1e-15);
  EXPECT_NEAR(vol_term_scale(term, 90 * 86400), std::pow(30.0 / 90, 0.13), 1e-15);
  VolTerm capped = term;
  capped.cap = 1.5;
  EXPECT_EQ(vol_term_scale(capped, 3600), 1.5);
}

TEST(Revalue, ADepegMovesWhatTheStablecoinIsWorthAndNotTheQuotes) {
  const OneCoin coin;
  ScenarioSet set = coin.grid("spot: ['0']");
  set.price[0] = {0.9};  // USDC
  EXPECT_NEAR(coin.values(coin.perpetual, {set})[1], 54000, 1e-9);
  const std::vector<double> inverse = coin.values(coin.inverse_perpetual, {set});
  EXPECT_EQ(inverse[1], inverse[0]);
}

TEST(Revalue, EveryInstructionSetAndThreadCountGivesOneDigest) {
  const Market market = sample_market({.coins = 2, .expiries = 5, .strikes = 9}, 3);
  const std::vector<ScenarioSet> sets{sample_scenarios(market, 41, 1, false), sample_scenarios(market, 23, 2, true)};
  for (const RowWidth width : {RowWidth::narrow, RowWidth::wide}) {
    const Digest digest = revalue(market, sets, {.isa = Isa::portable, .threads = 1, .width = width})->array.digest();
    for (const Isa isa : supported_isas()) {
      for (const unsigned threads : {1u, 2u, 5u}) {
        EXPECT_EQ(revalue(market, sets, {.isa = isa, .threads = threads, .width = width})->array.digest(), digest)
            << to_string(isa) << " " << threads;
      }
    }
  }
}

TEST(Revalue, ThreadsFillDisjointRows) {
  const Market market = sample_market({.coins = 2, .expiries = 3, .strikes = 5}, 4);
  const std::vector<ScenarioSet> sets{sample_scenarios(market, 17, 1, true)};
  EXPECT_EQ(revalue(market, sets, {.isa = best_isa(), .threads = 1})->array.digest(),
            revalue(market, sets, {.isa = best_isa(), .threads = 4})->array.digest());
}

TEST(Revalue, AListedExponentHoldsUntilAValueOutgrowsIt) {
  const OneCoin coin;
  const ScenarioSet small = coin.grid("spot: ['-0.1', '0.1']"), large = coin.grid("spot: ['-0.1', '5']");
  const auto first = revalue(coin.market, {small}, {.isa = best_isa()});
  const std::uint32_t row = *first->array.find_row("PERP");
  RevalueOptions options{.isa = best_isa()};
  options.listed = {{"PERP", first->array.exponent(row)}};
  EXPECT_TRUE(revalue(coin.market, {small}, options));
  const auto grown = revalue(coin.market, {large}, options);
  ASSERT_FALSE(grown);
  EXPECT_NE(to_string(grown.error()).find("PERP"), std::string::npos);
}

TEST(Revalue, RowsStraightFromTheSurfaceAreTheRoundedValues) {
  const Market market = sample_market({.coins = 2, .expiries = 4, .strikes = 9}, 5);
  const std::vector<ScenarioSet> sets{sample_scenarios(market, 37, 1, false), sample_scenarios(market, 29, 2, true)};
  RevalueOptions options{.isa = best_isa()};
  const auto first = revalue(market, sets, options);
  for (const RowListing& row : first->array.plan().rows) options.listed.emplace_back(row.name, row.exponent);
  for (const Isa isa : supported_isas()) {
    options.isa = isa;
    EXPECT_EQ(revalue(market, sets, options)->array.digest(), first->array.digest()) << to_string(isa);
  }
}

TEST(Revalue, WhatCannotBePricedHasNoRowAndAReason) {
  OneCoin coin;
  coin.market.state.instruments[coin.call.index()].vol = absent;
  coin.market.state.instruments[coin.perpetual.index()].mark = absent;
  const auto revaluation = revalue(coin.market, {coin.grid("spot: ['0']")}, {.isa = best_isa()});
  ASSERT_TRUE(revaluation);
  EXPECT_FALSE(revaluation->array.find_row("C"));
  ASSERT_EQ(revaluation->unpriced.size(), 2u);
  EXPECT_EQ(revaluation->unpriced[0].text, "no vol");
  EXPECT_EQ(revaluation->unpriced[1].text, "no mark price");
}

TEST(Revalue, AtAndAfterExpiryAContractHasNoRow) {
  OneCoin coin;
  coin.market.state.as_of = Timestamp::from_civil(2026, 3, 1, 14);
  const auto revaluation = revalue(coin.market, {coin.grid("spot: ['0']")}, {.isa = best_isa()});
  ASSERT_TRUE(revaluation);
  EXPECT_FALSE(revaluation->array.find_row("S"));
  EXPECT_EQ(revaluation->unpriced[0].text, "it expired at 2026-03-01T14:00:00Z");
}

TEST(Explain, TheStepsLeadToTheEntry) {
  const OneCoin coin;
  const ScenarioSet set = coin.grid("spot: ['-0.16', '0.16'], vol: ['0.5', '0']");
  const auto revaluation = revalue(coin.market, {set}, {.isa = best_isa()});
  const ExplainedEntry entry = explain_entry(coin.market, {set}, revaluation->array, coin.call, 1);
  EXPECT_NEAR(entry.then.forward, 60000 * 0.84, 1e-8);
  EXPECT_NEAR(entry.then.vol, 0.9, 1e-15);
  EXPECT_NEAR(entry.counted, static_cast<double>(entry.entry) * std::exp2(entry.exponent),
              std::exp2(entry.exponent - 1));
  EXPECT_EQ(entry.entry, revaluation->array.entry(*revaluation->array.find_row("C"), 1));
}

Bars bars_of(const std::string& coin, std::int64_t step_ms, const std::vector<std::pair<int, double>>& closes) {
  Bars bars;
  bars.symbol = coin + "USDT";
  bars.coin = coin;
  bars.step_ms = step_ms;
  for (const auto& [step, close] : closes) {
    bars.t_ms.push_back(step * step_ms);
    bars.close.push_back(close);
  }
  return bars;
}

struct History {
  Market market;
  ScenarioSpec spec{.name = "history", .horizon_seconds = 8 * 3600, .at_horizon = true, .kind = {}};
  HistoricalSpec history{.window_days = 5, .step_seconds = 8 * 3600, .least_share = Decimal{5, 1}};

  History() {
    for (const char* name : {"AAA", "BBB", "CCC"}) {
      const AssetId asset = *market.registry.list(Asset{name, 8});
      EXPECT_TRUE(market.registry.list(Underlying{name, asset}));
      market.state.asset_usd.push_back(1);
      market.state.underlyings.push_back({.index = 1, .expiries = {}});
    }
    market.state.as_of = Timestamp::from_ms(21LL * 8 * 3600 * 1000);
  }
};

TEST(Historical, ReturnsAreJointByDateAndNamedByTheInstantTheyEnd) {
  History h;
  constexpr std::int64_t step = 8 * 3600 * 1000;
  std::vector<std::pair<int, double>> a, b;
  for (int i = 0; i < 20; ++i) {
    a.emplace_back(i, 100.0 + i);
    b.emplace_back(i, 50.0 - i);
  }
  const auto set =
      historical_scenarios(h.spec, h.history, h.market, {bars_of("AAA", step, a), bars_of("BBB", step, b)});
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_EQ(set->size(), 15u);  // five days of three steps
  EXPECT_EQ(set->names.back(), to_string(Timestamp::from_ms(20 * step)));
  EXPECT_EQ(set->price[0].back(), 1.0 + (119.0 / 118.0 - 1.0));
  EXPECT_EQ(set->price[1].back(), 1.0 + (31.0 / 32.0 - 1.0));
  EXPECT_TRUE(set->uncovered[2]);
  EXPECT_TRUE(set->price[2].empty());
}

// A ticker that is given to another coin after a gap must not make a return of the jump.
TEST(Historical, NoReturnCrossesAGap) {
  History h;
  constexpr std::int64_t step = 8 * 3600 * 1000;
  std::vector<std::pair<int, double>> a, b;
  for (int i = 0; i < 20; ++i) {
    a.emplace_back(i, 100.0 * (1 + 0.01 * (i % 2)));
    if (i < 12) b.emplace_back(i, 1.0 * (1 + 0.02 * (i % 2)));
    if (i > 13) b.emplace_back(i, 5000.0 * (1 + 0.02 * (i % 2)));
  }
  const auto set =
      historical_scenarios(h.spec, h.history, h.market, {bars_of("AAA", step, a), bars_of("BBB", step, b)});
  ASSERT_TRUE(set);
  for (const double multiplier : set->price[1]) {
    EXPECT_GT(multiplier, 0.9);
    EXPECT_LT(multiplier, 1.1);
  }
  const auto by_proxy = [](const Finding& f) { return f.subject == "BBB" && f.kind == Finding::Kind::assumed; };
  EXPECT_EQ(std::count_if(set->findings.begin(), set->findings.end(), by_proxy), 1);
}

// Rows after as_of must not change anything: no look-ahead.
TEST(Historical, WhatComesAfterAsOfIsNotSeen) {
  History h;
  constexpr std::int64_t step = 8 * 3600 * 1000;
  std::vector<std::pair<int, double>> a;
  for (int i = 0; i < 40; ++i) a.emplace_back(i, 100.0 + i * i % 7);
  const auto all = historical_scenarios(h.spec, h.history, h.market, {bars_of("AAA", step, a)});
  a.resize(21);
  const auto known = historical_scenarios(h.spec, h.history, h.market, {bars_of("AAA", step, a)});
  ASSERT_TRUE(all && known);
  EXPECT_EQ(all->names, known->names);
  EXPECT_EQ(all->price[0], known->price[0]);
}

TEST(Historical, BarsThatDoNotDivideTheHorizonAreAnErrorThatSaysSo) {
  History h;
  h.spec.horizon_seconds = h.history.step_seconds = 7 * 3600;
  constexpr std::int64_t step = 8 * 3600 * 1000;
  std::vector<std::pair<int, double>> a;
  for (int i = 0; i < 40; ++i) a.emplace_back(i, 100.0 + i);
  const auto set = historical_scenarios(h.spec, h.history, h.market, {bars_of("AAA", step, a)});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message,
            "scenario set history: no bar file has a step that divides the horizon of 7h; their steps are 8h");
  EXPECT_NE(set.error().remedy.find("a multiple of 8h"), std::string::npos);
}

TEST(Historical, FewerThanTenReturnsAreAnErrorThatSaysWhatToDo) {
  History h;
  const auto set = historical_scenarios(h.spec, h.history, h.market, {});
  ASSERT_FALSE(set);
  EXPECT_NE(set.error().remedy.find("--bars"), std::string::npos);
}

std::string spec_error(const std::string& yaml) {
  const auto document = parse_document("s: {" + yaml + "}\n", "r.yaml", ErrorKind::config);
  if (!document) return to_string(document.error());
  const auto specs = read_scenario_specs(Cursor(*document));
  return specs ? "" : to_string(specs.error());
}

TEST(ScenarioSpec, RefusesWhatIsWrongAndSaysWhatIsRight) {
  EXPECT_NE(spec_error("kind: gird, spot: ['0']").find("use grid, historical, skew"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: ['-1.5']").find("leaves no price"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: []").find("empty"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: ['nan']").find("nan"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: ['0'], horizon: 8x").find("8h"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: ['0'], value_at: later").find("now or horizon"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, sopt: ['0']").find("sopt"), std::string::npos);
  EXPECT_NE(spec_error("kind: historical").find("horizon"), std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: ['0'], extra: [{spot: '0', basis: '101'}]").find("5 % a year"),
            std::string::npos);
  EXPECT_NE(spec_error("kind: grid, spot: ['0'], extra: [{spot: '0', rate: x}]").find("extra[0].rate"),
            std::string::npos);
}

}  // namespace
}  // namespace margrave
