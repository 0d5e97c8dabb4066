#include "margin/liquidity_charge.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "margin/linked.h"
#include "margin/liquidity_walk.h"
#include "margin/margin_fixture.h"

namespace margrave {
namespace {

constexpr i128 one = power_of_ten(Ratio::decimals);
constexpr i128 lot = power_of_ten(DepthLadder::lot_decimals);

Ratio percent(std::int64_t value) { return {value * one / 100}; }

/// The fixture's venue with the depth and the day's volume of some rows.
Venue with_liquidity(const std::vector<DepthLadder>& ladders,
                     const std::vector<std::pair<std::uint32_t, i128>>& volumes) {
  Venue venue;
  const RiskArray& from = *venue.array;
  ArrayPlan plan = from.plan();
  plan.ladders = ladders;
  RiskArrayBuilder builder = *RiskArrayBuilder::create(plan);
  for (std::uint32_t row = 0; row < from.rows(); ++row) {
    const auto entries = from.narrow_row(row);
    std::copy(entries.begin(), entries.end(), builder.narrow_row(row).begin());
    for (const ScalarScale& scale : scalar_scales) {
      if (const auto value = from.scalar(row, scale.field)) builder.set_scalar(row, scale.field, *value);
    }
  }
  for (const auto& [row, lots] : volumes) builder.set_scalar(row, ScalarField::volume, lots);
  venue.array = *std::move(builder).finish(1);
  venue.index = index_rows(venue.registry, *venue.array);
  return venue;
}

constexpr std::uint32_t btc_row = 3;  // a lot is 0.001 BTC, 50 USD; it loses 10 USD in the worst of two moves

/// Bids: 100 lots within 1 %, 300 within 2 %; asks half of it.
DepthLadder btc_ladder() {
  return {.row = btc_row,
          .distances = {percent(1), percent(2)},
          .bid = {100 * lot, 300 * lot},
          .ask = {50 * lot, 150 * lot}};
}

Recipe walk_only(const std::string& more = "") {
  return recipe_of("components:\n  liquidity: {liquidity: walk, stress: '0.5', without: '0.03'" + more +
                   "}\nlevels: {initial: liquidity, maintenance: liquidity}\n");
}

Recipe with_close_out() {
  return recipe_of(
      "components:\n  own: {measure: worst, scenarios: moves, group: instrument}\n"
      "  liquidity: {liquidity: walk, stress: '0.5', without: '0.03', shortfall: own, participation: '0.1', hours: "
      "12}\n"
      "levels: {initial: liquidity, maintenance: liquidity}\n");
}

Usd asked(const Venue& venue, const Recipe& recipe, const std::vector<Position>& positions) {
  return assess_with(venue, recipe, {"a", {}, positions}).initial(recipe);
}

TEST(Liquidity, IsTheWalkOfTheStressedDepthByHand) {
  const Venue venue = with_liquidity({btc_ladder()}, {});
  const Recipe recipe = walk_only();
  const auto cost = [&](std::int64_t lots) { return asked(venue, recipe, {venue.position("BTC-PERP", lots)}).raw; };
  EXPECT_TRUE(cost(0) == 0);
  EXPECT_TRUE(cost(1) == usd(1) / 2);                        // 50 USD at 1 %
  EXPECT_TRUE(cost(50) == usd(25));                          // all of the stressed bids within 1 %
  EXPECT_TRUE(cost(60) == usd(25) + usd(10));                // 10 lots more at 2 %
  EXPECT_TRUE(cost(150) == usd(25) + usd(100));              // all within 2 %
  EXPECT_TRUE(cost(200) == usd(125) + usd(100));             // 50 lots of the next book, at 4 %
  EXPECT_TRUE(cost(350) == usd(125) + usd(300) + usd(150));  // 150 at 4 %, 50 at 6 %
  EXPECT_TRUE(cost(-25) == usd(12) + usd(1) / 2);            // asks: 25 lots at 1 %
  EXPECT_TRUE(cost(-75) == usd(12) + usd(1) / 2 + usd(50));
}

TEST(Liquidity, LinesOfOneInstrumentAreOnePosition) {
  const Venue venue = with_liquidity({btc_ladder()}, {});
  const Recipe recipe = walk_only();
  const std::vector<Position> split = {venue.position("BTC-PERP", 260), venue.position("BTC-PERP", -60)};
  EXPECT_EQ(asked(venue, recipe, split), asked(venue, recipe, {venue.position("BTC-PERP", 200)}));
  const MarginReport report = assess_with(venue, recipe, {"a", {}, split});
  EXPECT_EQ(report.components[0].by_line[0] + report.components[0].by_line[1], report.components[0].amount);
  EXPECT_LT(report.components[0].by_line[1].raw, 0);  // the short line takes away
  EXPECT_EQ(asked(venue, recipe, {venue.position("BTC-PERP", 60), venue.position("BTC-PERP", -60)}), Usd{});
}

TEST(Liquidity, WhereNothingRestsThePriceItselfIsCharged) {
  DepthLadder empty = btc_ladder();
  empty.bid = {0, 0};
  const Venue venue = with_liquidity({empty}, {});
  EXPECT_TRUE(asked(venue, walk_only(), {venue.position("BTC-PERP", 7)}).raw == usd(350));
}

TEST(Liquidity, WithoutDepthOrVolumeAShareOfTheNotionalIsTheLeast) {
  const Venue none = with_liquidity({}, {}), depth = with_liquidity({btc_ladder()}, {});
  const Venue volume = with_liquidity({}, {{btc_row, 1000}});
  const auto of = [](const Venue& venue, const Recipe& recipe, std::int64_t lots) {
    return asked(venue, recipe, {venue.position("BTC-PERP", lots)}).raw;
  };
  EXPECT_TRUE(of(none, walk_only(), 100) == usd(150));
  EXPECT_TRUE(of(none, with_close_out(), 100) == usd(150));
  EXPECT_TRUE(of(depth, with_close_out(), 10) == usd(15));     // 3 % of 500; the walk is 5
  EXPECT_TRUE(of(depth, with_close_out(), 200) == usd(300));   // 3 % of 10,000; the walk is 225
  EXPECT_TRUE(of(depth, with_close_out(), 1000) > usd(1500));  // the walk is more
  EXPECT_TRUE(of(volume, with_close_out(), 10) == usd(15));
  EXPECT_TRUE(of(volume, with_close_out(), 10'000) > usd(15'000));  // the extension is more
}

TEST(Liquidity, TheCloseOutIsExtendedByWhatParticipationCannotTake) {
  const Venue venue = with_liquidity({btc_ladder()}, {{btc_row, 4000}});  // 200 lots in 12 hours
  const Venue walked = with_liquidity({btc_ladder()}, {});
  for (const std::int64_t lots : {1, 10, 200, -600, 5000}) {
    const Usd all = asked(venue, with_close_out(), {venue.position("BTC-PERP", lots)});
    const Usd walk = asked(walked, walk_only(), {walked.position("BTC-PERP", lots)});
    const double shortfall = 10.0 * std::abs(static_cast<double>(lots));
    const double extension = shortfall * (std::sqrt(1 + std::abs(static_cast<double>(lots)) / 200) - 1);
    EXPECT_NEAR(static_cast<double>(all.raw - walk.raw) * 1e-9, extension, 1e-8 + 1e-12 * extension) << lots;
  }
  // 600 lots take four times as long: twice the shortfall of 6,000, exactly.
  const Usd all = asked(venue, with_close_out(), {venue.position("BTC-PERP", -600)});
  const Usd walk = asked(walked, walk_only(), {walked.position("BTC-PERP", -600)});
  EXPECT_TRUE(all.raw - walk.raw >= usd(6000) && all.raw - walk.raw <= usd(6000) + 1);
  const Venue dead = with_liquidity({btc_ladder()}, {{btc_row, 0}});
  EXPECT_TRUE(asked(dead, with_close_out(), {dead.position("BTC-PERP", 50)}).raw == usd(25) + usd(2500));
}

// ---- random ladders, against a list of all that is taken, written out

struct Piece {
  i128 size{0}, distance{0};
};

/// Sum over what is taken, piece by piece from the mid outward.
i128 walked(const std::vector<i128>& side, const std::vector<Ratio>& distances, Ratio stress, std::int64_t lots) {
  std::vector<i128> left;
  for (const i128 size : side) left.push_back(size * stress.raw / one);
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < left.size(); ++i) {
    pieces.push_back({i == 0 ? left[0] : left[i] - left[i - 1], distances[i].raw});
  }
  i128 wanted = i128{lots < 0 ? -lots : lots} * lot, sum = 0;
  for (i128 book = 2;; ++book) {
    for (const Piece& piece : pieces) {
      const i128 taken = piece.size < wanted ? piece.size : wanted;
      sum += taken * piece.distance;
      wanted -= taken;
    }
    if (wanted == 0) return sum;
    const i128 farther = book * distances.back().raw;
    if (farther >= one || left.back() == 0) return sum + wanted * one;
    pieces = {{left.back(), farther}};
  }
}

struct RandomWalk {
  DepthLadder ladder;
  Ratio stress;
};

RandomWalk random_walk(Random& random) {
  RandomWalk made;
  Ratio distance;
  i128 bid = 0, ask = 0;
  for (std::uint64_t n = 1 + random.below(6); n > 0; --n) {
    distance.raw += 1 + static_cast<i128>(random.below(60'000'000'000));
    bid += random.below(4) == 0 ? 0 : static_cast<i128>(random.below(300'000'000));
    ask += static_cast<i128>(random.below(300'000'000));
    made.ladder.distances.push_back(distance);
    made.ladder.bid.push_back(bid);
    made.ladder.ask.push_back(ask);
  }
  made.stress = {static_cast<i128>(random.below(1'000'000'000'001))};
  return made;
}

i128 cost_of(const RandomWalk& made, std::int64_t lots) {
  i128 cost = 0;
  EXPECT_TRUE(walk(made.ladder, lots, made.stress, cost));
  return cost;
}

TEST(LiquidityWalk, TakesWhatALongHandTakes) {
  Random random{.seed = 20261202, .stream = 1};
  for (int i = 0; i < 20'000; ++i) {
    const RandomWalk made = random_walk(random);
    const auto lots = static_cast<std::int64_t>(random.below(random.below(2) == 0 ? 200 : 20'000));
    const i128 sold = cost_of(made, lots), bought = cost_of(made, -lots);
    ASSERT_TRUE(sold == walked(made.ladder.bid, made.ladder.distances, made.stress, lots)) << "seed 20261202, " << i;
    ASSERT_TRUE(bought == walked(made.ladder.ask, made.ladder.distances, made.stress, -lots)) << "seed 20261202, " << i;
  }
}

TEST(LiquidityWalk, IsConvexAndNeverCheaperWithLessDepth) {
  Random random{.seed = 20261203, .stream = 1};
  for (int i = 0; i < 20'000; ++i) {
    const RandomWalk made = random_walk(random);
    const auto a = static_cast<std::int64_t>(random.below(5000)), b = static_cast<std::int64_t>(random.below(5000));
    ASSERT_TRUE(cost_of(made, a + b) >= cost_of(made, a) + cost_of(made, b)) << "seed 20261203, " << i;
    ASSERT_TRUE(cost_of(made, a + 2) - cost_of(made, a + 1) >= cost_of(made, a + 1) - cost_of(made, a));
    ASSERT_TRUE(cost_of(made, a) >= i128{a} * lot * made.ladder.distances.front().raw);  // never free
    ASSERT_TRUE(cost_of(made, a) <= i128{a} * lot * one);                                // never above the price
    RandomWalk less = made;
    if (random.below(2) == 0) {
      less.stress.raw = less.stress.raw * static_cast<i128>(random.below(100)) / 100;
    } else {
      for (i128& size : less.ladder.bid) size = size * 2 / 3;
    }
    ASSERT_TRUE(cost_of(less, a) >= cost_of(made, a)) << "seed 20261203, " << i;
  }
}

TEST(LiquidityWalk, TheLargestPositionStaysInItsNumbers) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  i128 cost = 0;
  EXPECT_TRUE(walk(btc_ladder(), most, percent(50), cost));
  EXPECT_TRUE(cost < i128{most} * lot * one);
  EXPECT_TRUE(walk(btc_ladder(), -most, Ratio{0}, cost));
  EXPECT_TRUE(cost == i128{most} * lot * one);
  const DepthLadder fine{.row = 0, .distances = {Ratio{1}}, .bid = {1}, .ask = {1}};
  EXPECT_TRUE(walk(fine, most, percent(100), cost));
}

// ---- linked accounts and orders

TEST(Liquidity, SplittingOverLinkedAccountsNeverHelps) {
  const Venue venue = with_liquidity({btc_ladder()}, {{btc_row, 4000}});
  const Recipe recipe = with_close_out();
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  Random random{.seed = 20261204, .stream = 1};
  std::size_t raised = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<Book> books;
    std::int64_t whole = 0;
    for (std::uint64_t n = 2 + random.below(6); n > 0; --n) {
      const auto lots = static_cast<std::int64_t>(random.below(900)) - (random.below(3) == 0 ? 450 : 0);
      whole += lots;
      books.push_back({"a" + std::to_string(n), {}, {venue.position("BTC-PERP", lots)}});
      books.back().linked = "owner";
    }
    std::vector<MarginReport> reports;
    std::vector<MarginReport*> raise;
    for (const Book& book : books) reports.push_back(assess_with(venue, recipe, book));
    Usd apart, together;
    for (MarginReport& report : reports) {
      apart += report.initial(recipe);
      raise.push_back(&report);
    }
    ASSERT_TRUE(raise_linked(inputs, books, raise).has_value());
    for (const MarginReport& report : reports) together += report.initial(recipe);
    const Usd one_account = asked(venue, recipe, {venue.position("BTC-PERP", whole)});
    EXPECT_GE(together, one_account) << "seed 20261204, " << i;
    EXPECT_GE(together, apart);
    raised += together > apart ? 1u : 0u;
  }
  EXPECT_GT(raised, 100u);
}

TEST(Liquidity, NoFillsAskForMoreThanTheBoundOfTheirOrders) {
  const Venue venue = with_liquidity({btc_ladder()}, {{btc_row, 4000}});
  const Recipe recipe = with_close_out();
  Random random{.seed = 20261205, .stream = 1};
  for (int i = 0; i < 100; ++i) {
    const auto held = static_cast<std::int64_t>(random.below(600)) - 300;
    Book book{"a", {}, {venue.position("BTC-PERP", held)}};
    for (int n = 0; n < 4; ++n) {
      Order order{.instrument = *venue.registry.instrument("BTC-PERP"), .lots = {}, .limit_price = dec("50000")};
      order.lots.raw = static_cast<std::int64_t>(random.below(800)) - 400;
      if (order.lots.raw == 0) order.lots.raw = 1;
      book.orders.push_back(order);
    }
    const MarginReport report = assess_with(venue, recipe, book);
    ASSERT_TRUE(report.orders.has_value());
    for (unsigned subset = 0; subset < 16; ++subset) {
      Book filled{"a", {}, book.positions};
      for (std::size_t n = 0; n < 4; ++n) {
        if ((subset >> n & 1u) == 0) continue;
        filled.positions.push_back(venue.position("BTC-PERP", book.orders[n].lots.raw, "50000"));
      }
      const MarginReport after = assess_with(venue, recipe, filled);
      const Usd wanted = after.initial(recipe) + report.equity - after.equity;
      EXPECT_GE(report.orders->amount.raw + 10, wanted.raw) << "seed 20261205, " << i << ", subset " << subset;
    }
  }
}

TEST(Liquidity, AnExpressionReadsItByInstrument) {
  const Venue venue = with_liquidity({btc_ladder()}, {});
  const Recipe recipe = recipe_of(
      "components:\n  liquidity: {liquidity: walk, stress: '0.5', without: '0.03', kinds: [perpetual]}\n"
      "  most: {each: underlying, value: 2 * liquidity}\nlevels: {initial: most, maintenance: most}\n");
  EXPECT_TRUE(asked(venue, recipe, {venue.position("BTC-PERP", 50), venue.position("ETH-PERP", 10)}).raw ==
              usd(50) + usd(12));  // 25, and 3 % of 200
}

TEST(Liquidity, WhatIsNoRuleIsRefused) {
  const char* wrong[] = {
      "{liquidity: walk, stress: '1.5', without: '0'}",
      "{liquidity: walk, stress: '-0.1', without: '0'}",
      "{liquidity: walk, without: '0'}",
      "{liquidity: walk, stress: '0.3'}",
      "{liquidity: run, stress: '0.3', without: '0'}",
      "{liquidity: walk, stress: '0.3', without: '0', shortfall: own, participation: '0.1'}",
      "{liquidity: walk, stress: '0.3', without: '0', shortfall: own, participation: '0', hours: 8}",
      "{liquidity: walk, stress: '0.3', without: '0', shortfall: all, participation: '0.1', hours: 8}",
      "{liquidity: walk, stress: '0.3', without: '0', shortfall: own, participation: '0.1', hours: 0}",
      "{liquidity: walk, stress: '0.3', without: '0', depth: 1}",
  };
  for (const char* each : wrong) {
    const std::string text =
        std::string(
            "recipe: test\nversion: '1'\nscenarios: {moves: {kind: grid, spot: ['0']}}\ncomponents:\n"
            "  own: {measure: worst, scenarios: moves, group: instrument}\n"
            "  all: {measure: worst, scenarios: moves, group: all}\n  liquidity: ") +
        each + "\nlevels: {initial: liquidity, maintenance: liquidity}\n";
    const auto recipe = read_recipe(*parse_document(text, "test.yaml"));
    ASSERT_FALSE(recipe.has_value()) << each;
    EXPECT_EQ(recipe.error().place.line, 7) << to_string(recipe.error());
  }
}

}  // namespace
}  // namespace margrave
