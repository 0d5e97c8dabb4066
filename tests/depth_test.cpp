#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "depth/pooled_depth.h"
#include "depth/recorded_book.h"
#include "depth/resting_depth.h"
#include "example_venue.h"
#include "margin/linked.h"
#include "recorded_books.h"

// What the liquidity charge does on the recorded books: docs/evidence/depth.md has the figures.
namespace margrave {
namespace {

constexpr i128 unit = power_of_ten(12);
constexpr Ratio always{unit};  // of a window: its least depth, which is what a margin takes
constexpr const char* perpetual = "BTC_USDC-PERPETUAL";

Ratio parts_of(std::int64_t count, std::int64_t of) { return {count * unit / of}; }

/// A window of a recorded book: its curves, and the mid at each.
struct Window {
  std::vector<TimedDepth> depths;
  std::vector<double> mids;
  std::int64_t begin_us{0}, end_us{0};

  DepthCurve resting(Ratio share) const { return *resting_depth(depths, begin_us, end_us, share); }
};

Window recorded_window(const std::string& name, const std::vector<std::string>& days) {
  const RecordedBookFiles files = recorded_book(name, days);
  Window window;
  std::vector<Ratio> distances = usual_distances();
  distances.resize(6);  // to 50 basis points: the snapshots reach little farther
  const auto report = rebuild_book(files.snapshot, files.updates, [&](const OrderBook& book) -> Result<void> {
    window.depths.push_back({book.time_us(), TRY(depth_of(book, distances))});
    const BookQuote top = *book.top();
    window.mids.push_back(static_cast<double>(top.bid.raw + top.ask.raw) / 2e12);
    return {};
  });
  EXPECT_TRUE(report.has_value());
  window.begin_us = window.depths.front().time_us;
  window.end_us = window.depths.back().time_us;
  return window;
}

const Window& perpetual_window() {
  static const Window window = recorded_window("usdm_BTCUSDT", {"2024-08-08"});
  return window;
}

/// The example's market with a depth, and a day's volume, of its linear BTC perpetual, under dynamic-es-liquidity.
struct DeepVenue {
  Market market{ExampleVenue::get().market()};
  std::unique_ptr<ExampleVenue::Made> made;

  explicit DeepVenue(const DepthCurve& curve, double volume = 200'000) {
    InstrumentState& state = market.state.instruments[id().index()];
    state.depth.curve = curve;
    state.volume = volume;
    const auto bars = load_bars({std::string(MARGRAVE_SOURCE_DIR) + "/examples/bars"});
    auto revalued = revalue_recipe(*load_recipe("dynamic-es-liquidity"), market, *bars, CommonOptions{});
    EXPECT_TRUE(revalued) << to_string(revalued.error());
    made = std::make_unique<ExampleVenue::Made>(market, std::move(**revalued));
  }

  InstrumentId id() const { return *market.registry.instrument(perpetual); }
  const Instrument& terms() const { return market.registry[id()]; }
  std::int64_t lots(double coins) const {
    const double content = terms().contract_size.to_double() * terms().lot.to_double();
    return static_cast<std::int64_t>(std::llround(coins / content));
  }
  Book book(double coins) const { return {"a", {}, {Position{id(), Lots{lots(coins)}, std::nullopt}}}; }
  const Recipe& recipe() const { return made->inputs.recipe; }
  std::size_t component(std::string_view name) const {
    for (std::size_t c = 0; c < recipe().components.size(); ++c) {
      if (recipe().components[c].name == name) return c;
    }
    return recipe().components.size();
  }
  MarginReport report(double coins) const { return *assess(made->inputs, book(coins)); }
  Usd charge(double coins) const { return report(coins).components[component("liquidity")].amount; }

  double in_usd() const {  // of one coin at the mark
    const MarketState& state = market.state;
    return state.instruments[id().index()].mark * state.asset_usd[terms().settlement.index()];
  }
  /// The same charge in doubles: the walk of the curve, piece by piece, and the extension.
  double formula(double coins) const {
    const DepthCurve& curve = market.state.instruments[id().index()].depth.curve;
    const double size = std::abs(coins), depth = 0.3;
    const std::vector<BookSize>& side = curve.side(coins > 0 ? BookSide::bid : BookSide::ask);
    double left = size, cost = 0, before = 0, last = 0;
    for (std::size_t i = 0; i < side.size(); ++i) {
      const double within = depth * static_cast<double>(side[i].raw) / 1e12;
      const double taken = std::min(left, within - before);
      last = static_cast<double>(curve.distances[i].raw) / 1e12;
      cost += taken * last;
      left -= taken;
      before = within;
    }
    for (int further = 2; left > 0; ++further) {
      const double distance = std::min(1.0, further * last), taken = distance < 1 ? std::min(left, before) : left;
      cost += taken * distance;
      left -= taken;
    }
    const double own = static_cast<double>(report(coins).components[component("own_shortfall")].amount.raw) / 1e9;
    const double volume = market.state.instruments[id().index()].volume / 3;  // of eight hours
    return cost * in_usd() + own * (std::sqrt(1 + size / (0.1 * volume)) - 1);
  }
};

double in_dollars(Usd amount) { return static_cast<double>(amount.raw) / 1e9; }

DepthCurve scaled(const DepthCurve& curve, std::int64_t count, std::int64_t of) {
  DepthCurve out = curve;
  for (std::vector<BookSize>* side : {&out.bid, &out.ask}) {
    for (BookSize& size : *side) size.raw = size.raw * count / of;
  }
  return out;
}

TEST(Depth, HalfOfItRaisesALargeChargeByTheFormulaAndASmallOneByNothing) {
  NEEDS_RECORDED_BOOKS();
  const DepthCurve resting = perpetual_window().resting(always);
  const DeepVenue whole(resting), half(scaled(resting, 1, 2));
  std::printf("least of 345 s, bids within 1, 2, 5, 10, 20, 50 bp:");
  for (std::size_t i = 0; i < 6; ++i) std::printf(" %.3f", static_cast<double>(resting.bid[i].raw) / 1e12);
  std::printf(" BTC\n");
  for (const double coins : {0.01, 1.0, 10.0, 30.0, 100.0, 300.0, 1000.0, -10.0, -100.0, -1000.0}) {
    const double full = in_dollars(whole.charge(coins)), halved = in_dollars(half.charge(coins));
    std::printf("%8.2f BTC: charge %14.2f, with half the depth %14.2f (%+.1f %%), of the notional %.3f %%\n", coins,
                full, halved, 100 * (halved / full - 1), 100 * full / (std::abs(coins) * whole.in_usd()));
    EXPECT_NEAR(full, whole.formula(coins), 1e-6 + 1e-9 * full) << coins;
    EXPECT_NEAR(halved, half.formula(coins), 1e-6 + 1e-9 * halved) << coins;
    EXPECT_GE(halved, full);
  }
  // What the half takes within one basis point costs the same: not a unit more.
  EXPECT_EQ(whole.charge(0.01), half.charge(0.01));
  EXPECT_GT(in_dollars(half.charge(300)), 1.3 * in_dollars(whole.charge(300)));
}

/// The window with `size` more at the price, from a time for a while.
Window with_wall(const Window& from, double price, BookSize size, std::int64_t at_us, std::int64_t us) {
  Window walled;
  walled.begin_us = from.begin_us;
  walled.end_us = from.end_us;
  const auto add = [&](std::int64_t time, const TimedDepth& depth, double mid, bool is_there) {
    walled.depths.push_back({time, depth.curve});
    for (std::size_t d = 0; is_there && d < depth.curve.distances.size(); ++d) {
      if (price >= mid * (1 - static_cast<double>(depth.curve.distances[d].raw) / 1e12)) {
        walled.depths.back().curve.bid[d] += size;
      }
    }
  };
  for (std::size_t i = 0; i < from.depths.size(); ++i) {
    const std::int64_t begin = from.depths[i].time_us;
    const std::int64_t end = i + 1 < from.depths.size() ? from.depths[i + 1].time_us : from.end_us;
    add(begin, from.depths[i], from.mids[i], begin >= at_us && begin < at_us + us);
    if (at_us > begin && at_us < end) add(at_us, from.depths[i], from.mids[i], true);
    if (at_us + us > begin && at_us + us < end) add(at_us + us, from.depths[i], from.mids[i], false);
  }
  return walled;
}

TEST(Depth, AWallThatRestsForSecondsChangesNothing) {
  NEEDS_RECORDED_BOOKS();
  const Window& window = perpetual_window();
  const Ratio most_of_the_time = parts_of(95, 100);
  const DepthCurve resting = window.resting(most_of_the_time), least = window.resting(always);
  const std::int64_t seconds = 5'000'000;
  // What looking at a shorter share would say: nothing that rests five seconds can lift the depth beyond it.
  const i128 wall_share = i128{seconds} * unit / (window.end_us - window.begin_us) + 1;
  const DepthCurve beyond = window.resting({most_of_the_time.raw - wall_share});
  const BookSize wall{5000 * unit};  // many times all that rests within 1 %
  const double price = *std::min_element(window.mids.begin(), window.mids.end()) * (1 - 0.0005);
  std::size_t placed = 0, same = 0, same_least = 0;
  double lift = 0, lift_least = 0, lift_now = 0;
  std::optional<Window> common;
  for (std::int64_t at = window.begin_us + 2'000'000; at + seconds < window.end_us; at += 5'000'000) {
    const Window walled = with_wall(window, price, wall, at, seconds);
    const DepthCurve with = walled.resting(most_of_the_time), with_least = walled.resting(always);
    ++placed;
    if (with == resting) ++same;
    if (!common) common = walled;
    if (with_least == least) ++same_least;
    for (std::size_t d = 0; d < with.distances.size(); ++d) {
      EXPECT_GE(with.bid[d], resting.bid[d]);
      EXPECT_LE(with.bid[d], beyond.bid[d]);
      EXPECT_EQ(with.ask, resting.ask);
      const auto rise = [&](BookSize a, BookSize b) {
        return static_cast<double>(a.raw) / static_cast<double>(b.raw) - 1;
      };
      lift = std::max(lift, rise(with.bid[d], resting.bid[d]));
      lift_least = std::max(lift_least, rise(with_least.bid[d], least.bid[d]));
    }
    lift_now = std::max(lift_now, static_cast<double>(wall.raw) / static_cast<double>(resting.bid[5].raw));
  }
  std::printf(
      "a wall of 5,000 BTC for 5 s at %zu times of 345 s: the depth resting 95 %% of the time is the same in %zu, "
      "lifted by %.2f %% at most; the least depth the same in %zu, lifted by %.2f %% at most; a curve of the moment "
      "within 50 bp by %.0f %%\n",
      placed, same, 100 * lift, same_least, 100 * lift_least, 100 * lift_now);
  EXPECT_GE(placed, 60u);
  EXPECT_EQ(same_least, placed);
  EXPECT_EQ(lift_least, 0);
  EXPECT_GE(same, placed * 8 / 10);
  EXPECT_LT(lift, 0.25);
  EXPECT_GT(lift_now, 3);
  // So it changes no charge, to the unit.
  ASSERT_TRUE(common.has_value());
  const DeepVenue before(least), after(common->resting(always));
  for (const double coins : {1.0, 100.0, 1000.0})
    EXPECT_EQ(before.report(coins).initial(before.recipe()), after.report(coins).initial(after.recipe()));
}

TEST(Depth, LinkedAccountsAreOnePositionSoSplittingNeverHelps) {
  NEEDS_RECORDED_BOOKS();
  const DeepVenue venue(perpetual_window().resting(always));
  const double coins = 400;
  const Usd whole = venue.report(coins).initial(venue.recipe());
  for (const int accounts : {2, 4, 19, 100}) {
    std::vector<Book> books;
    std::vector<MarginReport> reports;
    for (int i = 0; i < accounts; ++i) {
      books.push_back(venue.book(coins / accounts));
      books.back().account = "a" + std::to_string(i);
      books.back().linked = "owner";
    }
    // What is lost by rounding to lots is in the last one.
    std::int64_t missing = venue.lots(coins);
    for (const Book& book : books) missing -= book.positions[0].lots.raw;
    books.back().positions[0].lots.raw += missing;
    std::vector<MarginReport*> raise;
    Usd apart, linked;
    for (const Book& book : books) reports.push_back(*assess(venue.made->inputs, book));
    for (MarginReport& report : reports) {
      apart += report.initial(venue.recipe());
      raise.push_back(&report);
    }
    ASSERT_TRUE(raise_linked(venue.made->inputs, books, raise).has_value());
    for (const MarginReport& report : reports) linked += report.initial(venue.recipe());
    std::printf("%.0f BTC in one account %.2f; in %3d unlinked %.2f; linked %.2f\n", coins, in_dollars(whole), accounts,
                in_dollars(apart), in_dollars(linked));
    EXPECT_GE(linked.raw + 1000, whole.raw);  // each position's cost leg is rounded to its asset's unit
    EXPECT_LT(apart, whole);
    EXPECT_LT(in_dollars(linked), in_dollars(whole) + 0.01);
  }
}

TEST(Depth, SeveralVenuesAddWithAHaircutForWhatCannotBeReached) {
  NEEDS_RECORDED_BOOKS();
  const Ratio share = always;
  const Window coin = recorded_window("coinm_BTCUSD_PERP", {"2024-08-08"});
  const DepthCurve own = perpetual_window().resting(share);
  const DepthCurve spot = recorded_window("spot_BTCUSDT", {"2024-08-08"}).resting(share);
  // A contract of 100 USD is 100 / mid coins; at the highest mid of the window, which makes it the least.
  const double mid = *std::max_element(coin.mids.begin(), coin.mids.end());
  const Ratio contract{static_cast<i128>(100 / mid * 1e12)};
  const auto pool = [&](Ratio reachable) {
    return *pooled_depth(
        std::vector<VenueDepth>{{.curve = own},
                                {.curve = spot, .reachable = reachable},
                                {.curve = coin.resting(share), .unit = contract, .reachable = reachable}});
  };
  const DeepVenue alone(own), half(pool(parts_of(1, 2))), all(pool(parts_of(1, 1))), none(pool(Ratio{0}));
  for (const double coins : {10.0, 100.0, 1000.0}) {
    std::printf("%6.0f BTC: own book %.2f, with half of two others %.2f, with all of them %.2f\n", coins,
                in_dollars(alone.charge(coins)), in_dollars(half.charge(coins)), in_dollars(all.charge(coins)));
    EXPECT_GE(alone.charge(coins), half.charge(coins));
    EXPECT_GE(half.charge(coins), all.charge(coins));
    EXPECT_EQ(alone.charge(coins), none.charge(coins));
  }
  EXPECT_GT(alone.charge(100), half.charge(100));
  EXPECT_GT(half.charge(100), all.charge(100));
}

TEST(Depth, AMarketWithoutItAsksForAShareOfTheNotional) {
  const auto& made = ExampleVenue::get().under("dynamic-es-liquidity");
  const auto& plain = ExampleVenue::get().under("dynamic-es");
  const Registry& registry = ExampleVenue::get().registry();
  const InstrumentId id = *registry.instrument(perpetual);
  const auto lots = to_lots(registry[id], Decimal{1, 0});
  ASSERT_TRUE(lots.has_value());
  const Book book{"a", {}, {Position{id, *lots, std::nullopt}}};
  const auto with = assess(made.inputs, book), without = assess(plain.inputs, book);
  ASSERT_TRUE(with && without);
  const Usd added = with->initial(made.inputs.recipe) - without->initial(plain.inputs.recipe);
  EXPECT_TRUE(abs128(added.raw - with->gross_notional->raw / 50) <= 2) << to_string(added);
}

}  // namespace
}  // namespace margrave
