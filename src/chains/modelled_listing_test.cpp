#include "chains/modelled_listing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

std::vector<std::string> dates(Timestamp at) {
  std::vector<std::string> all;
  for (const Timestamp expiry : modelled_expiries(at)) all.push_back(to_date(expiry));
  return all;
}

TEST(ModelledExpiries, AreDaysFridaysAndLastFridaysOfMonthsAndQuarters) {
  const std::vector<std::string> expected{"2024-03-21", "2024-03-22", "2024-03-29", "2024-04-05", "2024-04-12",
                                          "2024-04-26", "2024-05-31", "2024-06-28", "2024-09-27", "2024-12-27"};
  EXPECT_EQ(dates(Timestamp::from_civil(2024, 3, 20, 16)), expected);
  // At the hour of expiry it is gone.
  EXPECT_EQ(dates(Timestamp::from_civil(2024, 12, 27, 8)).front(), "2024-12-28");
  EXPECT_EQ(dates(Timestamp::from_civil(2024, 12, 27, 0)).front(), "2024-12-27");
  EXPECT_EQ(dates(Timestamp::from_civil(2024, 12, 27, 8)).back(), "2025-12-26");
}

TEST(ModelledExpiries, StayListedUntilTheyExpire) {
  std::vector<Timestamp> before;
  for (int step = 0; step < 3 * 800; ++step) {
    const Timestamp at = Timestamp::from_ms(1'682'467'200'000 + step * 8 * 3'600'000LL);
    const std::vector<Timestamp> now = modelled_expiries(at);
    ASSERT_TRUE(std::is_sorted(now.begin(), now.end()));
    for (const Timestamp expiry : before) {
      if (expiry > at) {
        ASSERT_TRUE(std::binary_search(now.begin(), now.end(), expiry)) << to_string(at);
      }
    }
    before = now;
  }
}

TEST(ModelledStrikes, StandOnARoundGridOnBothSidesAtAnyPrice) {
  for (const double forward : {0.0712, 1.0, 47.3, 2'960.0, 63'125.5, 104'000.0}) {
    for (const double days : {0.4, 1.0, 9.0, 30.0, 60.0, 200.0, 400.0}) {
      const std::vector<Decimal> strikes = modelled_strikes(forward, days / 365);
      ASSERT_GE(strikes.size(), 3u) << forward << " " << days;
      ASSERT_LE(strikes.size(), 100u);
      EXPECT_TRUE(std::is_sorted(strikes.begin(), strikes.end()));
      EXPECT_EQ(std::adjacent_find(strikes.begin(), strikes.end()), strikes.end());
      EXPECT_LT(strikes.front().to_double(), forward);
      EXPECT_GT(strikes.back().to_double(), forward);
    }
    const std::vector<Decimal> month = modelled_strikes(forward, 30 / 365.0);
    for (const double ratio : {0.8, 0.9, 1.0, 1.1, 1.2}) {
      EXPECT_TRUE(std::any_of(
          month.begin(), month.end(),
          [&](const Decimal& strike) { return std::fabs(strike.to_double() / (ratio * forward) - 1) < 0.02; }))
          << forward << " " << ratio;
    }
    EXPECT_LT(month.front().to_double(), 0.55 * forward);
    EXPECT_GT(month.back().to_double(), 1.6 * forward);
  }
  EXPECT_TRUE(modelled_strikes(0, 1).empty());
  EXPECT_TRUE(modelled_strikes(100, 0).empty());
}

TEST(ModelledStrikes, AreThousandsNearTheMoneyAndFiveThousandsAway) {
  std::vector<std::string> texts;
  for (const Decimal& strike : modelled_strikes(60'000, 1 / 365.0)) texts.push_back(strike.to_string());
  const std::vector<std::string> expected{"55000", "57000", "58000", "59000", "60000",
                                          "61000", "62000", "63000", "65000", "70000"};
  EXPECT_EQ(texts, expected);
}

}  // namespace
}  // namespace margrave
