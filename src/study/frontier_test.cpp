#include "study/frontier.h"

#include <gtest/gtest.h>

#include <cmath>

#include "study/frontier_svg.h"

namespace margrave {
namespace {

/// Losses of 1 but for every tenth of 3, against a shortfall that rises from 1 to 2 half way, worst times of 4.
std::vector<TailSeries> series(std::size_t n) {
  TailSeries one;
  one.gauges_rises = true;
  one.tails.at_decay.resize(1);
  for (std::size_t t = 0; t < n; ++t) {
    one.end_ms.push_back(static_cast<std::int64_t>(t + 1));
    one.tails.loss.push_back(t % 10 == 9 ? 3 : 1);
    one.tails.at_decay[0].shortfall.push_back(t < n / 2 ? 1 : 2);
    one.tails.at_decay[0].value_at_risk.push_back(1);
    one.tails.worst.push_back(4);
    one.tails.ever.push_back(0);
  }
  return {one};
}

TEST(Frontier, APointIsTheUncoveredLossAtOneMeanMarginAndTheRise) {
  const std::vector<TailSeries> all = series(100);
  const StudySpan span{0, 100};
  const auto bare = frontier_point(all, {.weight = 0}, span, 1.5);
  ASSERT_TRUE(bare) << to_string(bare.error());
  EXPECT_NEAR(bare->scale, 1, 1e-15);                              // 1 and 2
  EXPECT_NEAR(bare->uncovered, (5 * 2.0 + 5 * 1.0) / 100, 1e-15);  // five of 3 over 1, five over 2
  EXPECT_NEAR(bare->rise_max, 1, 1e-15);
  const auto half = frontier_point(all, {.weight = 0.5}, span, 1.5);  // 2.5 and 3, scaled by 1.5/2.75
  EXPECT_NEAR(half->scale, 1.5 / 2.75, 1e-15);
  EXPECT_NEAR(half->uncovered, (5 * (3 - 2.5 * 1.5 / 2.75) + 5 * (3 - 3 * 1.5 / 2.75)) / 100, 1e-14);
  EXPECT_NEAR(half->rise_max, 0.2, 1e-15);
  EXPECT_NEAR(mean_margin(all, {.weight = 0.5}, span), 2.75, 1e-15);
  EXPECT_NEAR(mean_margin(all, {.weight = 0.5}, {0, 50}), 2.5, 1e-15);
  EXPECT_FALSE(frontier_point(all, {}, {200, 300}, 1));
}

std::vector<FrontierPoint> points() {
  return {{.model = {}, .uncovered = 3e-4, .rise_p99 = 0.5, .rise_max = 1.0},
          {.model = {}, .uncovered = 2e-4, .rise_p99 = 0.7, .rise_max = 0.9},
          {.model = {}, .uncovered = 2.5e-4, .rise_p99 = 0.8, .rise_max = 3.0},
          {.model = {}, .uncovered = 3.5e-4, .rise_p99 = 0.5, .rise_max = 0.1}};
}

TEST(Frontier, KeepsWhatNoneBeatsInBoth) {
  EXPECT_EQ(unbeaten(points(), &FrontierPoint::rise_p99), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(unbeaten(points(), &FrontierPoint::rise_max), (std::vector<std::size_t>{3, 1}));
  EXPECT_TRUE(unbeaten({}, &FrontierPoint::rise_max).empty());
}

TEST(FrontierSvg, DrawsADotForEveryModelAndARingForTheChosen) {
  const FrontierPlot plot{.title = "a plot",
                          .families = {{"one", points(), points()[0]}, {"other", points(), points()[1]}}};
  const std::string svg = frontier_svg(plot);
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++found;
    return found;
  };
  EXPECT_EQ(count("h0"), 2u * 2u * 4u);
  EXPECT_EQ(count("<circle"), 4u);
  EXPECT_EQ(count("a plot"), 2u);
  EXPECT_EQ(count("nan"), 0u);
  EXPECT_EQ(count("<svg"), count("</svg>"));
}

}  // namespace
}  // namespace margrave
