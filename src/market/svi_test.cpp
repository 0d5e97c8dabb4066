#include "market/svi.h"

#include <gtest/gtest.h>

#include <cmath>

namespace margrave {
namespace {

// Axel Vogt's example of a smile with a butterfly arbitrage and its two repairs, as printed in Gatheral and Jacquier
// (2014), sections 3.2 and 5.1; the minima of g were recomputed independently to the digits shown.
const SviSlice vogt{.a = -0.041, .b = 0.1331, .rho = 0.306, .m = 0.3586, .sigma = 0.4153};

void expect_slice(const SviSlice& slice, const SviSlice& expected, double tolerance) {
  EXPECT_NEAR(slice.a, expected.a, tolerance);
  EXPECT_NEAR(slice.b, expected.b, tolerance);
  EXPECT_NEAR(slice.rho, expected.rho, tolerance);
  EXPECT_NEAR(slice.m, expected.m, tolerance);
  EXPECT_NEAR(slice.sigma, expected.sigma, tolerance);
}

TEST(Svi, VogtSmileHasThePublishedJumpWings) {
  const SviJumpWings wings = to_jump_wings(vogt, 1);
  EXPECT_NEAR(wings.variance, 0.01742625, 5e-9);
  EXPECT_NEAR(wings.skew, -0.1752111, 5e-8);
  EXPECT_NEAR(wings.put_wing, 0.6997381, 5e-8);
  EXPECT_NEAR(wings.call_wing, 1.316798, 5e-7);
  EXPECT_NEAR(wings.min_variance, 0.0116249, 5e-8);
}

TEST(Svi, VogtSmileHasAButterflyArbitrageWhereThePaperSaysSo) {
  EXPECT_NEAR(butterfly_g(vogt, 0.87926), -0.0328636, 5e-8);
  EXPECT_LT(min_butterfly(vogt), -0.0328);
  EXPECT_GT(butterfly_g(vogt, 0.6424), 0);
  EXPECT_LT(butterfly_g(vogt, 0.6425), 0);
  EXPECT_LT(butterfly_g(vogt, 1.2569), 0);
  EXPECT_GT(butterfly_g(vogt, 1.2570), 0);
}

TEST(Svi, PublishedRepairOfTheVogtSmileIsFreeOfArbitrage) {
  SviJumpWings wings = to_jump_wings(vogt, 1);
  // Section 5.1: c' = p + 2 psi, v~' = v 4 p c' / (p + c')^2.
  wings.call_wing = wings.put_wing + 2 * wings.skew;
  wings.min_variance = wings.variance * 4 * wings.put_wing * wings.call_wing /
                       ((wings.put_wing + wings.call_wing) * (wings.put_wing + wings.call_wing));
  EXPECT_NEAR(wings.call_wing, 0.3493158, 5e-8);
  EXPECT_NEAR(wings.min_variance, 0.01548182, 5e-9);
  const Result<SviSlice> repaired = from_jump_wings(wings, 1);
  ASSERT_TRUE(repaired.has_value());
  expect_slice(*repaired, {.a = 0.00774091, .b = 0.06924203, .rho = -0.33403648, .m = 0.04203375, .sigma = 0.11860780},
               5e-9);
  EXPECT_NEAR(min_butterfly(*repaired), 0.2778, 5e-5);
}

TEST(Svi, PublishedOptimisedRepairOfTheVogtSmileIsFreeOfArbitrage) {
  SviJumpWings wings = to_jump_wings(vogt, 1);
  wings.call_wing = 0.8564763;
  wings.min_variance = 0.0116249;
  const Result<SviSlice> repaired = from_jump_wings(wings, 1);
  ASSERT_TRUE(repaired.has_value());
  expect_slice(*repaired, {.a = -0.03051991, .b = 0.10271679, .rho = 0.10071762, .m = 0.27234421, .sigma = 0.41239806},
               2e-8);
  EXPECT_NEAR(min_butterfly(*repaired), 0.008118, 1e-5);
}

TEST(Svi, JumpWingsGiveBackTheRawSliceAtAnyExpiry) {
  for (const double years : {0.01, 0.25, 1.0, 3.0}) {
    for (const SviSlice& slice : {vogt, SviSlice{0.02, 0.1, -0.4, -0.1, 0.2}, SviSlice{0.001, 0.05, 0.2, 0.03, 0.05}}) {
      const Result<SviSlice> again = from_jump_wings(to_jump_wings(slice, years), years);
      ASSERT_TRUE(again.has_value());
      expect_slice(*again, slice, 1e-12);
    }
  }
}

TEST(Svi, JumpWingsThatDescribeNoSmileAreAnError) {
  EXPECT_FALSE(from_jump_wings({.variance = -0.1, .skew = 0, .put_wing = 1, .call_wing = 1, .min_variance = 0.1}, 1));
  EXPECT_FALSE(from_jump_wings({.variance = 0.1, .skew = 9, .put_wing = 1, .call_wing = 1, .min_variance = 0.05}, 1));
  EXPECT_FALSE(from_jump_wings({.variance = 0.1, .skew = 0, .put_wing = 0, .call_wing = 0, .min_variance = 0.05}, 1));
}

TEST(Svi, DerivativesMatchFiniteDifferences) {
  for (int i = -150; i <= 150; i += 10) {
    const double k = i / 100.0, h = 1e-4;
    const SviPoint at = svi_point(vogt, k);
    const double up = total_variance(vogt, k + h), down = total_variance(vogt, k - h);
    EXPECT_NEAR(at.slope, (up - down) / (2 * h), 1e-8);
    EXPECT_NEAR(at.curvature, (up - 2 * at.variance + down) / (h * h), 1e-6);
  }
}

TEST(Svi, WingsSteeperThanLeeAllowsAreOutOfBound) {
  EXPECT_TRUE(within_lee_bound(vogt));
  EXPECT_FALSE(within_lee_bound({.a = 0.1, .b = 1.5, .rho = 0.5, .m = 0, .sigma = 0.1}));
}

TEST(Svi, LowerLaterSliceIsACalendarArbitrage) {
  SviSlice later = vogt;
  later.a += 0.01;
  EXPECT_NEAR(calendar_margin(vogt, later), 0.01, 1e-12);
  EXPECT_NEAR(calendar_margin(later, vogt), -0.01, 1e-12);
}

}  // namespace
}  // namespace margrave
