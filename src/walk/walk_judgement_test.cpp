#include "walk/walk_judgement.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "walk/cadence.h"

namespace margrave {
namespace {

constexpr std::int64_t hour = 3'600'000;

/// A walk of one book whose margins and losses are given; every window has an update of its own.
BookWalk made_walk(const std::vector<double>& margins, const std::vector<double>& losses, const BookWalkSpec& spec) {
  BookWalk walk;
  walk.names = {"made"};
  for (std::size_t i = 0; i < margins.size(); ++i) {
    walk.update_ms.push_back(static_cast<std::int64_t>(i) * spec.every_ms);
    walk.window_ms.push_back(walk.update_ms.back());
    walk.update_of.push_back(i);
    walk.updates.push_back({CellState::good, 1000 * margins[i], 700 * margins[i], 1000});
    walk.windows.push_back({CellState::good, 1000 * losses[i], 1000});
  }
  return walk;
}

TEST(WalkJudgement, IsWhatCountingByHandGives) {
  std::vector<double> margins(40, 0.1), losses(40, 0.01);
  losses[3] = 0.13;  // breached by 3 %
  losses[4] = 0.1;   // equal to the margin: covered
  losses[20] = 0.15;
  const BookWalkSpec spec;
  const WalkJudgement all = *judge_walk(made_walk(margins, losses, spec), spec, {});
  ASSERT_EQ(all.books.size(), 1u);
  const BookJudgement& one = all.books[0];
  EXPECT_EQ(one.windows, 40u);
  EXPECT_EQ(one.breaches, 2u);
  EXPECT_NEAR(one.uncovered, (0.03 + 0.05) / 40, 1e-12);
  EXPECT_NEAR(one.mean_excess, 0.04, 1e-12);
  EXPECT_NEAR(one.worst_excess, 0.05, 1e-12);
  EXPECT_NEAR(one.mean_margin, 0.1, 1e-12);
  EXPECT_NEAR(one.static_margin, 0.1, 1e-12);  // the third largest loss: two are above it
  EXPECT_NEAR(*one.efficiency, 1.0, 1e-12);
  EXPECT_NEAR(all.pooled_rate, 2.0 / 40, 1e-12);
  ASSERT_TRUE(one.rises);
  EXPECT_EQ(one.rises->rise_max, 0);
}

// Whatever the losses: as many windows are above the static margin as breach the book's own, or fewer where losses tie.
TEST(WalkJudgement, TheStaticMarginIsBreachedAsOften) {
  Random random{.seed = 5};
  const BookWalkSpec spec;
  for (int draw = 0; draw < 200; ++draw) {
    std::vector<double> margins, losses;
    for (int i = 0; i < 60; ++i) {
      margins.push_back(0.05 + 0.1 * random.uniform());
      losses.push_back(0.3 * random.uniform() - 0.15);
    }
    const BookJudgement one = judge_walk(made_walk(margins, losses, spec), spec, {})->books[0];
    const auto above =
        std::count_if(losses.begin(), losses.end(), [&](double loss) { return loss > one.static_margin + 1e-12; });
    EXPECT_EQ(static_cast<std::size_t>(above), one.breaches) << "seed 5, draw " << draw;
  }
}

TEST(WalkJudgement, CallsAreThoseOfAnAccountFollowedByHand) {
  // Initial 100, maintenance 70 of 1000 throughout. Loses 20: 80, no call. Loses 20: 60, called 40. Loses 31: 69,
  // called
  // 31. Gains 50: paid out. Loses 29: 71, no call.
  const std::vector<double> losses{0.02, 0.02, 0.031, -0.05, 0.029, 0.0}, margins(6, 0.1);
  const BookWalkSpec spec;
  BookWalk walk = made_walk(margins, losses, spec);
  const Calls calls = count_calls(walk, spec, 0);
  EXPECT_EQ(calls.count, 2u);
  EXPECT_NEAR(calls.sum, 0.04 + 0.031, 1e-12);
  EXPECT_NEAR(calls.largest, 0.04, 1e-12);
  walk.windows[1].state = CellState::no_price;  // what comes after it starts anew
  EXPECT_EQ(count_calls(walk, spec, 0).count, 1u);
}

TEST(WalkJudgement, OverlappingWindowsAreNoObservations) {
  BookWalkSpec spec;
  spec.stride_ms = hour;
  const auto judged = judge_walk(made_walk({0.1, 0.1}, {0, 0}, spec), spec, {});
  ASSERT_FALSE(judged);
  EXPECT_NE(judged.error().message.find("overlap"), std::string::npos);
}

/// Hourly margins that double at hour 13, and one loss of a window that begins at hour 10.
struct Shock {
  BookWalkSpec spec;
  BookWalk walk;
  Shock() {
    spec.every_ms = spec.stride_ms = hour;
    std::vector<double> margins(60, 0.1), losses(60, 0.0);
    for (std::size_t i = 13; i < margins.size(); ++i) margins[i] = 0.2;
    losses[10] = 0.16;
    losses[14] = 0.16;  // the doubled margin covers it
    walk = made_walk(margins, losses, spec);
    walk.cpu_seconds = 0.6;
    walk.computed_updates = 60;
  }
};

TEST(Cadence, OlderMarginsAreInForceLonger) {
  const Shock shock;
  const std::vector<Cadence> cadences{{hour, 0},     {60'000, 0},        {hour, 2 * hour},
                                      {8 * hour, 0}, {8 * hour, 60'000}, {24 * hour, 0}};
  const auto rows = *judge_cadences(shock.walk, shock.spec, WalkLevel::initial, cadences);
  ASSERT_EQ(rows.size(), cadences.size());
  EXPECT_EQ(rows[0].windows, 52u);  // before hour 8 the one of eight hours and a delay knows nothing
  EXPECT_NEAR(rows[0].uncovered, 0.06 / 52, 1e-12);
  EXPECT_EQ(rows[0].shocks, 1u);
  EXPECT_EQ(*rows[0].minutes, 180);                  // hour 10 to 13
  EXPECT_EQ(*rows[1].minutes, 180);                  // hourly bars tell nothing sooner
  EXPECT_EQ(*rows[2].minutes, 300);                  // two hours old
  EXPECT_NEAR(rows[2].uncovered, 0.12 / 52, 1e-12);  // at hour 14 what was known at 12
  EXPECT_EQ(*rows[3].minutes, 360);                  // the update at 16
  EXPECT_NEAR(rows[3].uncovered, 0.12 / 52, 1e-12);
  EXPECT_EQ(*rows[4].minutes, 360);  // at 16 what was known at 15
  EXPECT_EQ(*rows[5].minutes, 840);  // the update at 24
  EXPECT_NEAR(rows[0].cpu_ms_per_update, 10, 1e-9);
  EXPECT_NEAR(rows[3].cpu_seconds_per_day, 0.03, 1e-12);
}

TEST(Cadence, RefusesWhatTheBarsDoNotDivide) {
  const Shock shock;
  const auto rows = judge_cadences(shock.walk, shock.spec, WalkLevel::initial, {{hour + 60'000, 0}});
  ASSERT_FALSE(rows);
  EXPECT_NE(rows.error().message.find("no multiple of the step"), std::string::npos);
}

}  // namespace
}  // namespace margrave
