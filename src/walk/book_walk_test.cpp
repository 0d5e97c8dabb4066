#include "walk/book_walk.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "margin/assess.h"
#include "scenario/historical.h"
#include "scenario/revalue.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

std::vector<Bars> four_coins(std::size_t days = 400) {
  const std::size_t hours = 24 * days;
  return {draw_bars({.coin = "AAA", .hours = hours, .seed = 11, .price = 30000}),
          draw_bars({.coin = "BBB", .hours = hours, .seed = 12, .price = 1.5}),
          draw_bars({.coin = "CCC", .hours = hours - 24 * 60, .seed = 13, .from_hour = 24 * 60, .price = 2e-6}),
          draw_bars({.coin = "DDD", .hours = hours, .seed = 14, .vol = 0.02})};
}

struct Setting {
  std::vector<Bars> bars;
  ReadRecipe read;
  std::vector<Listing> contracts;
  std::vector<WalkBook> books;

  Setting(std::vector<Bars> of, const std::string& recipe, std::vector<WalkBook> some)
      : bars(std::move(of)),
        read(read_preset_recipe(recipe)),
        contracts(bar_perpetuals(bars)),
        books(std::move(some)) {}
  BookWalkInputs inputs() const { return {read.recipe, read.scenarios, bars, contracts, books}; }
  BookWalk walk(const BookWalkSpec& spec, unsigned threads = 2, Isa isa = best_isa()) const {
    auto walked = walk_books(inputs(), spec, {threads, isa});
    EXPECT_TRUE(walked) << (walked ? "" : to_string(walked.error()));
    return walked ? *std::move(walked) : BookWalk{};
  }
};

std::vector<WalkBook> some_books(const std::vector<Bars>& bars) {
  std::vector<WalkBook> books = single_books(coins_of(bars));
  for (const WalkBook& book : spread_books(coins_of(bars))) books.push_back(book);
  for (const WalkBook& book : random_books(coins_of(bars), 5, 7)) books.push_back(book);
  return books;
}

constexpr std::int64_t day_ms = 24 * hour_ms;
BookWalkSpec usual() {
  BookWalkSpec spec;
  spec.to_ms = 400 * day_ms;
  spec.first = 300;
  spec.notional = 1e6;
  return spec;
}

void expect_same(const BookWalk& a, const BookWalk& b) {
  ASSERT_EQ(a.update_ms, b.update_ms);
  ASSERT_EQ(a.window_ms, b.window_ms);
  EXPECT_EQ(encode(a.updates), encode(b.updates));
  EXPECT_EQ(encode(a.windows), encode(b.windows));
}

/// What the functions that other verbs call say, given nothing but the bars that had ended by then.
struct Reference {
  Market market;
  Revaluation revaluation;
  RowIndex index;
};
Reference reference_at(const Setting& setting, std::int64_t at_ms) {
  const std::vector<Bars> known = bars_until(setting.bars, at_ms);
  Market market = *walk_market(known, setting.contracts, Timestamp::from_ms(at_ms));
  std::vector<ScenarioSet> sets;
  for (const ScenarioSpec& spec : setting.read.scenarios)
    sets.push_back(*historical_scenarios(spec, std::get<HistoricalSpec>(spec.kind), market, known));
  Revaluation revaluation = *revalue(market, sets, {.isa = Isa::portable});
  RowIndex index = index_rows(market.registry, revaluation.array);
  return {std::move(market), std::move(revaluation), std::move(index)};
}

// The margin of every book at instants drawn at random, with delays, against the unhurried way: no state is kept, the
// full assessment instead of the brief one.
TEST(BookWalk, MarginsAreThoseOfTheMarginFunctions) {
  Setting setting(four_coins(), "dynamic-es", some_books(four_coins()));
  const std::uint64_t seed = 31;
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (const std::int64_t delay : {std::int64_t{0}, 10 * 60'000L, 3 * hour_ms}) {
    BookWalkSpec spec = usual();
    spec.every_ms = 2 * hour_ms;
    spec.delay_ms = delay;
    spec.from_ms = 300 * day_ms;
    spec.to_ms = 330 * day_ms;
    const BookWalk walk = setting.walk(spec);
    Random random{.seed = seed};
    std::size_t compared = 0;
    for (int draw = 0; draw < 12; ++draw) {
      const std::size_t u = random.below(walk.update_ms.size());
      const Reference by_hand = reference_at(setting, walk.update_ms[u] - delay);
      const MarginInputs inputs{by_hand.market.registry, by_hand.revaluation.array, by_hand.index, setting.read.recipe,
                                Isa::portable};
      for (std::size_t b = 0; b < setting.books.size(); ++b) {
        const UpdateCell& cell = walk.update(u, b);
        ASSERT_EQ(cell.state, CellState::good) << setting.books[b].name;
        const auto sized = *size_book(setting.books[b], by_hand.market, spec.notional);
        const MarginReport report = *assess(inputs, sized->book);
        EXPECT_EQ(cell.initial, static_cast<double>(report.initial(setting.read.recipe).raw) / 1e9);
        EXPECT_EQ(cell.maintenance, static_cast<double>(report.maintenance(setting.read.recipe).raw) / 1e9);
        EXPECT_NEAR(cell.gross, spec.notional, 1);
        ++compared;
      }
    }
    EXPECT_EQ(compared, 12 * setting.books.size());
  }
}

TEST(BookWalk, DeletingLaterBarsChangesNoEarlierNumber) {
  Setting all(four_coins(), "dynamic-es", some_books(four_coins()));
  const BookWalk whole = all.walk(usual());
  for (const std::int64_t day : {180, 290, 351}) {
    Setting cut(bars_until(four_coins(), day * day_ms), "dynamic-es", some_books(four_coins()));
    const BookWalk part = cut.walk(usual());
    ASSERT_GT(part.windows.size(), 0u);
    ASSERT_LT(part.windows.size(), whole.windows.size());
    EXPECT_EQ(part.window_ms.back() + 8 * hour_ms, day * day_ms);
    for (std::size_t i = 0; i < part.updates.size(); ++i)
      ASSERT_EQ(encode(part.updates[i]), encode(whole.updates[i])) << i;
    for (std::size_t i = 0; i < part.windows.size(); ++i)
      ASSERT_EQ(encode(part.windows[i]), encode(whole.windows[i])) << i;
  }
}

TEST(BookWalk, IsTheSameOnEveryNumberOfThreadsAndInstructionSet) {
  Setting setting(four_coins(200), "dynamic-es", some_books(four_coins(200)));
  const BookWalk one = setting.walk(usual(), 1, Isa::portable);
  ASSERT_GT(one.windows.size(), 1000u);
  for (const unsigned threads : {2u, 5u}) expect_same(setting.walk(usual(), threads, Isa::portable), one);
  for (const Isa isa : supported_isas()) expect_same(setting.walk(usual(), 2, isa), one);
}

// A long unit loses what its price falls by, in any number of coins; a short one gains it.
TEST(BookWalk, LossesAreTheFallsOfTheCloses) {
  Setting setting(four_coins(200), "isolated-fixed", single_books(coins_of(four_coins(200))));
  const BookWalk walk = setting.walk(usual());
  const Bars& bars = setting.bars[1];  // BBB: books 2 and 3
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const auto start = static_cast<std::size_t>(walk.window_ms[w] / hour_ms) - 1;
    const double fall = 1 - bars.close[start + 8] / bars.close[start];
    ASSERT_EQ(walk.window(w, 2).state, CellState::good);
    EXPECT_NEAR(walk.window(w, 2).loss / 1e6, fall, 1e-9);
    EXPECT_NEAR(walk.window(w, 3).loss / 1e6, -fall, 1e-9);
    EXPECT_NEAR(walk.window(w, 2).gross, 1e6, 1);
  }
}

TEST(BookWalk, AMarginIsInForceUntilTheNextUpdate) {
  Setting setting(four_coins(200), "dynamic-es", single_books(coins_of(four_coins(200))));
  BookWalkSpec spec = usual();
  const BookWalk often = setting.walk(spec);
  spec.every_ms = day_ms;
  const BookWalk daily = setting.walk(spec);
  ASSERT_EQ(often.window_ms, daily.window_ms);
  EXPECT_LT(daily.update_ms.size() * 2, often.update_ms.size());
  for (std::size_t w = 0; w < daily.window_ms.size(); ++w) {
    const std::int64_t at = daily.update_ms[daily.update_of[w]];
    EXPECT_LE(at, daily.window_ms[w]);
    EXPECT_GT(at + day_ms, daily.window_ms[w]);
    EXPECT_EQ(at % day_ms, 0);
  }
}

TEST(BookWalk, SaysWhyABookHasNoMargin) {
  std::vector<Bars> bars = four_coins(200);
  erase_bars(bars[0], 24 * 150, 24 * 160);  // AAA is off for ten days
  Setting setting(bars, "dynamic-es", single_books({"AAA", "BBB", "CCC"}));
  BookWalkSpec spec = usual();
  spec.first = 150;
  const BookWalk walk = setting.walk(spec);
  std::map<std::string, std::map<CellState, std::size_t>> count;
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    for (std::size_t b = 0; b < walk.names.size(); ++b) ++count[walk.names[b]][walk.window(w, b).state];
  }
  EXPECT_EQ(count["AAA long"][CellState::stale], 30u);      // ten days of three, the last one at the hole's very end
  EXPECT_EQ(count["AAA long"][CellState::no_price], 1u);    // before them: a fresh price, and no bar at the end
  EXPECT_EQ(count["CCC short"][CellState::unlisted], 30u);  // days 50 to 60, from the second window on
  EXPECT_GT(count["CCC short"][CellState::young], 100u);
  EXPECT_EQ(count["BBB long"].size(), 1u);
  EXPECT_TRUE(walk.first_error.empty()) << walk.first_error;
}

TEST(BookWalk, AccountsAreHeldAsTheyAre) {
  Setting setting(four_coins(200), "dynamic-es", {});
  WalkBook account;
  account.name = "fixed";
  account.positions.push_back({"AAA-PERP", Lots{-25'000'000}, std::nullopt});  // 2.5 short, in lots of 1e-7
  account.balances.push_back({"BBB", 1'000 * 100'000'000LL, 0, 0});
  account.balances.push_back({"USDC", -5'000'000, 0, 0});
  setting.books = {account};
  const BookWalk walk = setting.walk(usual());
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const auto at = static_cast<std::size_t>(walk.window_ms[w] / hour_ms) - 1;
    const auto& a = setting.bars[0].close;
    const auto& b = setting.bars[1].close;
    ASSERT_EQ(walk.window(w, 0).state, CellState::good);
    EXPECT_NEAR(walk.window(w, 0).loss, 2.5 * (a[at + 8] - a[at]) - 1000 * (b[at + 8] - b[at]), 1e-6 * a[at]);
    EXPECT_NEAR(walk.window(w, 0).gross, 2.5 * a[at] + 1000 * b[at], 1e-6 * a[at]);
  }
}

TEST(BookWalk, RefusesWhatItCannotWalk) {
  Setting setting(four_coins(200), "dynamic-es", some_books(four_coins(200)));
  const auto message = [&](const BookWalkSpec& spec) {
    const auto walked = walk_books(setting.inputs(), spec, {1, Isa::portable});
    return walked ? std::string("walked") : to_string(walked.error());
  };
  BookWalkSpec spec = usual();
  spec.first = 100'000;
  EXPECT_NE(message(spec).find("no window of the span lies within the bars"), std::string::npos);
  spec = usual();
  spec.every_ms = 10;
  EXPECT_NE(message(spec).find("steps by a second at least"), std::string::npos);
  spec = usual();
  spec.notional = 0;
  EXPECT_NE(message(spec).find("notional"), std::string::npos);
  setting.books.clear();
  EXPECT_NE(message(usual()).find("there is no book"), std::string::npos);
}

TEST(WalkBooks, RandomOnesAreThoseOfTheirSeed) {
  const std::vector<std::string> coins{"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"};
  const std::vector<WalkBook> ten = random_books(coins, 10, 3), more = random_books(coins, 200, 3);
  std::set<std::size_t> sizes;
  std::size_t shorts = 0, legs = 0;
  for (std::size_t i = 0; i < more.size(); ++i) {
    std::int64_t sum = 0;
    std::set<std::string> seen;
    for (const WalkBook::Share& share : more[i].shares) {
      sum += std::abs(share.millionths);
      seen.insert(share.coin);
      shorts += share.millionths < 0 ? 1u : 0u;
      ++legs;
    }
    EXPECT_EQ(sum, 1'000'000);
    EXPECT_EQ(seen.size(), more[i].shares.size());
    sizes.insert(seen.size());
    if (i < ten.size()) {
      EXPECT_EQ(ten[i].shares.front().coin, more[i].shares.front().coin);
      EXPECT_EQ(ten[i].shares.front().millionths, more[i].shares.front().millionths);
    }
  }
  EXPECT_EQ(sizes.size(), 8u);  // of 1 to 8 coins
  EXPECT_NEAR(static_cast<double>(shorts) / static_cast<double>(legs), 0.5, 0.06);
  EXPECT_NE(random_books(coins, 1, 4)[0].shares[0].millionths, ten[0].shares[0].millionths);
}

}  // namespace
}  // namespace margrave
