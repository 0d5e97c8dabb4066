#include "study/e_process.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "study/shortfall.h"

namespace margrave {
namespace {

// Two calm observations and a breach at 1 %: each bet's wealth is (1 - b)^2 (1 + 99 b).
TEST(EProcess, MixtureOfFiveBetsByHand) {
  const double e[] = {0, 0, 100};
  double sum = 0;
  for (const double bet : EProcess::bets) sum += (1 - bet) * (1 - bet) * (1 + 99 * bet);
  const auto process = e_process(e);
  ASSERT_TRUE(process);
  EXPECT_NEAR(process->value(), sum / 5, 1e-14);
  EXPECT_EQ(process->largest, process->value());
}

TEST(EProcess, RunningMaximumRemembersTheWorst) {
  EProcess process;
  EXPECT_EQ(process.value(), 1);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(process.update(100));
  const double peak = process.value();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(process.update(0));
  EXPECT_EQ(process.largest, peak);
  EXPECT_LT(process.value(), peak);
}

TEST(EProcess, LongCalmAndDisasterStayInRange) {
  EProcess process;
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(process.update(0));
  EXPECT_GE(process.value(), 0);
  for (int i = 0; i < 20'000; ++i) ASSERT_TRUE(process.update(100));
  EXPECT_TRUE(std::isinf(process.value()));
  EXPECT_FALSE(process.update(-1));
  EXPECT_FALSE(process.update(std::nan("")));
  EXPECT_FALSE(process.update(INFINITY));
}

// Ville: if the forecasts are right, at most 1 in 20 processes ever reaches 20.
TEST(EProcess, RightForecastsSeldomRaiseTheAlarm) {
  int alarms = 0;
  for (std::uint64_t stream = 0; stream < 1000; ++stream) {
    Random random{.seed = 3, .stream = stream};
    EProcess process;
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(process.update(random.uniform() < 0.01 ? 100 : 0));
    alarms += process.largest >= 20 ? 1 : 0;
  }
  EXPECT_LE(alarms, 50);
}

TEST(EProcess, TwiceTheBreachesRaiseTheAlarm) {
  Random random{.seed = 3};
  EProcess process;
  for (int i = 0; i < 5000; ++i) ASSERT_TRUE(process.update(random.uniform() < 0.02 ? 100 : 0));
  EXPECT_GT(process.largest, 20);
}

TEST(EProcess, EValuesOfVarAndShortfall) {
  const double losses[] = {1, 3, 2}, var[] = {2, 2, 2}, es[] = {3, 3, 4};
  EXPECT_EQ(*var_e_values(losses, var, 0.01), (std::vector<double>{0, 100, 0}));
  const auto e = shortfall_e_values({losses, var, es, 0.025});
  ASSERT_TRUE(e);
  EXPECT_EQ((*e)[0], 0);
  EXPECT_NEAR((*e)[1], 40, 1e-12);
  EXPECT_EQ((*e)[2], 0);
  EXPECT_FALSE(shortfall_e_values({losses, var, var, 0.025}));
  EXPECT_FALSE(var_e_values(losses, {}, 0.01));
  EXPECT_FALSE(var_e_values(losses, var, 0));
  const double bad[] = {0, -1};
  EXPECT_EQ(e_process(bad).error().message, "e_values[1] is -1, not a number from 0");
  EXPECT_EQ(e_process({})->value(), 1);
}

}  // namespace
}  // namespace margrave
