#include "walk/bar_check.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "walk/walk_fixture.h"
#include "walk/walk_prices.h"

namespace margrave {
namespace {

const std::string recorded = MARGRAVE_SHARED_DIR "/data/spot_ohlcv/binance_spot_1h_2021_2023/";
constexpr std::int64_t from_hour = 24 * 365 * 50;  // 2019

Bars quiet(const std::string& coin = "AAA", std::size_t hours = 2000) {
  return draw_bars({.coin = coin, .hours = hours, .seed = 3, .from_hour = from_hour});
}

std::vector<BarFinding> of_kind(const std::vector<BarFinding>& all, BarFinding::Kind kind) {
  std::vector<BarFinding> found;
  for (const BarFinding& one : all) {
    if (one.kind == kind) found.push_back(one);
  }
  return found;
}

TEST(BarCheck, FindsNothingInWholeBars) { EXPECT_TRUE(check_bars({quiet(), quiet("BBB")})->empty()); }

TEST(BarCheck, FindsGapsShortAndLong) {
  Bars bars = quiet();
  erase_bars(bars, 1500, 1530);  // a day and six hours
  erase_bars(bars, 700, 705);
  erase_bars(bars, 300, 302);
  const auto found = *check_bars({bars});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].kind, BarFinding::Kind::gap);
  EXPECT_EQ(found[0].count, 30u);
  EXPECT_EQ(found[0].at_ms, (from_hour + 1530) * hour_ms);
  EXPECT_EQ(found[1].count, 7u);
  EXPECT_EQ(found[1].at_ms, (from_hour + 705) * hour_ms);  // at the longer
}

TEST(BarCheck, FindsAnotherAssetUnderTheSameName) {
  Bars bars = quiet();
  erase_bars(bars, 1000, 1100);
  for (std::size_t i = 1000; i < bars.t_ms.size(); ++i) {
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) (*column)[i] *= 5000;
  }
  const auto found = *check_bars({bars});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, BarFinding::Kind::jump);
  EXPECT_NEAR(found[0].ratio, 5000, 1500);
  EXPECT_NE(to_string(found[0]).find("taken for another asset"), std::string::npos);

  const std::vector<Bars> files{bars};
  const WalkPrices prices(files, 8 * hour_ms);
  const std::int64_t opens = (from_hour + 1100) * hour_ms;
  EXPECT_EQ(prices.windows_before("AAA", (from_hour + 1000) * hour_ms), 124u);  // but for the first
  EXPECT_EQ(prices.windows_before("AAA", opens), 0u);
  EXPECT_EQ(prices.windows_before("AAA", opens + 100 * hour_ms), 12u);
  EXPECT_FALSE(prices.over("AAA", opens - 101 * hour_ms, opens + hour_ms * 3));  // a window of both assets
}

TEST(BarCheck, FindsOneBadPrint) {
  Bars bars = quiet();
  bars.close[800] *= 10;
  bars.high[800] = bars.close[800];
  const auto found = *check_bars({bars});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, BarFinding::Kind::spike);
  EXPECT_EQ(found[0].at_ms, (from_hour + 800) * hour_ms);
  EXPECT_NEAR(found[0].ratio, 10, 1.5);
}

// A real fall does not come back within the hour.
TEST(BarCheck, AFallIsNoBadPrint) {
  Bars bars = quiet();
  for (std::size_t i = 800; i < bars.t_ms.size(); ++i) {
    for (auto* column : {&bars.open, &bars.high, &bars.low, &bars.close}) (*column)[i] /= 10;
  }
  EXPECT_TRUE(check_bars({bars})->empty());
}

TEST(BarCheck, FindsBarsOffTheGridAndFilesThatDisagree) {
  Bars bars = quiet(), other = quiet();
  other.t_ms[50] += 60'000;
  for (std::size_t i = 100; i < 140; ++i) other.close[i] *= 1.1;
  const auto found = *check_bars({bars, other});
  const auto off = of_kind(found, BarFinding::Kind::off_grid), apart = of_kind(found, BarFinding::Kind::disagreement);
  ASSERT_EQ(off.size(), 1u);
  EXPECT_EQ(off[0].at_ms, other.t_ms[50]);
  ASSERT_EQ(apart.size(), 1u);
  EXPECT_EQ(apart[0].count, 40u);
  EXPECT_NEAR(apart[0].ratio, 1.1, 1e-9);
}

TEST(BarCheck, RefusesSecondsTakenForMilliseconds) {
  Bars bars = quiet();
  for (std::int64_t& at : bars.t_ms) at /= 1000;
  const auto found = check_bars({bars});
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("are its times in seconds"), std::string::npos);
  EXPECT_EQ(found.error().field, "t_ms");
}

// LUNA fell to a ten-thousandth of a dollar until 2022-05-13; from 2022-05-31 its name is that of Luna 2.0.
TEST(BarCheck, LunaBecomesAnotherAsset) {
  if (!std::filesystem::exists(recorded)) {
    ASSERT_STRNE(std::getenv("CI"), "true") << "no recorded bars at " << recorded;
    GTEST_SKIP() << "no recorded bars at " << recorded;
  }
  const Bars luna = *read_bars(recorded + "LUNAUSDT_1h.csv.gz");
  const auto jumps = of_kind(*check_bars({luna}), BarFinding::Kind::jump);
  ASSERT_EQ(jumps.size(), 1u);
  EXPECT_EQ(to_date(Timestamp::from_ms(jumps[0].at_ms)), "2022-05-31");
  EXPECT_GT(jumps[0].ratio, 1000);
  const std::vector<Bars> files{luna};
  const WalkPrices prices(files, 8 * hour_ms);
  const std::int64_t june = Timestamp::from_civil(2022, 6, 1).ns / 1'000'000;
  EXPECT_LE(prices.windows_before("LUNA", june), 5u);
  EXPECT_GT(prices.windows_before("LUNA", Timestamp::from_civil(2022, 5, 10).ns / 1'000'000), 1100u);
}

// FTT was off from 2022-11-15 to 2023-09-22: one gap, at a price near enough to be the same asset's, and stale in it.
TEST(BarCheck, FttIsOffForTenMonths) {
  if (!std::filesystem::exists(recorded)) {
    ASSERT_STRNE(std::getenv("CI"), "true") << "no recorded bars at " << recorded;
    GTEST_SKIP() << "no recorded bars at " << recorded;
  }
  const Bars ftt = *read_bars(recorded + "FTTUSDT_1h.csv.gz");
  const auto found = *check_bars({ftt});
  ASSERT_FALSE(found.empty());
  const auto longest = std::max_element(found.begin(), found.end(),
                                        [](const BarFinding& a, const BarFinding& b) { return a.count < b.count; });
  EXPECT_EQ(to_date(Timestamp::from_ms(longest->at_ms)), "2023-09-22");
  EXPECT_GT(longest->count, 7000u);
  const std::vector<Bars> files{ftt};
  const WalkPrices prices(files, 8 * hour_ms);
  EXPECT_TRUE(prices.is_stale("FTT", Timestamp::from_civil(2023, 3, 1).ns / 1'000'000));
  EXPECT_FALSE(prices.is_stale("FTT", Timestamp::from_civil(2022, 11, 1).ns / 1'000'000));
}

}  // namespace
}  // namespace margrave
