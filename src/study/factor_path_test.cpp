#include "study/factor_path.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace margrave {
namespace {

constexpr std::int64_t hour = 3'600'000;

std::vector<std::int64_t> every(std::int64_t ms, std::size_t count) {
  std::vector<std::int64_t> at;
  for (std::size_t i = 0; i < count; ++i) at.push_back(static_cast<std::int64_t>(i) * ms);
  return at;
}

TEST(FactorPath, ARiseCountsForMaintenanceAfterTheNoticeAndAFallAtOnce) {
  const std::vector<double> signals{1.0, 1.2, 1.4, 1.4, 0.5};
  const auto path = factor_path({}, every(8 * hour, 5), signals, 8 * hour);
  const double initial[] = {1.0, 1.2, 1.4, 1.4, 1.4 * 0.98}, maintenance[] = {1.0, 1.0, 1.2, 1.4, 1.4 * 0.98};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_DOUBLE_EQ(path[i].initial, initial[i]) << i;
    EXPECT_DOUBLE_EQ(path[i].maintenance, maintenance[i]) << i;
  }
}

TEST(FactorPath, WithoutNoticeBothAreOneAndWithADayThreeStepsPass) {
  const std::vector<double> signals{1.25, 1.25, 1.25, 1.25, 1.25};
  for (const FactorStep& step : factor_path({}, every(8 * hour, 5), signals, 0))
    EXPECT_EQ(step.initial, step.maintenance);
  const auto path = factor_path({}, every(8 * hour, 5), signals, 24 * hour);
  EXPECT_EQ(path[2].maintenance, 1.0);
  EXPECT_EQ(path[3].maintenance, 1.25);
}

TEST(FactorPath, NeverAsksMoreOfWhatIsHeldThanOfWhatIsNewAndKeepsItsBounds) {
  Random random{.seed = 11};
  std::vector<double> signals;
  for (int i = 0; i < 2000; ++i) signals.push_back(random.below(50) == 0 ? std::nan("") : 0.5 + 1.5 * random.uniform());
  const auto path = factor_path({}, every(hour, signals.size()), signals, 8 * hour);
  for (std::size_t i = 1; i < path.size(); ++i) {
    EXPECT_LE(path[i].maintenance, path[i].initial);
    EXPECT_GE(path[i].maintenance, 1.0);
    EXPECT_LE(path[i].initial, 1.5);
    EXPECT_LE(path[i].initial, path[i - 1].initial * 1.25);
    EXPECT_GE(path[i].initial, path[i - 1].initial * 0.98);
  }
}

WalkSpec small_spec() {
  WalkSpec spec;
  spec.window = 200;
  spec.first = 100;
  spec.stress_count = 20;
  spec.stress_trailing = 10;
  return spec;
}

struct Steps {
  std::vector<double> moves, variances;
};

Steps random_steps(std::uint64_t seed, std::size_t count) {
  Random random{.seed = seed};
  Steps steps;
  for (std::size_t i = 0; i < count; ++i) {
    const double scale = i > count / 2 ? 0.03 : 0.01;
    steps.moves.push_back(scale * (random.uniform() + random.uniform() + random.uniform() - 1.5));
    steps.variances.push_back(steps.moves.back() * steps.moves.back());
  }
  return steps;
}

// What is said of now is what a walk says of the step that begins now, and later steps change nothing of it.
TEST(FactorSignals, OfNowIsThatOfTheStepThatFollows) {
  const Steps all = random_steps(5, 300);
  const FactorSignals whole = *factor_signals(small_spec(), all.moves, all.variances);
  ASSERT_EQ(whole.at.back(), 300u);
  for (const std::size_t known : {100u, 157u, 299u}) {
    const FactorSignals then =
        *factor_signals(small_spec(), std::span(all.moves).first(known), std::span(all.variances).first(known));
    ASSERT_EQ(then.at.back(), known);
    for (std::size_t i = 0; i < then.at.size(); ++i) {
      EXPECT_EQ(then.at[i], whole.at[i]);
      EXPECT_EQ(then.signal[i], whole.signal[i]);
    }
  }
}

TEST(FactorSignals, RisesWhenVolatilityHas) {
  const Steps all = random_steps(6, 300);
  const FactorSignals signals = *factor_signals(small_spec(), all.moves, all.variances);
  EXPECT_GT(signals.signal[60], 1.2 * signals.signal[40]);  // ten steps after the change at 150
}

TEST(FactorSignals, OfTooShortAHistoryAreNone) {
  const Steps few = random_steps(7, 99);
  EXPECT_TRUE(factor_signals(small_spec(), few.moves, few.variances)->at.empty());
}

}  // namespace
}  // namespace margrave
