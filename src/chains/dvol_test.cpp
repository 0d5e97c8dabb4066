#include "chains/dvol.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// A file of days that is gone when the test is over.
class DvolFile : public ::testing::Test {
 protected:
  Result<Dvol> read(const std::string& rows, const std::string& head = "t_ms,dvol_open,dvol_high,dvol_low,dvol_close") {
    std::ofstream(path_) << head << "\n" << rows;
    return read_dvol(path_);
  }
  void expect_error(const std::string& rows, const std::string& says) {
    const Result<Dvol> dvol = read(rows);
    ASSERT_FALSE(dvol.has_value()) << rows;
    EXPECT_NE(to_string(dvol.error()).find(says), std::string::npos) << to_string(dvol.error());
    EXPECT_EQ(dvol.error().kind, ErrorKind::input);
    EXPECT_FALSE(dvol.error().remedy.empty());
  }
  void TearDown() override { std::filesystem::remove(path_); }

  std::string path_ = ::testing::TempDir() + "/margrave_dvol_" +
                      ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

TEST_F(DvolFile, KnowsTheOpenOfTheDayAndAfterTheLastDayItsClose) {
  const Dvol dvol = read("1682467200000,52,58,51,55\n1682553600000,56,57,53,54\n").value();
  const std::int64_t first = 1'682'467'200'000;
  EXPECT_FALSE(dvol.known_at(first - 1).has_value());
  EXPECT_DOUBLE_EQ(*dvol.known_at(first), 0.52);
  EXPECT_DOUBLE_EQ(*dvol.known_at(first + day_ms - 1), 0.52);  // its close is not known yet
  EXPECT_DOUBLE_EQ(*dvol.known_at(first + day_ms), 0.56);
  EXPECT_DOUBLE_EQ(*dvol.known_at(first + 2 * day_ms), 0.54);
  EXPECT_FALSE(dvol.known_at(first + 2 * day_ms + 1).has_value());
}

TEST_F(DvolFile, RefusesWhatIsNoDailyVolWithLineFieldAndRemedy) {
  const std::string day = "1682467200000,52,58,51,55\n";
  expect_error(day + day, ":3:");
  expect_error(day + day, "t_ms: the day is there twice");
  expect_error(day + "1682380800000,52,58,51,55\n" + day, "t_ms: its time is before");
  expect_error(day + "1682640000000,52,58,51,55\n", "is missing: 2023-04-27");
  expect_error(day + "1682553600001,52,58,51,55\n", "is missing: 2023-04-27");
  expect_error("1682467200,52,58,51,55\n", "t_ms: the time lies before 2009");
  expect_error("1682467200000,0,58,51,55\n", "dvol_open: a vol is not above 0");
  expect_error("1682467200000,52,58,-51,55\n", "dvol_low: a vol is not above 0");
  expect_error("1682467200000,52,1058,51,55\n", "dvol_high: a vol of more than 1000 per cent");
  expect_error("1682467200000,0.52,0.58,0.51,0.55\n", "dvol_open: a vol of less than 2 per cent per year looks like");
  expect_error("1682467200000,52,58,51,\n", "dvol_close");
  expect_error("1682467200000,52,58,51,nan\n", "dvol_close");
  expect_error("1682467200000,52,53,51,55\n", "open and close are not between low and high");
  expect_error("", "the file has no days");
}

TEST_F(DvolFile, RefusesAMissingColumnByName) {
  const Result<Dvol> dvol = read("1682467200000,52,58,51\n", "t_ms,dvol_open,dvol_high,dvol_low");
  ASSERT_FALSE(dvol.has_value());
  EXPECT_NE(to_string(dvol.error()).find("dvol_close"), std::string::npos) << to_string(dvol.error());
}

TEST(RecordedDvol, IsReadWhole) {
  const std::string path = MARGRAVE_SHARED_DIR "/data/options/deribit_btc_dvol_daily.csv.gz";
  if (!std::filesystem::exists(path)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const Dvol dvol = read_dvol(path).value();
  EXPECT_EQ(dvol.open.size(), 616u);
  EXPECT_EQ(dvol.first_ms, 1'682'467'200'000);
  EXPECT_DOUBLE_EQ(dvol.open.front(), 0.5239);
  EXPECT_DOUBLE_EQ(dvol.close.back(), 0.6003);
}

}  // namespace
}  // namespace margrave
