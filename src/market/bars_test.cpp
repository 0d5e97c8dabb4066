#include "market/bars.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace margrave {
namespace {

class BarFile : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("margrave_bars_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::filesystem::path folder_;
};

const std::string header = "t_ms,open,high,low,close,volume\n";

TEST_F(BarFile, IsReadWithItsSymbolCoinAndStep) {
  const Result<Bars> bars =
      read_bars(write("ETHUSDT_1h.csv", header + "0,10,12,9,11,5\n3600000,11,11,11,11,0\n10800000,11,13,10,12,1\n"));
  ASSERT_TRUE(bars.has_value()) << to_string(bars.error());
  EXPECT_EQ(bars->symbol, "ETHUSDT");
  EXPECT_EQ(bars->coin, "ETH");
  EXPECT_EQ(bars->step_ms, 3'600'000);
  EXPECT_EQ(bars->close, (std::vector<double>{11, 11, 12}));
  EXPECT_EQ(bars->volume.size(), 3u);
}

TEST_F(BarFile, FaultsAreNamedWithLineAndField) {
  const std::pair<const char*, const char*> faults[] = {{"0,10,12,9,11,5\n0,10,12,9,11,5\n", "t_ms"},
                                                        {"0,10,12,9,11,5\n5,10,12,9,nan,5\n", "close"},
                                                        {"0,10,12,9,11,5\n5,-1,12,9,11,5\n", "open"},
                                                        {"0,10,12,9,11,5\n5,10,12,9,11,-5\n", "volume"},
                                                        {"0,10,12,9,11,5\n5,1e300,1e300,9,11,5\n", "open"},
                                                        {"0,10,12,9,11,5\n5,10,11,10.5,11,5\n", ""},
                                                        {"0,10,12,9,11,5\n5,10,12,9\n", ""}};
  for (const auto& [rows, field] : faults) {
    const Result<Bars> bars = read_bars(write("BTCUSDT.csv", header + rows));
    ASSERT_FALSE(bars.has_value()) << rows;
    EXPECT_EQ(bars.error().place.line, 3) << to_string(bars.error());
    EXPECT_EQ(bars.error().field, field);
  }
  EXPECT_FALSE(read_bars(write("BTCUSDT.csv", header)).has_value());
  EXPECT_FALSE(read_bars((folder_ / "absent.csv").string()).has_value());
}

TEST_F(BarFile, FoldersAreSearchedInSortedOrderForBarsOnly) {
  write("SOLUSDT_1h.csv", header + "0,10,12,9,11,5\n");
  write("ADAUSDT_1h.csv", header + "0,10,12,9,11,5\n");
  write("daily_all.csv", "symbol,t_ms,open,high,low,close\nX,0,1,1,1,1\n");
  write("funding.csv", "t_ms,funding_rate\n0,0.1\n");
  write("notes.txt", "no bars");
  const Result<std::vector<Bars>> all = read_bar_folders({folder_.string()});
  ASSERT_TRUE(all.has_value()) << to_string(all.error());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].coin, "ADA");
  EXPECT_EQ((*all)[1].coin, "SOL");
  EXPECT_FALSE(read_bar_folders({(folder_ / "absent").string()}).has_value());
}

TEST_F(BarFile, EarlierFolderWinsWhateverTheFilesAreNamed) {
  std::filesystem::create_directories(folder_ / "spot");
  std::filesystem::create_directories(folder_ / "more");
  write("spot/BTCUSDT_8h.csv", header + "0,10,12,9,11,5\n3600000,11,11,11,11,0\n");
  write("more/BTCUSDT_1h.csv", header + "0,20,22,19,21,5\n3600000,21,21,21,21,0\n");
  const std::string spot = (folder_ / "spot").string(), more = (folder_ / "more").string();
  const auto price = [](const std::vector<std::string>& folders) {
    const Result<std::vector<Bars>> all = read_bar_folders(folders);
    EXPECT_TRUE(all && all->size() == 2u);
    const Result<Market> market = market_from_bars(*all, Timestamp::from_seconds(7200));
    return market->state.asset_usd[market->registry.asset("BTC")->index()];
  };
  EXPECT_EQ(price({spot, more}), 11);
  EXPECT_EQ(price({more, spot}), 21);
}

TEST_F(BarFile, InsideAFolderTheNameThatSortsFirstWins) {
  write("BTCUSDT_1h.csv", header + "0,10,12,9,11,5\n");
  write("BTCUSDT_15m.csv", header + "0,10,12,9,11,5\n");
  const Result<std::vector<std::string>> files = bar_files({folder_.string()});
  ASSERT_TRUE(files && files->size() == 2u);
  EXPECT_TRUE(files->front().ends_with("BTCUSDT_15m.csv"));
}

TEST(Symbol, QuoteCurrencyIsTakenOff) {
  EXPECT_EQ(coin_of_symbol("BTCUSDT"), "BTC");
  EXPECT_EQ(coin_of_symbol("BUSDUSDT"), "BUSD");
  EXPECT_EQ(coin_of_symbol("USDCUSDT"), "USDC");
  EXPECT_EQ(coin_of_symbol("ETHUSD"), "ETH");
  EXPECT_EQ(coin_of_symbol("USDT"), "USDT");
  EXPECT_EQ(symbol_of_file("/a/b/BTCUSDT_spot_5m.csv.gz"), "BTCUSDT");
}

Bars series(const std::string& coin, std::vector<std::int64_t> hours, std::vector<double> closes) {
  Bars bars;
  bars.symbol = coin + "USDT";
  bars.coin = bars.file = coin;
  bars.step_ms = 3'600'000;
  for (const std::int64_t hour : hours) bars.t_ms.push_back(hour * 3'600'000);
  bars.open = bars.high = bars.low = bars.close = std::move(closes);
  return bars;
}

TEST(MarketFromBars, TakesTheLastCompleteBarAndNamesStaleAndMissing) {
  const std::vector<Bars> all{series("BTC", {0, 1, 2, 3}, {1, 2, 3, 4}), series("ETH", {0}, {10}),
                              series("SOL", {8}, {7})};
  const Result<Market> market = market_from_bars(all, Timestamp::from_seconds(3 * 3600 + 1800));
  ASSERT_TRUE(market.has_value());
  EXPECT_EQ(market->state.asset_usd[market->registry.asset("BTC")->index()], 3);  // the bar of 03:00 is not complete
  EXPECT_EQ(market->state.underlyings[0].index, 3);
  EXPECT_FALSE(market->registry.asset("SOL").has_value());
  EXPECT_EQ(market->state.asset_usd[market->registry.asset("USDC")->index()], 1);
  EXPECT_EQ(market->state.findings.back().subject, "USDC, USDT");
  ASSERT_GE(market->state.findings.size(), 2u);
  EXPECT_EQ(market->state.findings[0].kind, Finding::Kind::stale);
  EXPECT_EQ(market->state.findings[0].subject, "ETH");
  EXPECT_EQ(market->state.findings[1].kind, Finding::Kind::missing);
  EXPECT_EQ(market->state.findings[1].subject, "SOL");
}

// Row counts and times of the README beside the recorded data.
TEST(MarketFromBars, RecordedHourlyFilesAreWhole) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/spot_ohlcv/binance_spot_1h";
  if (!std::filesystem::exists(folder)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const Result<std::vector<Bars>> all = read_bar_folders({folder});
  ASSERT_TRUE(all.has_value()) << to_string(all.error());
  EXPECT_EQ(all->size(), 13u);
  for (const Bars& bars : *all) {
    EXPECT_EQ(bars.step_ms, 3'600'000) << bars.symbol;
    EXPECT_LE(bars.t_ms.back(), Timestamp::parse("2024-12-31T23:00:00Z")->ns / 1'000'000) << bars.symbol;
  }
  const Result<Market> market = market_from_bars(*all, *Timestamp::parse("2021-05-19T13:00:00Z"));
  ASSERT_TRUE(market.has_value());
  const double bitcoin = market->state.asset_usd[market->registry.asset("BTC")->index()];
  EXPECT_GT(bitcoin, 30'000);  // the crash of that afternoon: between 30,000 and 39,000
  EXPECT_LT(bitcoin, 39'000);
}

}  // namespace
}  // namespace margrave
