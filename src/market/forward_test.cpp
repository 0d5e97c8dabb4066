#include "market/forward.h"

#include <gtest/gtest.h>

#include <cmath>

namespace margrave {
namespace {

/// Exact pairs: linear C - P = D (F - K); inverse C - P = 1 - K / F.
std::vector<ParityPair> pairs_of(Style style, double forward, double discount) {
  std::vector<ParityPair> pairs;
  for (double strike = 0.6 * forward; strike < 1.5 * forward; strike += 0.1 * forward) {
    const double gap = style == Style::linear ? discount * (forward - strike) : 1 - strike / forward;
    const double put = style == Style::linear ? forward : 1;  // any level: only the difference counts
    pairs.push_back({.strike = strike, .call = put + gap, .put = put, .spread = 0.01 * put});
  }
  return pairs;
}

TEST(ParityForward, LinearPairsGiveForwardAndRate) {
  const auto estimate = parity_forward(pairs_of(Style::linear, 1234.5, std::exp(-0.05 * 0.5)), Style::linear, 0.5);
  ASSERT_TRUE(estimate.has_value());
  EXPECT_NEAR(estimate->forward, 1234.5, 1e-8);
  EXPECT_NEAR(estimate->rate, 0.05, 1e-10);
  EXPECT_EQ(estimate->source, ForwardSource::parity);
}

TEST(ParityForward, InversePairsGiveTheForwardAndNoRate) {
  const auto estimate = parity_forward(pairs_of(Style::inverse, 79'036.13, 1), Style::inverse, 0.5);
  ASSERT_TRUE(estimate.has_value());
  EXPECT_NEAR(estimate->forward, 79'036.13, 1e-6);
  EXPECT_EQ(estimate->rate, 0);
}

TEST(ParityForward, OneWildPairDoesNotMoveIt) {
  std::vector<ParityPair> pairs = pairs_of(Style::linear, 1000, 0.99);
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i].call += i % 2 == 0 ? 0.1 : -0.1;  // rounding noise
  pairs[2].call += 500;
  const auto estimate = parity_forward(pairs, Style::linear, 1);
  ASSERT_TRUE(estimate.has_value());
  EXPECT_NEAR(estimate->forward, 1000, 1);
}

TEST(ParityForward, FewerThanTwoStrikesGiveNone) {
  const std::vector<ParityPair> one{{.strike = 100, .call = 5, .put = 4, .spread = 1}};
  EXPECT_FALSE(parity_forward(one, Style::linear, 1).has_value());
  const std::vector<ParityPair> same{one[0], one[0]};
  EXPECT_FALSE(parity_forward(same, Style::linear, 1).has_value());
}

TEST(ParityForward, RisingDifferencesGiveNone) {
  const std::vector<ParityPair> pairs{{.strike = 100, .call = 5, .put = 4}, {.strike = 110, .call = 9, .put = 4}};
  EXPECT_FALSE(parity_forward(pairs, Style::linear, 1).has_value());
}

TEST(Median, OfAnEvenNumberIsTheLowerMiddle) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2);
}

}  // namespace
}  // namespace margrave
