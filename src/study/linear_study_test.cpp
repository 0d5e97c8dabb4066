#include "study/linear_study.h"

#include <gtest/gtest.h>

namespace margrave {
namespace {

constexpr std::int64_t step = 8 * 3'600'000;

/// Losses of 1 % but for some of 5 %, against margins of 2 % throughout, and twice that for the bounded model.
StudiedSeries series(const char* asset, std::size_t windows, std::size_t every) {
  StudiedSeries out;
  out.asset = asset;
  for (std::size_t t = 0; t < windows; ++t) {
    out.end_ms.push_back(static_cast<std::int64_t>(t + 1) * step);
    out.side.loss.push_back(t % every == every - 1 ? 0.05 : 0.01);
    for (auto* margins : {&out.side.core, &out.side.raw, &out.side.reactive, &out.side.slow}) margins->push_back(0.02);
    out.side.bounded.push_back(0.04);
  }
  return out;
}

TEST(LinearStudy, JudgesEverySeriesAndAllTogether) {
  const std::vector<StudiedSeries> all{series("AAA", 400, 100), series("BBB", 400, 50)};
  const auto core = judge(all, WalkModel::core, {0, 400 * step});
  ASSERT_TRUE(core) << to_string(core.error());
  ASSERT_EQ(core->series.size(), 2u);
  EXPECT_EQ(core->series[0].breaches, 4u);
  EXPECT_EQ(core->series[1].breaches, 8u);
  EXPECT_NEAR(core->pooled_rate, 12.0 / 800, 1e-15);
  EXPECT_NEAR(core->series[1].uncovered, 8 * 0.03 / 400, 1e-15);
  EXPECT_NEAR(core->series[0].worst_excess, 0.03, 1e-15);
  const auto bounded = judge(all, WalkModel::bounded, {0, 400 * step});
  ASSERT_TRUE(bounded);
  EXPECT_NEAR(bounded->cost, 2.0, 1e-15);
  EXPECT_NEAR(bounded->series[0].worst_excess, 0.01, 1e-15);
}

TEST(LinearStudy, LooksAtTheSpanAloneAndLeavesOutWhatIsTooShort) {
  const std::vector<StudiedSeries> all{series("AAA", 400, 100), series("NEW", 210, 100)};
  const auto part = judge(all, WalkModel::core, {200 * step, 300 * step});
  ASSERT_TRUE(part);
  ASSERT_EQ(part->series.size(), 1u);  // NEW has 10 windows there
  EXPECT_EQ(part->series[0].windows, 100u);
  EXPECT_EQ(part->series[0].breaches, 1u);
  const auto none = judge(all, WalkModel::core, {500 * step, 600 * step});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("no asset"), std::string::npos);
}

}  // namespace
}  // namespace margrave
