#include "study/traffic_light.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

// Basel Committee (1996): green to 4 breaches of 250 at 99 %, yellow to 9; probabilities as printed in reference.md.
TEST(TrafficLight, BaselZonesAndPlusFactors) {
  const double plus[] = {0, 0, 0, 0, 0, 0.40, 0.50, 0.65, 0.75, 0.85, 1};
  for (std::size_t x = 0; x <= 10; ++x) {
    const auto light = traffic_light({250, x}, 0.01);
    ASSERT_TRUE(light);
    EXPECT_EQ(light->zone, x < 5 ? Zone::green : x < 10 ? Zone::yellow : Zone::red);
    EXPECT_EQ(basel_plus_factor(x), plus[x]);
  }
  EXPECT_EQ(basel_plus_factor(250), 1);
}

TEST(TrafficLight, ProbabilitiesToTheirPrintedDigits) {
  EXPECT_NEAR(traffic_light({250, 4}, 0.01)->at_most, 0.89219, 5e-6);
  EXPECT_NEAR(traffic_light({250, 5}, 0.01)->at_most, 0.95882, 5e-6);
  EXPECT_NEAR(traffic_light({250, 9}, 0.01)->at_most, 0.99975, 5e-6);
  EXPECT_NEAR(traffic_light({250, 10}, 0.01)->at_most, 0.99995, 5e-6);
}

TEST(TrafficLight, NothingSeenIsGreen) {
  EXPECT_EQ(traffic_light({0, 0}, 0.01)->zone, Zone::green);
  EXPECT_FALSE(traffic_light({1, 2}, 0.01));
}

}  // namespace
}  // namespace margrave
