#include "study/linear_walk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/random.h"
#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct Series {
  std::vector<double> returns, variances;
};
Series random_series(std::size_t n, std::uint64_t seed) {
  Random random{.seed = seed};
  Series series;
  for (std::size_t t = 0; t < n; ++t) {
    const double sigma = 0.01 * (1 + std::sin(static_cast<double>(t) / 60) * 0.8);
    series.returns.push_back(sigma * normal_quantile(random.uniform()));
    series.variances.push_back(sigma * sigma * (0.5 + random.uniform()));
  }
  return series;
}

const WalkSpec small{.window = 200, .first = 100, .stress_count = 40, .stress_trailing = 10};

TEST(LinearWalk, DeletingLaterStepsChangesNoEarlierMargin) {
  const Series series = random_series(600, 1);
  const Walk whole = *walk_linear(small, series.returns, series.variances);
  for (const std::size_t kept : {150u, 301u, 599u}) {
    const std::span<const double> returns(series.returns), variances(series.variances);
    const Walk part = *walk_linear(small, returns.first(kept), variances.first(kept));
    for (std::size_t i = 0; i < part.at.size(); ++i) {
      EXPECT_EQ(part.long_side.bounded[i], whole.long_side.bounded[i]);
      EXPECT_EQ(part.short_side.reactive[i], whole.short_side.reactive[i]);
      EXPECT_EQ(part.long_side.core[i], whole.long_side.core[i]);
    }
  }
}

// Constant variance: nothing is rescaled, so the core is the plain quantile of the window, and fast and slow agree.
TEST(LinearWalk, OfConstantVolatilityIsPlainHistoricalSimulation) {
  Series series = random_series(301, 2);
  std::fill(series.variances.begin(), series.variances.end(), 1e-4);
  const Walk walk = *walk_linear(small, series.returns, series.variances);
  std::vector<double> past(series.returns.begin() + 100, series.returns.begin() + 300);
  std::sort(past.begin(), past.end());
  double shortfall = 0;
  for (int i = 0; i < 5; ++i) shortfall += (1 - std::exp(past[static_cast<std::size_t>(i)])) / 5;
  EXPECT_NEAR(walk.long_side.core.back(), 1 - std::exp(past[1]), 1e-14);
  EXPECT_NEAR(walk.long_side.raw.back(), shortfall, 1e-14);
  EXPECT_NEAR(walk.short_side.core.back(), std::exp(past[198]) - 1, 1e-14);
  EXPECT_EQ(walk.at.front(), 100u);
  EXPECT_EQ(walk.long_side.loss.back(), 1 - stable_exp(series.returns.back()));
}

TEST(LinearWalk, AStepWithoutReturnIsNoScenarioAndNotTested) {
  Series series = random_series(300, 3);
  series.returns[200] = none;
  series.variances[210] = none;
  const Walk walk = *walk_linear(small, series.returns, series.variances);
  EXPECT_EQ(walk.at.size(), 199u);
  EXPECT_EQ(std::count(walk.at.begin(), walk.at.end(), 200u), 0);
}

TEST(BoundedFactor, IsClippedAndMovesByItsLimits) {
  const WalkSpec spec;
  EXPECT_DOUBLE_EQ(bounded_factor(spec, 1.0, 9.0), 1.25);  // at most a quarter up
  EXPECT_DOUBLE_EQ(bounded_factor(spec, 1.4, 9.0), 1.5);   // never above the bound
  EXPECT_DOUBLE_EQ(bounded_factor(spec, 1.5, 0.2), 1.47);  // at most a fiftieth down
  EXPECT_DOUBLE_EQ(bounded_factor(spec, 1.0, 0.2), 1.0);   // never below the bound
  EXPECT_DOUBLE_EQ(bounded_factor(spec, 1.1, 1.2), 1.2);
  EXPECT_DOUBLE_EQ(bounded_factor(spec, 1.2, none), 1.176);  // no signal: back to 1
}

TEST(LinearWalk, RefusesWhatIsNoSeries) {
  const Series series = random_series(10, 4);
  const std::span<const double> returns(series.returns), variances(series.variances);
  EXPECT_FALSE(walk_linear(small, returns, variances.first(9)));
  std::vector<double> bad = series.variances;
  bad[3] = -1;
  EXPECT_FALSE(walk_linear(small, returns, bad));
  bad[3] = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(walk_linear(small, returns, bad));
  EXPECT_TRUE(walk_linear(small, {}, {}));
}

}  // namespace
}  // namespace margrave
