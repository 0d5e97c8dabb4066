#include "dialect/hyperliquid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

namespace margrave {
namespace {

// Counted independently from the recorded files (50 snapshots of public accounts, February 2026).
TEST(Hyperliquid, RecordedSnapshotsHaveTheKnownCounts) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/accounts/";
  if (!std::filesystem::exists(folder)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const auto snapshots = read_hyperliquid(folder + "hyperliquid_top_account_positions_2026-02.csv.gz",
                                          folder + "hyperliquid_top_accounts_2026-02.csv.gz");
  ASSERT_TRUE(snapshots.has_value()) << to_string(snapshots.error());
  std::size_t account_snapshots = 0, positions = 0;
  std::set<std::string> accounts, coins, mispriced;
  for (const HyperliquidSnapshot& snapshot : *snapshots) {
    account_snapshots += snapshot.accounts.size();
    for (const HyperliquidAccount& account : snapshot.accounts) {
      accounts.insert(account.account);
      positions += account.positions.size();
      if (account.mispriced) mispriced.insert(account.account);
      for (const HyperliquidPosition& position : account.positions) {
        coins.insert(position.coin);
        EXPECT_TRUE(snapshot.marks.contains(position.coin));
      }
    }
  }
  EXPECT_EQ(snapshots->size(), 50u);
  EXPECT_EQ(account_snapshots, 18'183u);
  EXPECT_EQ(accounts.size(), 1'508u);
  EXPECT_EQ(coins.size(), 191u);
  EXPECT_EQ(positions, 155'869u);
  EXPECT_LE(mispriced.size(), 4u);
  const double bitcoin = snapshots->front().marks.at("BTC");
  EXPECT_GT(bitcoin, 70'000);
  EXPECT_LT(bitcoin, 80'000);
}

class AccountFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string stem = (std::filesystem::temp_directory_path() / "margrave_accounts_").string() +
                             ::testing::UnitTest::GetInstance()->current_test_info()->name();
    positions_ = stem + "_positions.csv";
    accounts_ = stem + "_accounts.csv";
  }
  void TearDown() override {
    std::filesystem::remove(positions_);
    std::filesystem::remove(accounts_);
  }
  Result<std::vector<HyperliquidSnapshot>> read(const std::string& positions, const std::string& accounts) {
    std::ofstream(positions_)
        << "t_ms,account,coin,side,size,entry_price,leverage,position_value,unrealized_pnl,liquidation_price\n"
        << positions;
    std::ofstream(accounts_) << "t_ms,account,account_value,period_pnl\n" << accounts;
    return read_hyperliquid(positions_, accounts_);
  }
  std::string positions_, accounts_;
};

TEST_F(AccountFiles, PositionsAreSignedAndExactAndMarksAreMedians) {
  const auto snapshots = read(
      "1,10,BTC,Short,0.10,100,5,11,1,\n1,9,BTC,Long,2,100,5,200,1,50\n1,9,kPEPE,Long,3,1,5,3,0,\n1,8,BTC,Long,1,1,1,"
      "90,0,\n",
      "1,9,1000,1\n1,10,600000000,2\n");
  ASSERT_TRUE(snapshots.has_value()) << to_string(snapshots.error());
  const HyperliquidSnapshot& snapshot = snapshots->front();
  ASSERT_EQ(snapshot.accounts.size(), 3u);
  EXPECT_EQ(snapshot.accounts[2].account, "10");
  EXPECT_EQ(snapshot.accounts[2].positions[0].size.to_string(), "-0.1");
  EXPECT_TRUE(snapshot.accounts[2].mispriced);
  EXPECT_EQ(snapshot.accounts[1].account_value, 1000);
  EXPECT_TRUE(std::isnan(snapshot.accounts[0].account_value));
  EXPECT_EQ(snapshot.marks.at("BTC"), 100);  // of 90, 100 and 110
}

TEST_F(AccountFiles, FaultsAreNamedWithLineAndField) {
  const std::pair<const char*, const char*> faults[] = {{"1,1,BTC,Up,1,1,1,1,1,\n", "side"},
                                                        {"1,1,BTC,Long,-1,1,1,1,1,\n", "size"},
                                                        {"1,1,BTC,Long,1,0,1,1,1,\n", "entry_price"}};
  for (const auto& [row, field] : faults) {
    const auto snapshots = read(row, "");
    ASSERT_FALSE(snapshots.has_value());
    EXPECT_EQ(snapshots.error().field, field);
    EXPECT_EQ(snapshots.error().place.line, 2);
  }
  EXPECT_FALSE(read("2,1,BTC,Long,1,1,1,1,1,\n1,1,BTC,Long,1,1,1,1,1,\n", "").has_value());
  EXPECT_FALSE(read("1,1,BTC,Long,1,1,1,1,1,\n1,1,BTC,Short,1,1,1,1,1,\n", "").has_value());
}

TEST(HyperliquidCoin, LowerCaseKIsAThousand) {
  EXPECT_EQ(hyperliquid_coin("kPEPE").coin, "PEPE");
  EXPECT_EQ(hyperliquid_coin("kPEPE").units, 1000);
  EXPECT_EQ(hyperliquid_coin("BTC").coin, "BTC");
  EXPECT_EQ(hyperliquid_coin("KAITO").units, 1);
}

}  // namespace
}  // namespace margrave
