#include "chains/own_moves.h"

#include <gtest/gtest.h>

#include <cmath>

#include "chains/chains_fixture.h"
#include "chains/margins_at.h"
#include "chains/moves_at.h"
#include "chains/option_book.h"
#include "scenario/greeks.h"
#include "scenario/revalue.h"
#include "scenario/set_maker.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

TEST(LotGain, IsTheChangeThatAnArrayHas) {
  const Market market = made_market();
  GridSpec grid;
  grid.spot = {Decimal{-1, 1}, Decimal{2, 1}};
  ScenarioSpec spec;
  spec.name = "spot";
  spec.kind = grid;
  const ScenarioSet set = make_scenarios(spec, market, {}).value();
  const Revaluation revaluation = revalue(market, {set}, {.width = RowWidth::wide}).value();
  std::size_t compared = 0;
  for (std::uint32_t i = 0; i < market.registry.instruments().size(); ++i) {
    const Instrument& instrument = market.registry.instruments()[i];
    const auto row = revaluation.array.find_row(instrument.name);
    if (instrument.kind != Kind::option || !row) continue;
    const double unit = std::ldexp(1.0, revaluation.array.exponent(*row));
    const auto value = [&](std::uint32_t column) {
      return static_cast<double>(revaluation.array.entry(*row, column)) * unit;
    };
    EXPECT_NEAR(*option_worth(market, InstrumentId{i}), value(0), 1e-7) << instrument.name;
    EXPECT_NEAR(*lot_gain(market, InstrumentId{i}, {.spot = -0.1}), value(1) - value(0), 1e-7) << instrument.name;
    EXPECT_NEAR(*lot_gain(market, InstrumentId{i}, {.spot = 0.2}), value(2) - value(0), 1e-7) << instrument.name;
    ++compared;
  }
  EXPECT_GT(compared, 300u);
}

TEST(LotGain, OfASmallMoveIsThatOfTheGreeks) {
  const Market market = made_market();
  const double index = market.state.underlyings[0].index;
  for (std::uint32_t i = 0; i < market.registry.instruments().size(); i += 7) {
    const LotGreeks greeks = lot_greeks(market, InstrumentId{i});
    const double spot = *lot_gain(market, InstrumentId{i}, {.spot = 1e-6});
    EXPECT_NEAR(spot, greeks.delta_coins * index * 1e-6, 1e-4) << market.registry.instruments()[i].name;
    const double vol = *lot_gain(market, InstrumentId{i}, {.vol = 1e-5});
    EXPECT_NEAR(vol, greeks.vega_usd_per_point * 1e-3, 1e-4) << market.registry.instruments()[i].name;
  }
}

TEST(OptionBooks, HaveTheirNotionalAndAHedgeLeavesNoDelta) {
  const Market market = made_market();
  std::vector<OptionBookRule> rules = standard_option_books({"BTC", "ETH"});
  for (const OptionBookRule& rule : random_option_books({"BTC", "ETH"}, 20, 7)) rules.push_back(rule);
  const auto books = place_option_books(rules, market, 1e6);
  ASSERT_EQ(books.size(), 56u + 80u);
  for (std::size_t i = 0; i < books.size(); ++i) {
    EXPECT_EQ(books[i].has_value(), rules[i].underlying == "BTC") << rules[i].name();
    if (!books[i]) continue;
    Book options = *books[i];
    double delta = 0;
    for (const Position& position : books[i]->positions)
      delta += lot_greeks(market, position.instrument).delta_coins * static_cast<double>(position.lots.raw);
    if (rules[i].is_hedged) {
      const Instrument& perpetual = market.registry[options.positions.back().instrument];
      const double half_lot = perpetual.is_forward() && perpetual.style == Style::inverse ? 5.0 : 40'000.0;
      EXPECT_LT(std::fabs(delta) * market.state.underlyings[0].index, half_lot + 1e-6) << rules[i].name();
      if (market.registry[options.positions.back().instrument].is_forward()) options.positions.pop_back();
    }
    double half_lots = 0;
    for (const Position& position : options.positions)
      half_lots +=
          lot_content(market.registry[position.instrument])->to_double() * market.state.underlyings[0].index / 2;
    EXPECT_NEAR(gross_of(market, options), 1e6, half_lots + 1e-6) << rules[i].name();
    EXPECT_LE(options.positions.size(), 12u) << rules[i].name();
  }
}

TEST(OptionBooks, ALongerListBeginsWithTheShorterOne) {
  const Market market = made_market();
  const auto few = place_option_books(random_option_books({"BTC", "ETH"}, 3, 11), market, 1e6);
  const auto many = place_option_books(random_option_books({"BTC", "ETH"}, 9, 11), market, 1e6);
  for (std::size_t i = 0; i < few.size(); ++i) {
    ASSERT_EQ(few[i].has_value(), many[i].has_value());
    if (!few[i]) continue;
    EXPECT_EQ(digest_of(market.registry, *few[i]), digest_of(market.registry, *many[i]));
  }
}

/// greeks with its moves made smaller.
ReadRecipe greeks_times(double share) {
  ReadRecipe read = read_preset_recipe("greeks");
  for (Parameter& one : read.recipe.parameters) {
    const auto smaller = [&](const Number& value) {
      return Number::from_units(static_cast<i128>(std::llround(value.to_double() * share * 1e12)), 12);
    };
    if (one.name != "move" && one.name != "market_vol") continue;
    one.value = smaller(one.value);
    for (auto& [unused, value] : one.by) value = smaller(value);
  }
  return read;
}

TEST(OwnMoves, TheGreeksCoverSmallMovesAndNotLargeOnes) {
  const Chain chain = made_chain("BTC", 80'000, Timestamp::from_civil(2026, 3, 1, 8));
  const std::vector<OptionBookRule> rules = standard_option_books({"BTC", "ETH"});
  const auto most_missing = [&](double share) {
    const ReadRecipe read = greeks_times(share);
    const MovesAtChain found =
        moves_at(chain, {read.recipe, read.scenarios, rules}, OwnMoves::of(read.recipe).value()).value();
    EXPECT_EQ(found.failed, 0u) << found.first_error;
    EXPECT_EQ(found.cases.size(), 28u);
    double most = 0;
    for (const MovesCase& one : found.cases) most = std::max(most, (one.loss - one.requirement) / (one.gross * share));
    return most;
  };
  EXPECT_LT(most_missing(0.01), 1e-3);  // of the notional and the share: errors of second order alone
  EXPECT_GT(most_missing(1), 3e-3);
}

TEST(OwnMoves, ARecipeWithoutThemSaysWhatIsMissing) {
  const auto moves = OwnMoves::of(read_preset_recipe("scenario-grid").recipe);
  ASSERT_FALSE(moves.has_value());
  EXPECT_NE(to_string(moves.error()).find("no parameter 'move'"), std::string::npos) << to_string(moves.error());
}

TEST(MovesStudy, CountsAndSharesByKind) {
  const MovesStudy study = study_moves({{"a", "a1", 1, 10, 5, 100},
                                        {"a", "a2", 2, 10, 20, 100},
                                        {"b", "b1", 3, 10, 0, 100},
                                        {"a", "a3", 4, 10, 50, 200}});
  ASSERT_EQ(study.lines.size(), 2u);
  const MovesLine& a = study.lines[0];
  EXPECT_EQ(a.cases, 3u);
  EXPECT_EQ(a.under, 2u);
  EXPECT_DOUBLE_EQ(a.median_ratio, 0.5);
  EXPECT_DOUBLE_EQ(a.least_ratio, 0.2);
  EXPECT_DOUBLE_EQ(a.median_shortfall, 0.15);
  EXPECT_DOUBLE_EQ(a.worst_shortfall, 0.2);
  EXPECT_DOUBLE_EQ(a.worst_missing, 0.8);
  EXPECT_EQ(a.worst.book, "a3");
  EXPECT_EQ(study.lines[1].under, 0u);
  EXPECT_EQ(study.all.cases, 4u);
}

}  // namespace
}  // namespace margrave
