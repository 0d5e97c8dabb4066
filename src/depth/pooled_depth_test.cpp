#include "depth/pooled_depth.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

Ratio percent(int value) { return {value * power_of_ten(10)}; }

const DepthCurve near{{percent(1), percent(3)}, {{1000}, {3000}}, {{100}, {300}}};
const DepthCurve far{{percent(2), percent(4)}, {{77}, {99}}, {{7}, {9}}};

TEST(PooledDepth, AddsVenuesAtAllTheirDistances) {
  const auto pool = pooled_depth(std::vector<VenueDepth>{{near}, {far}});
  ASSERT_TRUE(pool.has_value());
  EXPECT_EQ(pool->distances, (std::vector<Ratio>{percent(1), percent(2), percent(3), percent(4)}));
  EXPECT_EQ(pool->bid, (std::vector<BookSize>{{1000}, {1077}, {3077}, {3099}}));
  EXPECT_EQ(pool->ask, (std::vector<BookSize>{{100}, {107}, {307}, {309}}));
}

TEST(PooledDepth, CountsOnlyWhatCanBeReachedInTheUnitOfThePool) {
  const VenueDepth half{.curve = far, .unit = percent(1000), .reachable = percent(50)};
  const auto pool = pooled_depth(std::vector<VenueDepth>{{near}, half});
  EXPECT_EQ(pool->bid, (std::vector<BookSize>{{1000}, {1385}, {3385}, {3495}}));
  const auto odd = pooled_depth(std::vector<VenueDepth>{{.curve = far, .reachable = percent(33)}});
  EXPECT_EQ(odd->bid[0], BookSize{25});  // 25.41, rounded down
  const auto none = pooled_depth(std::vector<VenueDepth>{{near}, {.curve = far, .reachable = percent(0)}});
  EXPECT_EQ(none->bid[3], BookSize{3000});
}

TEST(PooledDepth, RefusesWhatIsNoShare) {
  EXPECT_FALSE(pooled_depth({}).has_value());
  EXPECT_FALSE(pooled_depth(std::vector<VenueDepth>{{DepthCurve{}}}).has_value());
  EXPECT_FALSE(pooled_depth(std::vector<VenueDepth>{{.curve = near, .reachable = percent(101)}}).has_value());
  EXPECT_FALSE(pooled_depth(std::vector<VenueDepth>{{.curve = near, .reachable = percent(-1)}}).has_value());
  EXPECT_FALSE(pooled_depth(std::vector<VenueDepth>{{.curve = near, .unit = {0}}}).has_value());
  DepthCurve large = near;
  large.bid[1] = largest_book_size;
  EXPECT_FALSE(pooled_depth(std::vector<VenueDepth>{{large}, {large}}).has_value());
  EXPECT_FALSE(pooled_depth(std::vector<VenueDepth>{{.curve = large, .unit = {i128_max}}}).has_value());
}

}  // namespace
}  // namespace margrave
