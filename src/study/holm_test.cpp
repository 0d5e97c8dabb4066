#include "study/holm.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

// Holm (1979): .01 x 4 = .04; .03 x 2 = .06 and .04 is lifted to it.
TEST(Holm, AdjustsInOrderOfTheInput) {
  const double p[] = {0.01, 0.04, 0.03, 0.005};
  const auto adjusted = holm_adjusted(p);
  ASSERT_TRUE(adjusted);
  const double expected[] = {0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR((*adjusted)[i], expected[i], 1e-15);
}

TEST(Holm, StaysInsideOneAndRefusesOthers) {
  const double large[] = {0.9, 0.8, 1}, bad[] = {0.2, 1.2};
  const auto adjusted = holm_adjusted(large);
  for (const double p : *adjusted) EXPECT_EQ(p, 1);
  EXPECT_TRUE(holm_adjusted({})->empty());
  EXPECT_EQ(holm_adjusted(bad).error().message, "p[1] is 1.2, not in 0 to 1");
}

}  // namespace
}  // namespace margrave
