#include "scenario/surface_move.h"

#include <gtest/gtest.h>

#include <cmath>

#include "array/risk_array.h"
#include "base/isa.h"
#include "pricing/black76.h"
#include "scenario/explain.h"
#include "scenario/grid.h"
#include "scenario/revalue.h"
#include "scenario/sample_market.h"

namespace margrave {
namespace {

constexpr std::int64_t day = 86'400, month = 30 * day;
constexpr double width = usual_surface_width;

double exponent_at(const SurfaceMove& move, double log_moneyness, std::int64_t seconds) {
  return surface_exponent(move, surface_place(width, log_moneyness, seconds));
}

TEST(SurfaceMove, LeavesThirtyDaysAtTheForwardWhereTheyAre) {
  EXPECT_EQ(exponent_at({.skew = 0.1, .wings = 0.2, .term = 0.3}, 0, month), 0);
}

TEST(SurfaceMove, SkewIsAntisymmetricAndWingsAreSymmetric) {
  for (const double k : {0.01, 0.1, 0.15, 0.4}) {
    EXPECT_EQ(exponent_at({.skew = 0.1}, k, month), -exponent_at({.skew = 0.1}, -k, month));
    EXPECT_EQ(exponent_at({.wings = 0.1}, k, month), exponent_at({.wings = 0.1}, -k, month));
  }
  EXPECT_NEAR(exponent_at({.skew = 0.1}, width, month), 0.1, 1e-15);
  EXPECT_NEAR(exponent_at({.skew = 0.1}, width / 2, month / 4), 0.1, 1e-15)
      << "the width shrinks with the root of time";
}

TEST(SurfaceMove, IsBoundedFarOutAndNearExpiry) {
  EXPECT_DOUBLE_EQ(exponent_at({.skew = 0.1, .wings = 0.01}, 9, month), 0.1 * 2 + 0.01 * 4);
  EXPECT_DOUBLE_EQ(exponent_at({.skew = 0.1}, 0.19, month), exponent_at({.skew = 0.1}, 0.19 / std::sqrt(30), 0));
  EXPECT_DOUBLE_EQ(exponent_at({.term = 0.1}, 0, 0), 0.1 * std::log(1.0 / 30));
  EXPECT_DOUBLE_EQ(exponent_at({.term = 0.1}, 0, 900 * day), 0.1 * std::log(12.0));
  EXPECT_EQ(std::exp(exponent_at({.wings = 50}, 1, month)), 4);
  EXPECT_EQ(std::exp(exponent_at({.wings = -50}, 1, month)), 0.25);
}

TEST(SurfaceMove, IsContinuousInStrikeAndTime) {
  const SurfaceMove move{.skew = 0.1, .wings = -0.2, .term = 0.3};
  for (const double k : {0.0, 2 * width, -2 * width})
    EXPECT_NEAR(exponent_at(move, k - 1e-9, month), exponent_at(move, k + 1e-9, month), 1e-7);
  for (const std::int64_t at : {day, month, 360 * day})
    EXPECT_NEAR(exponent_at(move, 0.05, at - 1), exponent_at(move, 0.05, at + 1), 1e-4);
}

/// Joint random moves with a surface move for each.
ScenarioSet moved_surface(const Market& market) {
  ScenarioSet set = sample_scenarios(market, 40, 11, true);
  for (std::size_t s = 0; s < set.size(); ++s) {
    const double part = static_cast<double>(s) / static_cast<double>(set.size()) - 0.5;
    set.surface.push_back({.skew = part / 4, .wings = 0.02 - part / 10, .term = part / 7});
  }
  return set;
}

/// Prices an option by Black-76 at the vol that the definition gives it, in every column of a set.
void expect_direct_prices(const Market& market, const ScenarioSet& plain, const ScenarioSet& moved, InstrumentId id) {
  const Instrument& option = market.registry[id];
  const Revaluation unmoved = revalue(market, {plain}, {}).value(), made = revalue(market, {moved}, {}).value();
  const RiskArray &before = unmoved.array, &after = made.array;
  const double forward = expiry_of(market, option)->forward;
  const std::int64_t seconds = seconds_between(market.state.as_of, option.expiry);
  const double days = std::fmin(std::fmax(static_cast<double>(seconds) / day, 1), 360);
  const double k = std::log(option.strike.to_double() / forward);
  const double x = std::fmin(std::fmax(k / (width * std::sqrt(days / 30)), -2), 2), u = std::log(days / 30);
  for (std::uint32_t c = 1; c < after.columns(); ++c) {
    const ExplainedEntry without = explain_entry(market, {plain}, before, id, c);
    const ExplainedEntry with = explain_entry(market, {moved}, after, id, c);
    const SurfaceMove& move = moved.surface[c - 1];
    const double vol = without.then.vol * std::exp(move.skew * x + move.wings * x * x + move.term * u);
    ASSERT_NEAR(with.then.vol, vol, 1e-12) << option.name << " " << c;
    if (option.style != Style::inverse) continue;
    const double price =
        black76_accurate({with.then.forward, option.strike.to_double(), with.then.years, vol, option.is_call}) /
        with.then.forward;
    ASSERT_NEAR(with.then.price, price, 1e-10) << option.name << " " << c;
    ASSERT_EQ(with.entry, std::llround(with.counted * std::ldexp(1.0, -with.exponent))) << option.name;
  }
}

TEST(SurfaceMove, RowsAreBlackPricesAtTheMovedVolForOwnVolsAndSlicesAlike) {
  for (const VolSource source : {VolSource::mark, VolSource::surface}) {
    Market market = sample_market({.coins = 1, .expiries = 4, .strikes = 5}, 5);
    market.state.prefer = source;
    ScenarioSet moved = moved_surface(market), plain = moved;
    for (double& floor : moved.vol_floor) floor = 0;
    plain = moved;
    plain.surface.clear();
    std::size_t options = 0;
    for (std::uint32_t i = 0; i < market.registry.instruments().size(); ++i) {
      if (market.registry.instruments()[i].kind != Kind::option) continue;
      if (++options % 7 == 1) expect_direct_prices(market, plain, moved, InstrumentId{i});
    }
    EXPECT_GT(options, 7u);
  }
}

TEST(SurfaceMove, OfNothingChangesNoBitAndEveryInstructionSetGivesOneDigest) {
  const Market market = sample_market({.coins = 2, .expiries = 4, .strikes = 6}, 5);
  const ScenarioSet moved = moved_surface(market);
  ScenarioSet plain = moved, still = moved;
  plain.surface.clear();
  still.surface.assign(still.size(), SurfaceMove{});
  const Digest unmoved = revalue(market, {plain}, {})->array.digest();
  EXPECT_EQ(revalue(market, {still}, {})->array.digest(), unmoved);
  const Digest digest = revalue(market, {moved}, {})->array.digest();
  EXPECT_NE(digest, unmoved);
  for (const Isa isa : supported_isas())
    EXPECT_EQ(revalue(market, {moved}, {.isa = isa, .threads = 2})->array.digest(), digest) << to_string(isa);
}

}  // namespace
}  // namespace margrave
